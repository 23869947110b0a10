/** A service with stores in a folder, in Swift and in S3 at once: data goes from each to each, and one of them may be away. */
import assert from 'node:assert/strict'
import {createHash, randomBytes} from 'node:crypto'
import {once} from 'node:events'
import {readdir} from 'node:fs/promises'
import net from 'node:net'
import {join} from 'node:path'
import {GivenSettings} from '../../src/server/settings/sources.js'
import {useS3} from '../support/s3-lab.js'
import {useTempDir} from '../support/temp-dir.js'
import {startService, type TestService} from '../support/test-service.js'
import {describeSwift, useSwift} from './swift-lab.js'

const ID = '00000001-0000-4000-8000-000000000000'
const OCTETS = {'content-type': 'application/octet-stream'}
const STORES = ['disk', 'archive', 'cloud'] as const
/** More than a segment of Swift, and than a part of S3. */
const DATA = randomBytes(12 * 1024 * 1024 + 1)
const MD5 = createHash('md5').update(DATA).digest('hex')

type Json = Readonly<Record<string, unknown>>

/** Passes connections on to a port, until it is closed. */
async function startProxy(target: URL) {
  const sockets = new Set<net.Socket>()
  const server = net.createServer(client => {
    const upstream = net.connect(Number(target.port || 80), target.hostname)
    for (const socket of [client, upstream]) {
      sockets.add(socket.on('error', () => {}).on('close', () => sockets.delete(socket)))
    }
    client.pipe(upstream).pipe(client)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as net.AddressInfo).port}`,
    close: () => {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}

describeSwift('several stores on real servers', () => {
  const swift = useSwift()
  const s3 = useS3()
  const folder = useTempDir()
  let service: TestService
  let proxy: Awaited<ReturnType<typeof startProxy>>
  let container: string

  beforeEach(async () => {
    proxy = await startProxy(new URL(process.env['S3_URL'] ?? ''))
    container = await swift().createContainer()
    const names = ['auth_version', 'auth_address', 'user', 'key', 'container'].map(
      name => `swift_store_${name}`,
    )
    const find = swift().settings(container)
    const inSwift = names.map(name => `${name} = ${find(name)?.text}`)
    const {S3_ACCESS_KEY = 'test:tester', S3_SECRET_KEY = 'testing'} = process.env
    const sections = new Map([
      ['DEFAULT', ['enabled_backends = disk:file, archive:swift, cloud:s3', 'default_backend = disk']],
      ['disk', [`filesystem_store_datadir = ${join(folder(), 'disk')}`]],
      [
        'archive',
        [...inSwift, 'swift_store_large_object_size = 5', 'swift_store_large_object_chunk_size = 5'],
      ],
      [
        'cloud',
        [
          `s3_store_host = ${proxy.url}`,
          `s3_store_access_key = ${S3_ACCESS_KEY}`,
          `s3_store_secret_key = ${S3_SECRET_KEY}`,
          `s3_store_bucket = ${s3().bucketName}`,
          's3_store_large_object_size = 5',
          's3_store_large_object_chunk_size = 5',
        ],
      ],
    ])
    const values = new Map(
      [...sections].map(([section, lines]) => [
        section,
        new Map(lines.map(line => line.split(' = ') as [string, string])),
      ]),
    )
    const given = new GivenSettings({assignments: [], env: {}, file: {path: 'glance.conf', values}})
    service = await startService({dataDir: join(folder(), 'service'), given})
    const image = {id: ID, disk_format: 'raw', container_format: 'bare'}
    assert.equal((await ask('POST', '/v2/images', JSON.stringify(image))).status, 201)
  })
  afterEach(async () => {
    await service.close()
    proxy.close()
    await s3().empty()
  })

  const ask = (method: string, path: string, body?: string | Uint8Array<ArrayBuffer>, headers = {}) =>
    fetch(`${service.url}${path}`, {method, headers, ...(body === undefined ? {} : {body})})
  const show = async () => (await (await ask('GET', `/v2/images/${ID}`)).json()) as Json
  const upload = async (store: string) => {
    const headers = {...OCTETS, 'x-image-meta-store': store}
    const reply = await ask('PUT', `/v2/images/${ID}/file`, new Uint8Array(DATA), headers)
    assert.equal(reply.status, 204)
  }
  const copy = async (more: Json) => {
    const body = JSON.stringify({method: {name: 'copy-image'}, ...more})
    assert.equal((await ask('POST', `/v2/images/${ID}/import`, body)).status, 202)
    for (;;) {
      const reply = await ask('GET', `/v2/images/${ID}/tasks`)
      const {tasks} = (await reply.json()) as {tasks: readonly Json[]}
      const status = tasks[0]?.['status']
      if (status === 'success' || status === 'failure') return status
    }
  }
  /** The MD5 of a download, and the number of objects in each place. */
  const download = async (store = '') => {
    const reply = await ask('GET', `/v2/images/${ID}/file?prefer=${store}`)
    const bytes = new Uint8Array(await reply.arrayBuffer())
    return createHash('md5').update(bytes).digest('hex')
  }
  const counts = async () => [
    (await readdir(join(folder(), 'disk'))).length,
    (await swift().list(container)).length,
    await s3().count(),
  ]

  for (const from of STORES) {
    it(`copies data from ${from} to all others, and deletes each copy`, async () => {
      await upload(from)
      assert.equal(await copy({all_stores: true}), 'success')
      const others = STORES.filter(name => name !== from)
      const {stores, checksum, status} = await show()
      assert.deepEqual([stores, checksum, status], [[from, ...others].join(','), MD5, 'active'])
      for (const store of STORES) assert.equal(await download(store), MD5, store)
      for (const store of [from, others[0]]) {
        assert.equal((await ask('DELETE', `/v2/stores/${store}/${ID}`)).status, 204)
      }
      assert.equal((await show())['stores'], others[1])
      assert.equal(await download(), MD5)
      assert.equal((await ask('DELETE', `/v2/images/${ID}`)).status, 204)
      assert.deepEqual(await counts(), [0, 0, 0])
    })
  }

  it('reads from another store while the first one is away, and tells which store a copy could not reach', async () => {
    await upload('cloud')
    assert.equal(await copy({stores: ['archive']}), 'success')
    proxy.close()
    assert.equal(await download(), MD5)
    assert.match(service.warnings.join('\n'), new RegExp(`cannot read image ${ID} from cloud: `))
    assert.equal((await ask('DELETE', `/v2/stores/cloud/${ID}`)).status, 204)
    assert.equal(await copy({stores: ['disk', 'cloud'], all_stores_must_succeed: false}), 'success')
    const image = await show()
    assert.deepEqual([image['stores'], image['os_glance_failed_import']], ['archive,disk', 'cloud'])
  })
})
