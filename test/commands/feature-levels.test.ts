/** The requests of commands to services of earlier releases, which do not understand all of version 2. */
import assert from 'node:assert/strict'
import type http from 'node:http'
import {glance} from '../support/fake-io.js'
import {type Served, serve} from '../support/http/serve.js'

const ID = '00000000-0000-4000-8000-000000000001'

describe('a service of an earlier release', () => {
  let served: Served
  let requests: string[] = []
  let minor = 0

  before(async () => {
    served = await serve((request, response) => {
      requests.push(`${request.method} ${request.url}`)
      answer(request, response, minor)
    })
  })
  beforeEach(() => {
    requests = []
  })
  after(() => served.close())

  const run = (...words: string[]) => glance(words, {env: {OS_IMAGE_URL: served.url}})

  it('gets no filter by os_hidden before 2.7', async () => {
    minor = 6
    const ran = await run('--verbose', 'clear', '--force')
    assert.deepEqual([ran.code, ran.stdout], [0, `Deleting image ${ID} "disk" ... done\n`])
    assert.deepEqual(requests, ['GET /', 'GET /v2/images?limit=100', `DELETE /v2/images/${ID}`])
  })

  it('gets the filter from 2.7 on', async () => {
    minor = 7
    assert.equal((await run('clear', '--force')).code, 0)
    assert.ok(
      requests.includes('GET /v2/images?os_hidden=true&visibility=all&limit=100'),
      requests.join('\n'),
    )
  })

  it('is not searched for community images before 2.5', async () => {
    minor = 3
    assert.equal((await run('show', 'nope')).code, 3)
    assert.deepEqual(requests, ['GET /', 'GET /v2/images?name=nope&limit=10'])
  })

  it('gets private images before 2.5, and shared ones from then on', async () => {
    for (const [level, visibility] of [
      [3, 'private'],
      [6, 'shared'],
    ] as const) {
      minor = level
      const ran = await run('--verbose', 'add', 'name=disk', 'disk_format=raw')
      assert.equal(ran.code, 0, ran.stderr)
      assert.match(ran.stdout, new RegExp(`^ +visibility => ${visibility}$`, 'm'))
    }
  })
})

/** One image; adding an image returns what was sent. */
function answer(request: http.IncomingMessage, response: http.ServerResponse, minor: number): void {
  const {pathname, searchParams} = new URL(request.url ?? '', 'http://x')
  const reply = (status: number, document: unknown) =>
    void response.writeHead(status, {'content-type': 'application/json'}).end(JSON.stringify(document))
  if (pathname === '/') reply(300, {versions: [{id: 'v2.0'}, {id: `v2.${minor}`}]})
  else if (request.method === 'DELETE') response.writeHead(204).end()
  else if (request.method === 'GET') {
    const isEmpty = searchParams.has('name') || searchParams.has('os_hidden')
    reply(200, {images: isEmpty ? [] : [{id: ID, name: 'disk', status: 'active'}]})
  } else {
    let text = ''
    request.on('data', chunk => {
      text += chunk
    })
    request.on('end', () => reply(201, {id: ID, status: 'queued', ...JSON.parse(text)}))
  }
}
