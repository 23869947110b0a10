/** The steps of the registry and the stores in the log: each with its request, and none with a value. */
import assert from 'node:assert/strict'
import {rm} from 'node:fs/promises'
import {createReporter} from '../../../src/server/log/reporter.js'
import {createServer, type ImageServer} from '../../../src/server/server.js'
import {type Served, serve} from '../../support/http/serve.js'
import {useTempDir} from '../../support/temp-dir.js'

const OCTETS = {'content-type': 'application/octet-stream'}

describe('steps in the log', () => {
  const dataDir = useTempDir()
  let lines: string[]
  let server: ImageServer
  let source: Served
  let url: string
  beforeEach(async () => {
    lines = []
    source = await serve((_request, response) => response.end('0123456789'))
    const settings = {
      ...{host: '127.0.0.1', port: 0, dataDir: dataDir(), shutdownSeconds: 1, pid: 1},
      fetchFromAnywhere: true,
    }
    const outputs = {print: (line: string) => lines.push(line), isTerminal: false}
    const log = {level: 'DEBUG', dateFormat: ''} as const
    server = await createServer(settings, await createReporter(log, outputs))
    url = await server.listen()
  })
  afterEach(async () => {
    await server.close()
    await source.close()
  })

  /** Sends a request; returns the lines with its id, without id and durations. */
  async function sent(path: string, init: RequestInit): Promise<readonly string[]> {
    const answer = await fetch(url + path, init)
    await answer.arrayBuffer()
    const id = answer.headers.get('x-openstack-request-id') ?? ''
    await waitFor(() => lines.some(line => line.includes(`[${id}] 127.0.0.1 - - "`)))
    return linesWith(id)
  }

  const linesWith = (id: string) =>
    lines
      .filter(line => line.includes(`[${id}] `))
      .map(line => line.replace(/^.*?\] /, '').replaceAll(/ in \d+\.\dms/g, ''))

  /** Waits for a line of the log: looks again after each event of the service. */
  async function waitFor(isSeen: () => boolean): Promise<void> {
    const deadline = Date.now() + 15_000
    while (!isSeen() && Date.now() < deadline) await new Promise(resolve => setImmediate(resolve))
    assert.ok(isSeen(), lines.join('\n'))
  }

  it('are the statements of a request, without their values', async () => {
    const id = '0000000a-0000-4000-8000-000000000000'
    const body = JSON.stringify({id, name: 'my-secret-name', password: 'my-secret-value'})
    const added = await sent('/v2/images', {method: 'POST', body})
    assert.equal(added[0], 'registry done: begin immediate')
    assert.ok(added.some(line => line.startsWith('registry done: insert into "images" ("id", "name", ')))
    assert.ok(added.some(line => line === 'registry done: commit'))
    assert.match(added.at(-1) ?? '', /^127\.0\.0\.1 - - "POST \/v2\/images HTTP\/1\.1" 201 \d+ \d+ms$/)
    assert.doesNotMatch(lines.join('\n'), /my-secret/)
  })

  it('are the calls of the stores, with sizes and errors', async () => {
    const id = '0000000b-0000-4000-8000-000000000000'
    const body = JSON.stringify({id, disk_format: 'raw', container_format: 'bare'})
    await sent('/v2/images', {method: 'POST', body})
    const put = await sent(`/v2/images/${id}/file`, {method: 'PUT', headers: OCTETS, body: 'abc'})
    const [location = ''] = put.join('\n').match(/file:[^\s,]+/) ?? []
    const key = location.slice(location.lastIndexOf('/') + 1)
    assert.match(key, new RegExp(`^${id}\\.[0-9a-f]{16}$`))
    assert.ok(put.includes(`store file done: put ${key}, 3 bytes`), put.join('\n'))
    const got = await sent(`/v2/images/${id}/file`, {})
    assert.ok(got.includes(`store file done: get ${location}, 3 bytes`), got.join('\n'))
    await rm(new URL(location))
    const lost = await sent(`/v2/images/${id}/file`, {})
    assert.ok(lost.includes(`store file failed with StoreMissing: get ${location}`), lost.join('\n'))
  })

  it('of a copy belong to the request that started it, and show no secret of a URL', async () => {
    const from = `${source.url.replace('//', '//ann:my-secret@')}/disk?sig=my-secret`
    const headers = {
      ...{'x-image-meta-name': 'copy', 'x-image-meta-disk_format': 'raw'},
      ...{'x-image-meta-container_format': 'bare', 'x-glance-api-copy-from': from},
    }
    const answer = await fetch(`${url}/v1/images`, {method: 'POST', headers})
    const id = answer.headers.get('x-openstack-request-id') ?? ''
    const {image} = (await answer.json()) as {image: {id: string}}
    const step = new RegExp(`^store file done: put ${image.id}\\.[0-9a-f]{16}, 10 bytes$`)
    await waitFor(() => linesWith(id).some(line => step.test(line)))
    assert.ok(
      linesWith(id).some(line => line.startsWith(`store web done: get ${source.url}/disk`)),
      linesWith(id).join('\n'),
    )
    assert.doesNotMatch(lines.join('\n'), /my-secret/)
  })

  it('of the start belong to no request', () => {
    assert.ok(lines.some(line => line.includes(' DEBUG [glance] registry done in ')))
    assert.ok(lines.some(line => / DEBUG \[glance\] store file done in \d+\.\dms: sweep $/.test(line)))
  })
})
