/** The `delete` command: the images that it looks up for its question, those that are missing, and what it sends. */
import assert from 'node:assert/strict'
import {glance, type World} from '../support/fake-io.js'
import {startService, type TestService} from '../support/test-service.js'

const toId = (n: number) => `00000000-0000-4000-8000-00000000000${n}`
const [A, B, C, D, MISSING] = [toId(1), toId(2), toId(3), toId(4), toId(9)]

describe('delete', () => {
  let service: TestService
  beforeEach(async () => {
    service = await startService()
    for (const [id, name] of [
      [A, 'a'],
      [B, 'b'],
      [C, 'c'],
      [D, 'd'],
    ] as const)
      await run(['add', `id=${id}`, `name=${name}`])
  })
  afterEach(() => service.close())

  const run = (words: readonly string[], world: World = {}) => glance(['--url', service.url, ...words], world)
  const remaining = async () => (await run(['index', '--sort-key', 'name'])).stdout.match(/^0\S+/gm) ?? []

  it('names the image by id and name, and the service', async () => {
    for (const nameOrId of ['a', A, `${service.url}/v2/images/${A}`]) {
      const ran = await run(['delete', nameOrId], {terminal: true, answers: [false]})
      assert.deepEqual(ran.asked, [`Delete image ${A} "a" (${service.url})?`])
      assert.deepEqual([ran.code, ran.stderr], [1, `glance: not deleting image ${nameOrId}\n`])
    }
    const ran = await run(['delete', 'a'], {terminal: true})
    assert.deepEqual([ran.code, ran.stdout], [0, `Deleted image ${A}\n`])
    assert.deepEqual(await remaining(), [B, C, D])
  })

  it('fails without a question when the image is missing', async () => {
    const ran = await run(['delete', 'nosuch'], {terminal: true})
    assert.deepEqual([ran.code, ran.asked], [3, []])
    assert.match(ran.stderr, /^glance: No image with ID nosuch was found\n/)
  })

  it('names three of several images and counts the others, once each, and reports missing ones first', async () => {
    const ran = await run(['delete', A, 'b', 'nosuch', 'a', 'c', MISSING, 'd'], {terminal: true})
    assert.deepEqual(ran.asked, [
      `Delete 4 images: ${A} "a", ${B} "b", ${C} "c" and 1 more (${service.url})?`,
    ])
    assert.equal(ran.code, 3)
    assert.deepEqual(ran.stderr.match(/No image with ID \S+|\d images? could.*/g), [
      'No image with ID nosuch',
      `No image with ID ${MISSING}`,
      '2 images could not be deleted',
    ])
    assert.equal(ran.stdout, [A, B, C, D].map(id => `Deleted image ${id}\n`).join(''))
  })

  it('asks nothing when all of several images are missing', async () => {
    const ran = await run(['delete', 'nosuch', MISSING], {terminal: true})
    assert.deepEqual([ran.code, ran.asked, ran.stdout], [3, [], ''])
    assert.match(ran.stderr, /2 images could not be deleted/)
  })

  it('looks nothing up with --force', async () => {
    const before = service.log.length
    await run(['delete', '--force', A, B], {terminal: true})
    const requests = service.log
      .slice(before)
      .map(line => /"([A-Z]+) (\S+)/.exec(line)?.slice(1, 3).join(' '))
    assert.deepEqual(requests, ['GET /', `DELETE /v2/images/${A}`, `DELETE /v2/images/${B}`])
  })
})
