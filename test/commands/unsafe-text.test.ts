/** Text with control characters, and names of object members, are printed and stored safely. */
import assert from 'node:assert/strict'
import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {glance} from '../support/fake-io.js'
import {type Served, serve} from '../support/http/serve.js'
import {startService} from '../support/test-service.js'

describe('unsafe text', () => {
  it('of a service is escaped', async () => {
    const id = 'a\u001b[31m\nFAKE'
    const server = await serve((_, response) => {
      const image = {id, name: 'x', status: 'queued', visibility: 'shared'}
      response.writeHead(201, {'content-type': 'application/json'}).end(JSON.stringify(image))
    })
    const {stdout} = await glance(['--url', `${server.url}/v2`, 'add', 'name=x'])
    assert.equal(stdout, 'Added new image with ID: a\\x1b[31m\\x0aFAKE\n')
    await server.close()
  })

  it('of the command line is escaped in a dry run', async () => {
    const {stdout} = await glance(['--dry-run', 'delete', 'a\u001b[31m'])
    assert.equal(stdout, 'Dry run. We would have done the following:\nDelete image a\\x1b[31m\n')
  })

  it('that names an object member is a property, and not a command', async () => {
    const service = await startService()
    const run = (...words: string[]) => glance(['--url', service.url, ...words])
    await run('add', 'name=one', '__proto__=1', 'constructor=2')
    await run('add', 'name=two')
    const {stdout} = await run('--json', 'details', '__proto__=1')
    assert.match(stdout, /^\{.*"name":"one".*"properties":\{"__proto__":"1","constructor":"2"\}\}\n$/)
    for (const word of ['constructor', '__proto__']) {
      const {code, stderr} = await glance([word])
      assert.equal(code, 2)
      assert.match(stderr, new RegExp(`^glance: unknown command '${word}'\n( {2}Did you mean '\\w+'\\?\n)?`))
    }
    await service.close()
  })

  it('that is a secret in a URL is masked in a dry run', async () => {
    const words = ['--dry-run', 'add', 'name=x', 'copy_from=http://bob:SECRET@h/i?X-Amz-Signature=SECRET&a=1']
    const {stdout} = await glance(words)
    assert.match(stdout, / copy_from => http:\/\/\*\*\*@h\/i\?X-Amz-Signature=\*\*\*&a=1\n/)
    assert.doesNotMatch(stdout, /SECRET/)
  })

  it('that cannot be set is named when nothing else is left', async () => {
    const {code, stderr} = await glance(['update', '5', 'status=active'])
    assert.equal(code, 2)
    assert.match(stderr, /nothing to update\n {2}Found non-modifiable field status\. Removing\.\n/)
  })
})

/** Sets the title of a terminal, in both spellings of the escape. */
const FOUL = 'q\u001b]0;title\u0007\u009b31m'
const ID = '00000000-0000-4000-8000-00000000000a'

describe('characters that are not seen', () => {
  for (const words of [['index'], ['details'], ['--json', 'index'], ['--dry-run', 'delete', ID]]) {
    it(`are shown as escapes: ${words.join(' ')}`, async () => {
      const name = 'a\u202eb\u2066c\u200fd\ufeffe\u200bf\u{e0041}g'
      const image = {id: ID, name, status: 'active', visibility: 'shared', size: 3, disk_format: 'raw'}
      const server = await serve((request, response) => {
        const isList = (request.url ?? '').split('?')[0] === '/v2/images'
        response.end(JSON.stringify(isList ? {images: [image]} : image))
      })
      const {stdout} = await glance([
        '--url',
        `${server.url}/v2`,
        '--verbose',
        ...words,
        ...(words.includes('--dry-run') ? [name] : []),
      ])
      await server.close()
      assert.match(stdout, /a\\u202eb\\u2066c/)
      assert.doesNotMatch(stdout, /\p{Cf}/u)
    })
  }
})

describe('escape sequences from a service', () => {
  const image = {
    id: ID,
    name: FOUL,
    status: 'active',
    visibility: 'shared',
    disk_format: FOUL,
    container_format: FOUL,
    owner: FOUL,
    checksum: '900150983cd24fb0d6963f7d28e17f72',
    size: 3,
    tags: [FOUL],
    self: FOUL,
    [FOUL]: FOUL,
  }
  const answers: Readonly<Record<string, unknown>> = {
    'GET /v2/info/import': {'import-methods': {value: ['web-download']}},
    'GET /v2/images': {images: [image]},
    [`GET /v2/images/${ID}`]: image,
    'POST /v2/images': {...image, status: 'queued'},
    [`GET /v2/images/${ID}/members`]: {members: [{member_id: FOUL, status: FOUL, image_id: ID}]},
  }
  let server: Served
  beforeEach(async () => {
    server = await serve((request, response) => {
      request.resume()
      const [path = ''] = (request.url ?? '').split('?')
      if (path.endsWith('/file')) return void response.end('abc')
      const body = answers[`${request.method} ${path}`]
      if (body !== undefined) return void response.end(JSON.stringify(body))
      if (path.endsWith('/import')) return void response.writeHead(202).end()
      response.writeHead(409, {'content-type': 'text/plain'}).end(FOUL)
    })
  })
  afterEach(() => server.close())

  const importing = ['add', 'name=x', 'disk_format=raw', '--import', 'copy_from=http://192.0.2.1/x']
  for (const words of [
    ['index'],
    ['details'],
    ['show', ID],
    ['image-members', ID],
    ['delete', FOUL],
    ['clear', '--all-projects', '--verbose'],
    ['members-replace', ID, 'm1'],
    ['member-add', ID, FOUL],
    ['download', ID, '--file', 'q', '--progress=json'],
    ['download', ID, '--file', 'q', '--progress=lines'],
    ['--verbose', ...importing],
    ['--debug', 'show', ID],
    ['--dry-run', 'add', `name=${FOUL}`, `${FOUL}=${FOUL}`],
    ['--dry-run', 'clear'],
  ]) {
    for (const form of [[], ['--json']]) {
      it(`are escaped: ${[...form, ...words].join(' ').replaceAll(FOUL, 'FOUL')}`, async () => {
        const folder = await mkdtemp(join(tmpdir(), 'glance-odd-'))
        const world = {terminal: true, cwd: folder}
        const {stdout, stderr, asked} = await glance(['--url', `${server.url}/v2`, ...form, ...words], world)
        await rm(folder, {recursive: true})
        const seen = [stdout, stderr.replaceAll('\u001b[1m\u001b[31mglance:', 'glance:'), ...asked].join('\n')
        assert.match(seen, /q(\\x1b|\\u001b)/)
        assert.doesNotMatch(seen, /[\x00-\x09\x0b-\x1f\x7f-\x9f]/)
      })
    }
  }

  it('are escaped in the note on data that was converted', async () => {
    const {code, stderr} = await glance(['--url', `${server.url}/v2`, ...importing])
    assert.equal(code, 0)
    const format = 'q\\x1b]0;title\\x07\\x9b31m'
    assert.equal(
      stderr,
      `note: the service fetches http://192.0.2.1/x\nwarning: the service has converted the data to ${format}, so it cannot be verified\n`,
    )
  })
})
