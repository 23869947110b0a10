/** The extent and the order of the lists of `index` and `details`: pages, limits, questions and sort keys. */
import assert from 'node:assert/strict'
import {glance, type World} from '../support/fake-io.js'
import {startService, type TestService} from '../support/test-service.js'

describe('lists', () => {
  let service: TestService

  before(async () => {
    service = await startService()
    for (const name of ['b', 'c', 'a', 'e', 'd']) {
      assert.equal((await glance(['--url', service.url, 'add', `name=${name}`, 'is_public=yes'])).code, 0)
    }
  })
  after(() => service.close())

  /** The names that are listed, in order, and the sizes of the pages that were requested. */
  async function list(line: string, world: World = {}) {
    const requests = service.log.length
    const {code, stdout, asked} = await glance(['--url', service.url, ...line.split(' ')], world)
    const names = [...stdout.matchAll(/^\S{8,36}(?:…|-\S+) (\w) /gm)].map(([, name]) => name).join('')
    const limits = service.log.slice(requests).flatMap(entry => /[?&]limit=(\d+)/.exec(entry)?.[1] ?? [])
    return {code, names, asked: asked.length, limits: limits.join()}
  }

  const rows: readonly (readonly [string, boolean, string, number, string])[] = [
    ['index', false, 'deacb', 0, '1000'],
    ['index --limit 2', false, 'de', 0, '2'],
    ['index --limit 2', true, 'deacb', 2, '2,2,2'],
    ['index --limit 2 --force', false, 'deacb', 0, '2,2,2'],
    ['index --limit 2 --max-items 3', false, 'dea', 0, '2,1'],
    ['index --page-size 2', false, 'deacb', 0, '2,2,2'],
    ['index --page-size 2', true, 'deacb', 2, '2,2,2'],
    ['index --page-size 2 --limit 3', false, 'dea', 0, '2,1'],
    ['index --page-size 2 --limit 3', true, 'dea', 1, '2,1'],
    ['index --sort-key name', false, 'abcde', 0, '1000'],
    ['index --sort-key name --sort-dir desc', false, 'edcba', 0, '1000'],
    ['index --sort-key created_at', false, 'deacb', 0, '1000'],
  ]
  for (const [line, terminal, names, asked, limits] of rows) {
    it(`glance ${line}, ${terminal ? 'on a terminal' : 'in a pipe'}`, async () => {
      assert.deepEqual(await list(line, {terminal}), {code: 0, names, asked, limits})
    })
  }

  it('end with 0 when the user wants no further page', async () => {
    const world = {terminal: true, answers: [false]}
    assert.deepEqual(await list('index --limit 2', world), {code: 0, names: 'de', asked: 1, limits: '2'})
  })
})
