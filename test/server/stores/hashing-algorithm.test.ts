/** The setting `hashing_algorithm`: the second digest of data that is uploaded, added by its location, and verified. */
import assert from 'node:assert/strict'
import {createHash} from 'node:crypto'
import {readFile, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import type {Failure} from '../../../src/lib/model/errors.js'
import {GivenSettings} from '../../../src/server/settings/sources.js'
import {runLine} from '../../support/command-line.js'
import {type ForeignSource, startForeignSource} from '../../support/http/foreign-source.js'
import {useTempDir} from '../../support/temp-dir.js'
import {startService, type TestService} from '../../support/test-service.js'

const DATA = '0123456789abcdef'
const SHA256 = '9f9f5111f7b27a781f1f1ddde5ebc2dd2b796bfc7365c9c28b548e564176929f'
const IMAGE = {disk_format: 'raw', container_format: 'bare'}
const PATCH = {'content-type': 'application/openstack-images-v2.1-json-patch'}

type Json = Readonly<Record<string, unknown>>

describe('the algorithm of the second digest', () => {
  const folder = useTempDir()
  let service: TestService
  let source: ForeignSource

  const start = (algorithm: string, name = 'service') =>
    startService({
      dataDir: join(folder(), name),
      showLocations: true,
      fetchFromAnywhere: true,
      given: new GivenSettings({assignments: [`hashing_algorithm=${algorithm}`], env: {}}),
    })
  beforeEach(async () => {
    source = await startForeignSource()
    service = await start('sha256')
  })
  afterEach(async () => {
    await service.close()
    source.close()
  })

  const ask = async (method: string, path: string, body?: object, headers: Record<string, string> = {}) => {
    const init = {method, headers, ...(body && {body: JSON.stringify(body)})}
    const reply = await fetch(`${service.url}/v2/images${path}`, init)
    const text = await reply.text()
    return {status: reply.status, text, json: (text.startsWith('{') ? JSON.parse(text) : {}) as Json}
  }
  const create = async () => String((await ask('POST', '', IMAGE)).json['id'])
  const findDigest = async (id: string) => {
    const {os_hash_algo: algorithm, os_hash_value: value} = (await ask('GET', `/${id}`)).json
    return [algorithm, value]
  }
  const addLocation = (id: string, algorithm: string, value: string) => {
    const location = {
      url: `http://${source.host}/src.img`,
      metadata: {},
      validation_data: {os_hash_algo: algorithm, os_hash_value: value},
    }
    return ask('PATCH', `/${id}`, [{op: 'add', path: '/locations/-', value: location}], PATCH)
  }

  it('is that of uploads, which the tool verifies, and of downloads', async () => {
    await writeFile(join(folder(), 'image'), DATA)
    const added = await runLine(
      'glance add name=a disk_format=raw container_format=bare < image',
      folder(),
      service.url,
    )
    assert.equal(added.code, 0, added.stderr)
    const id = added.stdout.trim().split(' ').at(-1) ?? ''
    assert.deepEqual(await findDigest(id), ['sha256', SHA256])
    const line = `glance download ${id} --file copy`
    const done = await runLine(line, folder(), service.url)
    assert.equal(done.code, 0, done.stderr)
    assert.equal(await readFile(join(folder(), 'copy'), 'utf8'), DATA)
  })

  it('stays that of data that was there before the setting changed', async () => {
    const id = await create()
    const upload = {method: 'PUT', headers: {'content-type': 'application/octet-stream'}, body: DATA}
    assert.equal((await fetch(`${service.url}/v2/images/${id}/file`, upload)).status, 204)
    await service.close()
    service = await start('sha384')
    assert.deepEqual(await findDigest(id), ['sha256', SHA256])
    const next = await create()
    assert.equal((await fetch(`${service.url}/v2/images/${next}/file`, upload)).status, 204)
    assert.deepEqual(await findDigest(next), ['sha384', createHash('sha384').update(DATA).digest('hex')])
  })

  it('is required of digests of locations', async () => {
    const id = await create()
    const other = await addLocation(id, 'sha512', 'a'.repeat(128))
    assert.equal(other.status, 409)
    assert.match(other.text, /os_hash_algo must be sha256, not sha512/)
    const short = await addLocation(id, 'sha256', 'a'.repeat(62))
    assert.equal(short.status, 409)
    assert.match(short.text, /is not the correct size for sha256 \(should be 32 bytes\)/)
    assert.equal((await addLocation(id, 'sha256', SHA256)).status, 200)
    assert.deepEqual(await findDigest(id), ['sha256', SHA256])
  })

  it('is computed of locations without digests', async () => {
    const id = await create()
    const url = `http://${source.host}/src.img`
    assert.equal((await ask('POST', `/${id}/locations`, {url})).status, 202)
    while ((await findDigest(id))[1] === null) await new Promise(setImmediate)
    assert.deepEqual(await findDigest(id), ['sha256', SHA256])
  })

  it('must be one that all clients know', async () => {
    await assert.rejects(start('crc32', 'other'), (error: Failure) => {
      assert.equal(error.kind, 'usage')
      assert.match(
        error.message,
        /invalid hashing_algorithm 'crc32' in --set: expected sha256 or sha384 or sha512/,
      )
      return true
    })
  })
})
