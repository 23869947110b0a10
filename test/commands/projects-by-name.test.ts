/** Sharing with projects by their names: a Keystone that knows them, and an image service that takes ids. */
import assert from 'node:assert/strict'
import {glance, type World} from '../support/fake-io.js'
import {createTokenReply, type FakeKeystone, startFakeKeystone} from '../support/fake-keystone.js'
import {startService, type TestService} from '../support/test-service.js'

const BETA = 'b'.repeat(32)
const GAMMA = 'c'.repeat(32)

describe('sharing with a project by its name', () => {
  let service: TestService
  let keystone: FakeKeystone
  before(async () => {
    service = await startService()
    keystone = await startFakeKeystone()
    keystone.answer(({line}) => {
      if (line.startsWith('POST')) return createTokenReply()
      const name = /^GET \/v3\/projects\?name=(\w+)$/.exec(line)?.[1] ?? ''
      const ids = {beta: [BETA], gamma: [GAMMA], twins: [BETA, GAMMA]}[name] ?? []
      const projects = ids.map(id => ({id, name, domain_id: 'default'}))
      if (line.startsWith('GET /v3/projects?')) return {status: 200, body: JSON.stringify({projects})}
      return line === 'GET /v3/projects/services'
        ? {status: 200, body: '{"project": {"id": "services", "name": "Services"}}'}
        : {status: 404, body: '{"error": {"message": "Could not find project."}}'}
    })
  })
  after(() => Promise.all([service.close(), keystone.close()]))
  let image = ''
  beforeEach(async () => {
    image = /ID: (\S+)/.exec((await run(['add', 'name=a'])).stdout)?.[1] ?? ''
  })
  afterEach(() => run(['delete', '--force', image]))

  const run = (words: readonly string[], world: World = {}) =>
    glance(['--no-token-cache', ...words], {
      ...world,
      env: {
        OS_AUTH_URL: keystone.url,
        OS_USERNAME: 'alpha',
        OS_PASSWORD: 'hunter2',
        OS_PROJECT_NAME: 'alpha',
        OS_IMAGE_ENDPOINT_OVERRIDE: service.url,
      },
    })
  const members = async () => (await run(['image-members', image])).stdout

  it('uses the id of the project, and tells it', async () => {
    const added = await run(['member-add', image, 'beta', BETA, 'gamma'])
    assert.equal(added.code, 0, added.stderr)
    assert.match(
      added.stderr,
      new RegExp(`^note: 'beta' is the project ${BETA}\nnote: 'gamma' is the project ${GAMMA}\n`),
    )
    assert.doesNotMatch(added.stderr, /is not a project id/)
    assert.equal(await members(), `${BETA}\n${GAMMA}\n`)
    assert.equal((await run(['member-images', 'gamma'])).stdout, `${image}\n`)
    assert.equal((await run(['member-update', image, 'beta', 'accepted'])).code, 0)
    assert.equal((await run(['member-delete', image, 'beta'])).code, 0)
    assert.equal((await run(['members-replace', image, 'beta'])).code, 0)
    assert.equal(await members(), `${BETA}\n`)
  })

  it('looks a name up once for several images, and not at all in a dry run', async () => {
    const from = keystone.asked.length
    await run(['--dry-run', 'member-add', image, 'beta'])
    const {code} = await run(['member-add', '-', 'beta'], {stdin: `${image}\na\n`})
    assert.equal(code, 0)
    const lines = keystone.asked.slice(from).map(({line}) => line)
    assert.deepEqual(lines, ['POST /v3/auth/tokens', 'GET /v3/projects?name=beta'])
  })

  it('changes nothing for a name that several projects have', async () => {
    const ran = await run(['members-replace', image, 'beta', 'twins'])
    assert.equal(ran.code, 1)
    assert.match(
      ran.stderr,
      /^glance: more than one project has the name 'twins'\n.*domain default.*\n {2}Use the id/m,
    )
    assert.equal(await members(), '')
  })

  it('adds an unknown name as it is, with the reason to doubt it', async () => {
    const ran = await run(['member-add', image, 'nosuch'])
    assert.equal(ran.code, 0)
    assert.match(
      ran.stderr,
      /^note: no project has the name 'nosuch'\nnote: 'nosuch' is not a project id; clouds identify members by project ids\n/,
    )
    assert.equal(await members(), 'nosuch\n')
  })

  it('does not doubt an id that Keystone knows, whatever it looks like', async () => {
    const ran = await run(['member-add', image, 'services'])
    assert.equal(ran.code, 0)
    assert.doesNotMatch(ran.stderr, /is not a project id/)
  })

  it('removes a member that has the name in place of an id', async () => {
    await fetch(`${service.url}/v2/images/${image}/members`, {
      method: 'POST',
      headers: {'content-type': 'application/json'},
      body: '{"member": "beta"}',
    })
    assert.equal(await members(), 'beta\n')
    assert.equal((await run(['member-delete', image, 'beta'])).code, 0)
    assert.equal(await members(), '')
    assert.equal((await run(['member-delete', image, 'beta'])).code, 3)
  })
})
