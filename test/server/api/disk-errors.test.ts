/** The responses of both versions of the API to errors of the disk. */
import assert from 'node:assert/strict'
import type {Registry} from '../../../src/server/registry/registry.js'
import {openRegistry} from '../../../src/server/registry/sqlite/open.js'
import {createServerWith} from '../../../src/server/server.js'
import type {Store} from '../../../src/server/stores/store.js'
import {exchange} from '../../support/http/raw-http.js'
import {toStoreSet} from '../../support/store-set.js'

const ID = '00000001-0000-4000-8000-000000000000'
const META = `x-image-meta-id: ${ID}\r\nx-image-meta-disk_format: raw\r\nx-image-meta-container_format: bare\r\n`
const OCTETS = 'Content-Type: application/octet-stream\r\n'

/** Starts a service whose store, and from then on its registry, fail with these codes. */
async function startFailing(storeCode: string) {
  const registry = await openRegistry(':memory:')
  let registryCode = ''
  const change: Registry['change'] = async (...given) => {
    if (registryCode) throw Object.assign(new Error(registryCode), {code: registryCode})
    return registry.change(...given)
  }
  const put = async () => {
    throw Object.assign(new Error(storeCode), {code: storeCode})
  }
  const store: Partial<Store> = {
    schemes: ['file'],
    locate: key => `file:///images/${key}`,
    owns: () => true,
    put,
    delete: async () => true,
    sweep: async () => 0,
  }
  const proxied = new Proxy(registry, {
    get(target, name) {
      if (name === 'change') return change
      const value: unknown = Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  const backends = {
    registry: proxied,
    stores: toStoreSet(store as Store),
    staging: store as Store,
    remoteStores: [],
    close: () => registry.close(),
  }
  const settings = {host: '127.0.0.1', port: 0, dataDir: '', pid: 1, shutdownSeconds: 5}
  const server = await createServerWith(backends, settings, {log: () => {}, warn: () => {}})
  const port = Number(new URL(await server.listen()).port)
  const ask = async (line: string, headers = '', body = '') => {
    const head = `${line} HTTP/1.1\r\nHost: localhost\r\n${headers}Content-Length: ${body.length}\r\n\r\n`
    const {status, body: text} = await exchange(port, head + body)
    return {status, text: text.toString()}
  }
  const failRegistry = (code: string) => {
    registryCode = code
  }
  return {ask, failRegistry, close: () => server.close()}
}

describe('errors of the disk', () => {
  const cases: readonly (readonly [string, number, number, RegExp])[] = [
    ['ENOSPC', 507, 413, /Image storage media is full/],
    ['EFBIG', 413, 413, /larger than a file of the image storage may be/],
    ['EMFILE', 503, 503, /not available: too many files are open\./],
    ['EIO', 503, 503, /not available: the disk reports an error\./],
    ['EROFS', 503, 503, /not available: the file system is read-only\./],
  ]
  for (const [code, v1, v2, text] of cases) {
    it(`answer an upload that fails with ${code} with ${v1} on v1, and with ${v2} on v2`, async () => {
      const {ask, close} = await startFailing(code)
      const old = await ask('POST /v1/images', META + OCTETS, 'abc')
      assert.equal(old.status, v1)
      assert.match(old.text, text)
      const meta = '{"name": "n", "disk_format": "raw", "container_format": "bare"}'
      const made = await ask('POST /v2/images', 'Content-Type: application/json\r\n', meta)
      const path = `/v2/images/${JSON.parse(made.text).id}`
      const uploaded = await ask(`PUT ${path}/file`, OCTETS, 'abc')
      assert.equal(uploaded.status, v2)
      assert.match(uploaded.text, text)
      assert.equal(JSON.parse((await ask(`GET ${path}`)).text).status, 'queued')
      await close()
    })
  }

  const changes: readonly (readonly [string, number, RegExp])[] = [
    ['SQLITE_FULL', 507, /The disk of the service is full/],
    ['SQLITE_IOERR_FSYNC', 503, /not available: the disk reports an error\./],
    ['SQLITE_READONLY_DBMOVED', 503, /not available: the registry is read-only\./],
  ]
  for (const [code, status, text] of changes) {
    it(`answer a deactivation that fails with ${code} with ${status}`, async () => {
      const {ask, failRegistry, close} = await startFailing('')
      await ask('POST /v1/images', `${META}x-image-meta-size: 0\r\n`)
      failRegistry(code)
      const answer = await ask(`POST /v2/images/${ID}/actions/deactivate`)
      assert.equal(answer.status, status)
      assert.match(answer.text, text)
      await close()
    })
  }
})
