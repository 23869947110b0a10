/** A data directory that was moved together with its contents. */
import assert from 'node:assert/strict'
import {cp, mkdir, readFile, rename, rm} from 'node:fs/promises'
import {join} from 'node:path'
import {pathToFileURL} from 'node:url'
import {openRegistry} from '../../src/server/registry/sqlite/open.js'
import {exchange, type RawAnswer} from '../support/http/raw-http.js'
import {useTempDir} from '../support/temp-dir.js'
import {findDataFile, startService, type TestService} from '../support/test-service.js'

const ID = '00000001-0000-4000-8000-000000000000'
const POST =
  `POST /v1/images HTTP/1.1\r\nHost: localhost\r\nx-image-meta-id: ${ID}\r\nx-image-meta-disk_format: raw\r\n` +
  'x-image-meta-container_format: bare\r\nContent-Type: application/octet-stream\r\nContent-Length: 3\r\n\r\nabc'

describe('a data directory that was moved', () => {
  const directory = useTempDir()
  const oldPath = () => join(directory(), 'before')
  const newPath = () => join(directory(), 'deep', 'after')
  let service: TestService
  beforeEach(async () => {
    const old = await startService({dataDir: oldPath()})
    await exchange(old.port, POST)
    await old.close()
    await mkdir(join(directory(), 'deep'))
  })
  afterEach(() => service.close())

  const ask = (method: string): Promise<RawAnswer> =>
    exchange(service.port, `${method} /v1/images/${ID} HTTP/1.1\r\nHost: localhost\r\n\r\n`)

  it('still has its images', async () => {
    await rename(oldPath(), newPath())
    service = await startService({dataDir: newPath()})
    const answer = await ask('GET')
    assert.equal(answer.status, 200, answer.body.toString())
    assert.equal(answer.body.toString(), 'abc')
  })

  it('frees their space', async () => {
    await rename(oldPath(), newPath())
    service = await startService({dataDir: newPath()})
    assert.equal((await ask('DELETE')).status, 200)
    assert.deepEqual(await service.listStored(), [])
  })

  it('does not touch the directory it was copied from', async () => {
    // Without the empty log next to the registry, which the driver may remove at any time.
    for (const part of ['registry.sqlite', 'images'])
      await cp(join(oldPath(), part), join(newPath(), part), {recursive: true})
    service = await startService({dataDir: newPath()})
    assert.equal((await ask('DELETE')).status, 200)
    assert.deepEqual(await service.listStored(), [])
    assert.equal(await readFile(await findDataFile(oldPath(), ID), 'utf8'), 'abc')
  })

  it('reads the full path of a file, as earlier releases wrote it', async () => {
    const registry = await openRegistry(join(oldPath(), 'registry.sqlite'))
    const location = pathToFileURL(join('/srv/old/images', ID)).href
    assert.equal((await registry.change(ID, () => ({location})))?.location, `file:///srv/old/images/${ID}`)
    await registry.close()
    await rename(await findDataFile(oldPath(), ID), join(oldPath(), 'images', ID))
    await rename(oldPath(), newPath())
    service = await startService({dataDir: newPath()})
    assert.equal((await ask('GET')).body.toString(), 'abc')
    await rm(await findDataFile(newPath(), ID))
    assert.equal((await ask('GET')).status, 404)
  })
})
