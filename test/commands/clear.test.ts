/** The `clear` command: several images at once, lines in order, progress, and images that remain. */
import assert from 'node:assert/strict'
import {glance} from '../support/fake-io.js'
import {serve} from '../support/http/serve.js'
import {startService, type TestService} from '../support/test-service.js'

describe('clear', () => {
  let service: TestService
  beforeEach(async () => {
    service = await startService()
    for (let number = 1; number <= 30; number++) {
      await fetch(`${service.url}/v1/images`, {
        method: 'POST',
        headers: {
          'x-image-meta-name': `image ${number}`,
          'x-image-meta-protected': String(number === 7 || number === 20),
        },
      })
    }
  })
  afterEach(() => service.close())

  const run = (words: readonly string[], terminal = false) =>
    glance(['--url', service.url, 'clear', ...words], {terminal})

  it('prints its lines in the order of the list, and continues after images that it skips', async () => {
    const ran = await run(['--force', '--verbose'])
    const names = [...ran.stdout.matchAll(/^Deleting image \S+ "image (\d+)" \.\.\. done$/gm)].map(([, n]) =>
      Number(n),
    )
    const all = [30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8]
    assert.deepEqual(names, [...all, 6, 5, 4, 3, 2, 1])
    assert.deepEqual(
      [...ran.stderr.matchAll(/"image (\d+)", which is protected$/gm)].map(([, n]) => n),
      ['20', '7'],
    )
    assert.equal(ran.code, 0)
  })

  it('reports its progress', async () => {
    const {stderr} = await run(['--force', '--progress=json'])
    const events = stderr.split('\n').filter(line => line.startsWith('{'))
    assert.match(events[0] ?? '', /^\{"event":"start","name":"Deleting","images":0,"total":null,/)
    assert.match(events.at(-1) ?? '', /^\{"event":"done","name":"Deleting","images":28,"total":null,/)
  })

  it('shows the total when it was counted for the question', async () => {
    const ran = await run([], true)
    assert.deepEqual([ran.code, ran.stdout, ran.asked], [0, '', [`Delete all 28 images (${service.url})?`]])
    assert.match(
      ran.stderr,
      /\rDeleting {2}100% {2}\[=+\] {2}28 of 28 images {2}[\d.]+\/s {2}0:0\d\x1b\[K\n$/,
    )
  })

  it('says that there is nothing to delete, and what it keeps', async () => {
    await run(['--force'])
    const ran = await run([], true)
    assert.deepEqual([ran.code, ran.stdout, ran.asked], [0, '', []])
    assert.equal(ran.stderr, `note: there are no images to delete (${service.url}; protected: 2)\n`)
  })

  it('deletes several at once, and ends when the service does', async () => {
    const ids = Array.from({length: 20}, (_, n) => `00000000-0000-4000-8000-0000000000${n + 10}`)
    const images = ids.map(id => ({id, name: 'x', status: 'queued', is_public: true, properties: {}}))
    const deleted: string[] = []
    const waiting: (() => void)[] = []
    const server = await serve((request, response) => {
      if (request.method === 'GET') return void response.end(JSON.stringify({images}))
      deleted.push(request.url?.split('/').at(-1) ?? '')
      waiting.push(() => response.writeHead(503).end())
      if (waiting.length === 8) for (const answer of waiting) answer()
    })
    const ran = await glance(['--url', `${server.url}/v1`, '--retries', '0', 'clear', '--force'])
    assert.deepEqual([ran.code, ran.stdout], [6, ''])
    assert.deepEqual(deleted.toSorted(), ids.slice(0, 8))
    await server.close()
  })
})
