/** Services that are killed under load: what was acknowledged is there after a restart, and nothing else remains. */
import assert from 'node:assert/strict'
import {type ChildProcess, spawn} from 'node:child_process'
import {createHash, randomBytes, randomInt, randomUUID} from 'node:crypto'
import {once} from 'node:events'
import {readdir} from 'node:fs/promises'
import {join} from 'node:path'
import {createInterface} from 'node:readline/promises'
import {fileURLToPath} from 'node:url'
import {sql} from 'kysely'
import {openDatabase} from '../../src/server/registry/sqlite/open.js'
import {imageIdFromKey} from '../../src/server/stores/data-key.js'
import {useTempDir} from '../support/temp-dir.js'

/** Rounds to run; CRASH_ROUNDS asks for more. */
const ROUNDS = Number(process.env['CRASH_ROUNDS'] ?? 3)
const WORKERS = 8
/** Changes that a round acknowledges before the service is killed, at least. */
const CHANGES = 40
const MAX_BYTES = 300_000

const OCTETS = {'content-type': 'application/octet-stream'}
const PATCH = {'content-type': 'application/openstack-images-v2.1-json-patch'}

/** What the service acknowledged about an image. */
interface Known {
  status: 'queued' | 'uploading' | 'active' | 'deleted'
  name: string
  /** MD5 of the data. */
  md5?: string
  /** A change was sent whose response never arrived: it may have been made. */
  isUnsure?: boolean
}

type Image = Readonly<Record<string, unknown>>

describe('a service that is killed under load', () => {
  const dataDir = useTempDir()
  let child: ChildProcess
  let exited: Promise<unknown>
  let url: string
  let images: Map<string, Known>
  let acknowledged: number
  let isKilled: boolean
  beforeEach(() => {
    images = new Map()
  })
  afterEach(() => {
    child.kill('SIGKILL')
  })

  async function start(): Promise<void> {
    const script = fileURLToPath(new URL('./children/serve.js', import.meta.url))
    child = spawn(process.execPath, [script, dataDir()], {stdio: ['ignore', 'pipe', 'ignore']})
    exited = once(child, 'exit')
    const [line] = (await once(createInterface({input: child.stdout!}), 'line')) as [string]
    url = line
    isKilled = false
    acknowledged = 0
  }

  /** Sends a change of an image, and records it once it is acknowledged. */
  async function change(id: string, request: () => Promise<Response>, record: (known: Known) => void) {
    const known = images.get(id)!
    known.isUnsure = true
    const {ok, status} = await request()
    assert.ok(ok, `${id}: ${status}`)
    record(known)
    known.isUnsure = false
    acknowledged += 1
    if (acknowledged < CHANGES || isKilled) return
    isKilled = true
    child.kill('SIGKILL')
  }

  const send = (
    method: string,
    path: string,
    headers: Record<string, string> = {},
    body?: string | Uint8Array<ArrayBuffer>,
  ) => fetch(url + path, {method, headers, ...(body === undefined ? {} : {body})})

  async function create(): Promise<string> {
    const id = randomUUID()
    images.set(id, {status: 'queued', name: '', isUnsure: true})
    const body = JSON.stringify({id, name: '', disk_format: 'raw', container_format: 'bare'})
    await change(
      id,
      () => send('POST', '/v2/images', {}, body),
      () => {},
    )
    return id
  }

  async function upload(id: string, path: 'file' | 'stage'): Promise<void> {
    const data = randomBytes(randomInt(MAX_BYTES))
    const md5 = createHash('md5').update(data).digest('hex')
    await change(
      id,
      () => send('PUT', `/v2/images/${id}/${path}`, OCTETS, data),
      known => {
        Object.assign(known, {md5, status: path === 'file' ? 'active' : 'uploading'})
      },
    )
  }

  async function rename(id: string): Promise<void> {
    const name = randomUUID()
    const body = JSON.stringify([{op: 'replace', path: '/name', value: name}])
    await change(
      id,
      () => send('PATCH', `/v2/images/${id}`, PATCH, body),
      known => {
        known.name = name
      },
    )
  }

  const remove = (id: string) =>
    change(
      id,
      () => send('DELETE', `/v2/images/${id}`),
      known => {
        known.status = 'deleted'
      },
    )

  /** Starts an import of staged data, which goes on after its response. */
  async function importStaged(id: string): Promise<void> {
    const body = JSON.stringify({method: {name: 'glance-direct'}})
    images.get(id)!.isUnsure = true
    await send('POST', `/v2/images/${id}/import`, {}, body)
  }

  /** Changes images of its own until the service is killed. */
  async function work(): Promise<void> {
    try {
      while (!isKilled) {
        const id = await create()
        const kind = randomInt(4)
        if (kind > 0) await upload(id, kind === 3 ? 'stage' : 'file')
        await rename(id)
        if (kind === 3 && randomInt(2) === 0) await importStaged(id)
        else if (randomInt(2) === 0) await remove(id)
      }
    } catch (error) {
      if (!isKilled) throw error
    }
  }

  /** Compares the images with what was acknowledged. @returns the statuses, and those with data in the store and staged */
  async function check() {
    const stored: string[] = []
    const staged: string[] = []
    for (const [id, known] of images) {
      const response = await send('GET', `/v2/images/${id}`)
      const image = response.ok ? ((await response.json()) as Image) : undefined
      const status = String(image?.['status'] ?? 'deleted')
      assert.ok(['queued', 'uploading', 'active', 'deleted'].includes(status), `${id} is ${status}`)
      if (!known.isUnsure) assert.deepEqual([id, status], [id, known.status])
      if (!known.isUnsure && image) assert.equal(image['name'], known.name)
      if (status === 'active') {
        const data = Buffer.from(await (await send('GET', `/v2/images/${id}/file`)).arrayBuffer())
        const md5 = createHash('md5').update(data).digest('hex')
        assert.deepEqual([image?.['checksum'], image?.['size']], [md5, data.length])
        if (!known.isUnsure) assert.equal(md5, known.md5)
        stored.push(id)
      }
      if (status === 'uploading') staged.push(id)
      images.set(id, {
        ...known,
        status: status as Known['status'],
        name: String(image?.['name'] ?? ''),
        isUnsure: false,
      })
      if (status === 'active') images.get(id)!.md5 = String(image?.['checksum'])
    }
    const files = async (folder: string) =>
      (await readdir(join(dataDir(), folder))).map(imageIdFromKey).sort()
    assert.deepEqual(await files('images'), stored.sort())
    assert.deepEqual(await files('staging'), staged.sort())
  }

  async function checkDatabase(): Promise<void> {
    const db = await openDatabase(join(dataDir(), 'registry.sqlite'))
    const {rows} = await sql<{integrity_check: string}>`pragma integrity_check`.execute(db)
    await db.destroy()
    assert.deepEqual(
      rows.map(row => row.integrity_check),
      ['ok'],
    )
  }

  it(`keeps all that it acknowledged, and nothing else, in ${ROUNDS} rounds`, async function () {
    this.timeout(ROUNDS * 60_000)
    await start()
    for (let round = 0; round < ROUNDS; round++) {
      await Promise.all(Array.from({length: WORKERS}, work))
      await exited
      await checkDatabase()
      await start()
      await check()
    }
  })
})
