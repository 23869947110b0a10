/** Every pair of changes of the data of an image, the first one held up in the middle while the second one runs. */
import assert from 'node:assert/strict'
import {createHash, randomUUID} from 'node:crypto'
import {EventEmitter, once} from 'node:events'
import {readdir} from 'node:fs/promises'
import {join} from 'node:path'
import {imageIdFromKey} from '../../../src/server/stores/data-key.js'
import {exchange, RawConnection} from '../../support/http/raw-http.js'
import {type Served, serve} from '../../support/http/serve.js'
import {startService, type TestService} from '../../support/test-service.js'

const PATCH = 'Content-Type: application/openstack-images-v2.1-json-patch\r\n'
const OCTETS = 'Content-Type: application/octet-stream\r\n'
const KEEP = 'x-glance-registry-purge-props: false\r\n'

/** A request for an image. @param url of data on another server */
type ToRequest = (id: string, url: string) => {line: string; headers?: string; body?: string}

const CHANGES: Readonly<Record<string, ToRequest>> = {
  'v2 data': id => ({line: `PUT /v2/images/${id}/file`, headers: OCTETS, body: 'by v2'}),
  'v1 data': id => ({line: `PUT /v1/images/${id}`, headers: KEEP + OCTETS, body: 'by v1 data'}),
  'v2 stage': id => ({line: `PUT /v2/images/${id}/stage`, headers: OCTETS, body: 'staged'}),
  'v2 location': (id, url) => {
    const add = {op: 'add', path: '/locations/-', value: {url, metadata: {}}}
    return {line: `PATCH /v2/images/${id}`, headers: PATCH, body: JSON.stringify([add])}
  },
  'v1 location': (id, url) => ({
    line: `PUT /v1/images/${id}`,
    headers: `${KEEP}x-image-meta-location: ${url}\r\n`,
  }),
  'v1 copy': (id, url) => ({
    line: `PUT /v1/images/${id}`,
    headers: `${KEEP}x-glance-api-copy-from: ${url}\r\n`,
  }),
  'v2 import': (id, url) => {
    const body = JSON.stringify({method: {name: 'web-download', uri: url}})
    return {line: `POST /v2/images/${id}/import`, headers: 'Content-Type: application/json\r\n', body}
  },
  'v2 property': id => {
    const add = {op: 'add', path: '/property', value: 'v'}
    return {line: `PATCH /v2/images/${id}`, headers: PATCH, body: JSON.stringify([add])}
  },
  'v2 delete': id => ({line: `DELETE /v2/images/${id}`}),
}

/**
 * Statuses of the responses to both changes, the status of the image in the end and its data, by first and second change.
 * A job continues after its response, so that either may be first where one of the changes is a job.
 */
const EXPECTED: Readonly<Record<string, Readonly<Record<string, RegExp>>>> = {
  'v2 data': {
    'v2 data': /^204 409 active by v2$/,
    'v1 data': /^204 409 active by v2$/,
    'v2 stage': /^204 409 active by v2$/,
    'v2 location': /^204 409 active by v2$/,
    'v1 location': /^204 400 active by v2$/,
    'v1 copy': /^204 400 active by v2$/,
    'v2 import': /^204 409 active by v2$/,
    'v2 property': /^204 200 active by v2$/,
    'v2 delete': /^410 204 deleted$/,
  },
  'v1 data': {
    'v2 data': /^200 409 active by v1 data$/,
    'v1 data': /^200 409 active by v1 data$/,
    'v2 stage': /^200 409 active by v1 data$/,
    'v2 location': /^200 409 active by v1 data$/,
    'v1 location': /^200 400 active by v1 data$/,
    'v1 copy': /^200 400 active by v1 data$/,
    'v2 import': /^200 409 active by v1 data$/,
    'v2 property': /^200 200 active by v1 data$/,
    'v2 delete': /^412 204 deleted$/,
  },
  'v2 stage': {
    'v2 data': /^204 409 uploading$/,
    'v1 data': /^204 409 uploading$/,
    'v2 stage': /^204 409 uploading$/,
    'v2 location': /^204 409 uploading$/,
    'v1 location': /^204 400 uploading$/,
    'v1 copy': /^204 400 uploading$/,
    'v2 import': /^204 409 uploading$/,
    'v2 property': /^204 200 uploading$/,
    'v2 delete': /^410 204 deleted$/,
  },
  'v2 location': {
    'v2 data': /^200 204 active by v2$/,
    'v1 data': /^200 200 active by v1 data$/,
    'v2 stage': /^409 204 uploading$/,
    'v2 location': /^200 200 active source$/,
    'v1 location': /^200 200 active source$/,
    'v1 copy': /^(200|409) 200 active source$/,
    'v2 import': /^(200 202 active held source|(200|409) 202 active source)$/,
    'v2 property': /^200 200 active held source$/,
    'v2 delete': /^404 204 deleted$/,
  },
  'v1 location': {
    'v2 data': /^400 204 active by v2$/,
    'v1 data': /^400 200 active by v1 data$/,
    'v2 stage': /^400 204 uploading$/,
    'v2 location': /^400 200 active source$/,
    'v1 location': /^400 200 active source$/,
    'v1 copy': /^(400|409) 200 active source$/,
    'v2 import': /^((200|400|409) 202 active (held )?source)$/,
    'v2 property': /^200 200 active held source$/,
    'v2 delete': /^404 204 deleted$/,
  },
  'v1 copy': {
    'v2 data': /^400 204 active by v2$/,
    'v1 data': /^400 200 active by v1 data$/,
    'v2 stage': /^400 204 uploading$/,
    'v2 location': /^400 200 active source$/,
    'v1 location': /^400 200 active source$/,
    'v1 copy': /^(400|409) 200 active source$/,
    'v2 import': /^(200|400|409) 202 active (held )?source$/,
    'v2 property': /^200 200 active held source$/,
    'v2 delete': /^404 204 deleted$/,
  },
  'v2 import': {
    'v2 data': /^202 204 active by v2$/,
    'v1 data': /^202 200 active by v1 data$/,
    'v2 stage': /^202 204 uploading$/,
    'v2 location': /^202 200 active source$/,
    'v1 location': /^202 200 active source$/,
    'v1 copy': /^202 200 active (held )?source$/,
    'v2 import': /^202 409 active held source$/,
    'v2 property': /^202 200 active held source$/,
    'v2 delete': /^202 204 deleted$/,
  },
}

describe('two changes of an image at a time', () => {
  let service: TestService
  let held: Served
  let source: Served
  let events: EventEmitter
  before(async () => {
    service = await startService({showLocations: true, fetchFromAnywhere: true})
    source = await serve((_request, response) => response.writeHead(200, {'content-length': 6}).end('source'))
    held = await serve(async (_request, response) => {
      events.emit('held')
      if (!isReleased) await once(events, 'release')
      response.writeHead(200, {'content-length': 11}).end('held source')
    })
  })
  after(async () => {
    await service.close()
    await source.close()
    await held.close()
  })
  let isReleased: boolean
  beforeEach(() => {
    events = new EventEmitter()
    isReleased = false
  })

  const ask = async (line: string, headers = '', body = '') =>
    exchange(
      service.port,
      `${line} HTTP/1.1\r\nHost: localhost\r\n${headers}Content-Length: ${body.length}\r\n\r\n${body}`,
    )
  const find = async (id: string) => {
    const {status, body} = await ask(`GET /v2/images/${id}`)
    return status === 200 ? (JSON.parse(body.toString()) as Record<string, unknown>) : undefined
  }
  const create = async () => {
    const id = randomUUID()
    const json = JSON.stringify({id, disk_format: 'raw', container_format: 'bare'})
    assert.equal((await ask('POST /v2/images', 'Content-Type: application/json\r\n', json)).status, 201)
    return id
  }
  const files = async (folder: string, id: string) => {
    const names = await readdir(join(service.dataDir, folder))
    return names.filter(name => imageIdFromKey(name.replace('.part', '')) === id).length
  }

  /** Sends a request whose body, or whose source, waits for `release`. */
  async function hold(change: string, id: string) {
    const {line, headers = '', body = ''} = CHANGES[change]!(id, held.url)
    const isUpload = headers.includes(OCTETS)
    const connection = new RawConnection(service.port)
    const start = `${line} HTTP/1.1\r\nHost: localhost\r\n${headers}Content-Length: ${body.length}\r\n\r\n`
    const reached = isUpload ? undefined : once(events, 'held')
    await connection.write(start + (isUpload ? body.slice(0, 2) : body))
    if (isUpload) await until(async () => (await find(id))?.['status'] !== 'queued')
    else await reached
    return async () => {
      isReleased = true
      events.emit('release')
      if (isUpload) await connection.write(body.slice(2)).catch(() => {})
      const answer = await connection.answer()
      connection.close()
      return answer?.status
    }
  }

  async function until(condition: () => Promise<boolean>): Promise<void> {
    while (!(await condition()));
  }

  /** The image once no job changes it any more. */
  async function settle(id: string) {
    const isSettled = async () => {
      const image = await find(id)
      if (image === undefined) return true
      const {tasks} = JSON.parse((await ask(`GET /v2/images/${id}/tasks`)).body.toString())
      const isRunning = tasks.some(({status}: {status: string}) => /pending|processing/.test(status))
      return !isRunning && !/saving|importing/.test(String(image['status'])) && !(await isCopying(id))
    }
    await until(isSettled)
    return find(id)
  }

  /** A copy that waits for its turn: the location is known already. */
  async function isCopying(id: string): Promise<boolean> {
    const image = await find(id)
    return image?.['status'] === 'queued' && 'direct_url' in image
  }

  for (const [first, row] of Object.entries(EXPECTED)) {
    for (const second of Object.keys(CHANGES)) {
      const expected = row[second]!
      it(`${first}, then ${second}: ${expected.source.slice(1, -1)}`, async () => {
        const id = await create()
        const release = await hold(first, id)
        const {line, headers, body} = CHANGES[second]!(id, source.url)
        const secondStatus = (await ask(line, headers, body)).status
        const firstStatus = await release()
        const image = await settle(id)
        const status = String(image?.['status'] ?? 'deleted')
        const data = status === 'active' ? (await ask(`GET /v2/images/${id}/file`)).body.toString() : ''
        assert.match(`${firstStatus} ${secondStatus} ${status} ${data}`.trim(), expected)
        const isOwn = String(image?.['direct_url']).startsWith('file:')
        if (status === 'active') {
          assert.equal(image?.['size'], data.length)
          const checksum = isOwn ? createHash('md5').update(data).digest('hex') : null
          assert.equal(image?.['checksum'], checksum)
        }
        assert.equal(await files('images', id), status === 'active' && isOwn ? 1 : 0)
        assert.equal(await files('staging', id), status === 'uploading' ? 1 : 0)
      })
    }
  }
})
