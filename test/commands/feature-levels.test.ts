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
    assert.deepEqual(requests, [
      'GET /',
      'GET /v2/images?limit=100',
      `DELETE /v2/images/${ID}`,
      'GET /v2/images?visibility=community&limit=100',
    ])
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

  it('is not asked for what it lacks', async () => {
    minor = 3
    for (const [words, what, since] of [
      [['index', 'os_hidden=true'], 'os_hidden=', 7],
      [['index', 'os_hash_value=a'], 'os_hash_value=', 7],
      [['index', 'visibility=community'], 'visibility=community', 5],
      [['add', 'name=a', 'visibility=shared'], 'visibility=shared', 5],
      [['update', ID, 'os_hidden=true'], 'os_hidden=', 7],
    ] as const) {
      const ran = await run(...words)
      assert.deepEqual(
        [ran.code, ran.stderr],
        [
          2,
          `glance: this service does not have ${what}\n  it has version 2.3 of the Image API, and that came with 2.${since}\n`,
        ],
      )
    }
  })

  it('has members of private images before 2.5', async () => {
    minor = 3
    const ran = await run('member-add', ID, '00000000000040008000000000000002', '--force')
    assert.deepEqual(
      [ran.code, ran.stderr.split('\n')[0]],
      [0, `note: the visibility of image ${ID} is now private`],
    )
    assert.equal(requests.filter(request => request.startsWith('PATCH')).length, 1)
  })

  it('is sent --can-share in version 1 if it has that and no version was named', async () => {
    minor = 9
    const ran = await run('member-add', ID, '00000000000040008000000000000002', '--can-share')
    assert.equal(ran.code, 0, ran.stderr)
    assert.equal(requests.at(-1), `PUT /v1/images/${ID}/members/00000000000040008000000000000002`)
    const named = await glance(['--os-image-api-version', '2', 'member-add', ID, 't', '--can-share'], {
      env: {OS_IMAGE_URL: served.url},
    })
    assert.equal(named.code, 2)
  })
})

let isPrivate = false

/** One image; adding an image returns what was sent. */
function answer(request: http.IncomingMessage, response: http.ServerResponse, minor: number): void {
  const {pathname, searchParams} = new URL(request.url ?? '', 'http://x')
  const reply = (status: number, document: unknown) =>
    void response.writeHead(status, {'content-type': 'application/json'}).end(JSON.stringify(document))
  if (pathname === '/') reply(300, {versions: [{id: 'v1.1'}, {id: 'v2.0'}, {id: `v2.${minor}`}]})
  else if (request.method === 'DELETE' || request.method === 'PUT') response.writeHead(204).end()
  else if (request.method === 'PATCH') {
    request.resume()
    isPrivate = true
    reply(200, {id: ID, name: 'disk', status: 'active', visibility: 'private'})
  } else if (request.method === 'POST' && pathname.endsWith('/members')) {
    request.resume()
    reply(isPrivate ? 200 : 403, isPrivate ? {} : {message: 'Public images do not have members.'})
  } else if (request.method === 'GET' && pathname.endsWith(ID)) {
    reply(200, {id: ID, name: 'disk', status: 'active', visibility: isPrivate ? 'private' : 'public'})
  } else if (request.method === 'GET') {
    const isEmpty = ['name', 'os_hidden', 'visibility'].some(
      name => searchParams.has(name) && searchParams.get(name) !== 'all',
    )
    reply(200, {images: isEmpty ? [] : [{id: ID, name: 'disk', status: 'active'}]})
  } else {
    let text = ''
    request.on('data', chunk => {
      text += chunk
    })
    request.on('end', () => reply(201, {id: ID, status: 'queued', ...JSON.parse(text)}))
  }
}
