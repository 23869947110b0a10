/** Uploads of large files to version 2: hashed once, with the hash that the service most likely uses, and always verified. */
import assert from 'node:assert/strict'
import {createHash} from 'node:crypto'
import {Readable} from 'node:stream'
import {type ClosableImageApi, openImageApi} from '../../../../src/lib/api/open-api.js'
import type {ImageData} from '../../../../src/lib/data/image-data.js'
import {RetryPolicy} from '../../../../src/lib/http/retry/retry-policy.js'
import {failure} from '../../../support/failure.js'
import {type Served, serve} from '../../../support/http/serve.js'

const MIB = 1024 * 1024
const ID = 'f9cec318-413d-4ca1-941e-d11d7b73edda'
const DRAFT = {diskFormat: 'raw', containerFormat: 'bare', properties: {}}
const BYTES = Buffer.alloc(9 * MIB, 'glance')
const WRONG = 'ab'.repeat(32)

const digest = (name: string, bytes = BYTES) => createHash(name).update(bytes).digest('hex')

describe('hashing for version 2', () => {
  let server: Served
  let api: ClosableImageApi
  let asked: string[]
  let opened: number
  /** The algorithm of the newest image in the list, `none` without an image, or the status of a refusal. */
  let latest: string | null | number
  let stored: object

  beforeEach(async () => {
    asked = []
    opened = 0
    latest = 'sha512'
    server = await serve((request, response) => {
      const what = `${request.method} ${request.url?.replace(ID, 'ID')}`
      asked.push(what)
      request.resume()
      request.on('end', () => {
        if (what === 'PUT /v2/images/ID/file') return response.writeHead(204).end()
        const isList = what.startsWith('GET /v2/images?')
        if (isList && typeof latest === 'number') return response.writeHead(latest).end()
        const image = {id: ID, status: 'active', visibility: 'shared', size: BYTES.length, ...stored}
        const images = latest === 'none' ? [] : [{id: '1', os_hash_algo: latest}]
        return response.end(JSON.stringify(isList ? {images} : image))
      })
    })
    api = await openImageApi({url: server.url, version: 2, retryPolicy: new RetryPolicy({retries: 0})})
  })
  afterEach(async () => {
    await api.close()
    await server.close()
  })

  const file = (contents: () => Buffer = () => BYTES): ImageData => ({
    size: BYTES.length,
    repeatable: true,
    open: () => {
      opened++
      return Readable.from([contents()])
    },
  })
  const pipe: ImageData = {repeatable: false, open: () => Readable.from([BYTES])}
  const storeHash = (algorithm: string, value: string, checksum = digest('md5')) => {
    stored = {os_hash_algo: algorithm, os_hash_value: value, checksum}
  }
  const unverified = (algorithm: string, ours: string) =>
    failure(
      'unverified',
      `the data of image ${ID} does not match the data that was sent`,
      `the service computed the ${algorithm} ${WRONG}, expected ${ours}`,
    )

  for (const [algorithm, name] of [
    ['sha512', 'sha512'],
    ['sha256', 'sha256'],
    ['sha3_512', 'sha3-512'],
    ['blake2b', 'blake2b512'],
    ['blake2s', 'blake2s256'],
  ] as const) {
    it(`compares ${algorithm} when the newest image has that`, async () => {
      latest = algorithm
      storeHash(algorithm, digest(name))
      await api.add(DRAFT, file())
      storeHash(algorithm, WRONG)
      await assert.rejects(api.add(DRAFT, file()), unverified(algorithm, digest(name)))
      assert.equal(opened, 2)
    })
  }

  it('reads a file again when the service uses another hash than before', async () => {
    storeHash('sha256', digest('sha256'))
    await api.add(DRAFT, file())
    assert.equal(opened, 2)
    storeHash('sha256', WRONG)
    await assert.rejects(api.add(DRAFT, file()), unverified('sha256', digest('sha256')))
  })

  it('compares the checksum when the service has no other digest, or an unknown one', async () => {
    for (const unknownHash of [{}, {os_hash_algo: 'blake3', os_hash_value: WRONG}]) {
      stored = {...unknownHash, checksum: digest('md5')}
      await api.add(DRAFT, file())
      stored = {...unknownHash, checksum: WRONG}
      await assert.rejects(api.add(DRAFT, file()), unverified('checksum', digest('md5')))
    }
  })

  it('warns when no digest of the service can be compared', async () => {
    stored = {os_hash_algo: 'blake3', os_hash_value: WRONG, checksum: null}
    const warnings: string[] = []
    await api.add(DRAFT, file(), {onWarning: text => warnings.push(text)})
    assert.deepEqual(warnings, [
      'the service hashes with blake3, which cannot be checked here; only the size was compared',
    ])
  })

  it('reports a file that changed before it was read again', async () => {
    storeHash('sha256', digest('sha256'))
    const changing = file(() => (opened === 1 ? BYTES : Buffer.alloc(BYTES.length)))
    const what = `cannot verify the data of image ${ID}`
    await assert.rejects(
      api.add(DRAFT, changing),
      failure('unverified', what, 'the file was changed while it was sent'),
    )
  })

  it('computes the usual digest when nothing shows another, and reads the file again if it was not that', async () => {
    for (latest of ['none', 500, 403]) {
      opened = 0
      storeHash('sha512', digest('sha512'))
      await api.add(DRAFT, file())
      assert.equal(opened, 1)
      storeHash('sha512', WRONG)
      await assert.rejects(api.add(DRAFT, file()), unverified('sha512', digest('sha512')))
      storeHash('sha256', digest('sha256'))
      await api.add(DRAFT, file())
      assert.equal(opened, 4)
      storeHash('sha256', WRONG)
      await assert.rejects(api.add(DRAFT, file()), unverified('sha256', digest('sha256')))
    }
  })

  it('computes the checksum when the newest image has no other digest, or an unknown one', async () => {
    for (latest of [null, 'blake3']) {
      opened = 0
      stored = {checksum: digest('md5')}
      await api.add(DRAFT, file())
      stored = {checksum: WRONG}
      await assert.rejects(api.add(DRAFT, file()), unverified('checksum', digest('md5')))
      assert.equal(opened, 2)
    }
  })

  it('sends no query for a pipe, which cannot be read again, nor for data with a checksum', async () => {
    storeHash('sha256', digest('sha256'))
    await api.add(DRAFT, pipe)
    await api.add({...DRAFT, checksum: digest('md5')}, file())
    assert.deepEqual(
      asked.filter(what => what.startsWith('GET /v2/images?')),
      [],
    )
    storeHash('sha256', digest('sha256'), WRONG)
    await assert.rejects(api.add(DRAFT, pipe), unverified('checksum', digest('md5')))
  })

  it('requests the newest active image, once, before the data is sent', async () => {
    storeHash('sha512', digest('sha512'))
    await api.add(DRAFT, file())
    assert.deepEqual(asked, [
      'POST /v2/images',
      'GET /v2/images?status=active&limit=1',
      'PUT /v2/images/ID/file',
      'GET /v2/images/ID',
    ])
  })

  it('sends no query when nothing is compared', async () => {
    await api.add(DRAFT, file(), {verify: false})
    assert.equal(asked.length, 3)
  })
})
