/** Three processes on one PostgreSQL, one of which is killed in each round: nothing acknowledged is lost, nothing remains. */
import assert from 'node:assert/strict'
import {type ChildProcess, spawn} from 'node:child_process'
import {createHash, randomBytes, randomInt, randomUUID} from 'node:crypto'
import {once} from 'node:events'
import {createInterface} from 'node:readline'
import {fileURLToPath} from 'node:url'
import {keyFromLocation} from '../../src/server/stores/data-key.js'
import {listFiles} from '../support/shared-services.js'
import {useTempDir} from '../support/temp-dir.js'
import {describePostgres, useDatabase} from './postgres.js'

/** Rounds to run; PROCESS_ROUNDS asks for more. */
const ROUNDS = Number(process.env['PROCESS_ROUNDS'] ?? 2)
const PROCESSES = 3
const WORKERS = 9
/** Changes that are acknowledged in a round before and after the death of a process, at least. */
const CHANGES = 60
const MAX_BYTES = 300_000
const SCRIPT = fileURLToPath(new URL('../server/children/serve-shared.js', import.meta.url))
const SHARED_ID = '00000000-0000-4000-8000-000000000000'

const JSON_TYPE = 'application/json'
const OCTETS = 'application/octet-stream'
const PATCH = 'application/openstack-images-v2.1-json-patch'

/** What was acknowledged about an image. */
interface Known {
  status: 'queued' | 'uploading' | 'active' | 'deleted'
  name: string
  md5?: string
  /** A change may have been made, whose response never arrived. */
  isUnsure: boolean
}

interface Child {
  readonly process: ChildProcess
  readonly exited: Promise<unknown>
  readonly url: string
}

/** The process that was asked died. */
class Died extends Error {}

describePostgres('processes on one PostgreSQL that are killed under load', () => {
  const database = useDatabase()
  const folder = useTempDir()
  const images = new Map<string, Known>()
  const tags = new Set<string>()
  const children: Child[] = []
  let acknowledged = 0
  let hasEnded = false
  let victim: Child | undefined
  afterEach(async () => {
    for (const {process} of children) process.kill('SIGKILL')
    await Promise.all(children.map(({exited}) => exited))
  })

  async function start(): Promise<Child> {
    const settings = ['process_heartbeat=1', 'process_timeout=4']
    const args = [SCRIPT, folder(), database.url, ...settings]
    const process = spawn(globalThis.process.execPath, args, {stdio: ['ignore', 'pipe', 'ignore']})
    const exited = once(process, 'exit')
    const [url] = (await once(createInterface({input: process.stdout}), 'line')) as [string]
    return {process, exited, url}
  }

  /** Asks any process. @throws Died when that one is killed */
  async function send(
    method: string,
    path: string,
    type = JSON_TYPE,
    body?: string | Uint8Array<ArrayBuffer>,
  ) {
    const child = children[randomInt(PROCESSES)]!
    const init = {method, headers: {'content-type': type}, ...(body === undefined ? {} : {body})}
    const translate = (error: unknown): never => {
      throw child === victim ? new Died() : error
    }
    const reply = await fetch(child.url + path, init).catch(translate)
    const text = await reply.text().catch(translate)
    if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${text}`)
    acknowledged += 1
    if (acknowledged === CHANGES) {
      victim = children[randomInt(PROCESSES)]!
      victim.process.kill('SIGKILL')
    }
    if (acknowledged >= 2 * CHANGES) hasEnded = true
  }

  async function change(id: string, request: Promise<void>, changes: Partial<Known>): Promise<void> {
    const known = images.get(id)!
    known.isUnsure = true
    await request
    Object.assign(known, changes, {isUnsure: false})
  }

  async function workOnImage(): Promise<void> {
    const [id, name, tag] = [randomUUID(), randomUUID(), randomUUID()]
    const path = `/v2/images/${id}`
    images.set(id, {status: 'queued', name: '', isUnsure: true})
    const formats = {id, name: '', disk_format: 'raw', container_format: 'bare'}
    await change(id, send('POST', '/v2/images', JSON_TYPE, JSON.stringify(formats)), {})
    const kind = randomInt(4)
    const data = randomBytes(randomInt(MAX_BYTES))
    const md5 = createHash('md5').update(data).digest('hex')
    if (kind === 1 || kind === 2)
      await change(id, send('PUT', `${path}/file`, OCTETS, data), {md5, status: 'active'})
    if (kind === 3) await change(id, send('PUT', `${path}/stage`, OCTETS, data), {md5, status: 'uploading'})
    const rename = JSON.stringify([{op: 'replace', path: '/name', value: name}])
    await change(id, send('PATCH', path, PATCH, rename), {name})
    await send('PUT', `/v2/images/${SHARED_ID}/tags/${tag}`)
    tags.add(tag)
    if (kind === 3 && randomInt(2) === 0) {
      images.get(id)!.isUnsure = true
      await send('POST', `${path}/import`, JSON_TYPE, JSON.stringify({method: {name: 'glance-direct'}}))
    } else if (randomInt(2) === 0) await change(id, send('DELETE', path), {status: 'deleted'})
  }

  async function work(): Promise<void> {
    while (!hasEnded) {
      await workOnImage().catch(error => {
        if (!(error instanceof Died)) throw error
      })
    }
  }

  /** Waits until the others have repaired what the dead one left. */
  async function waitForRepair(): Promise<void> {
    const unfinished = `select 1 from images where status in ('saving', 'importing') or arriving is not null and deleted = 0
      union all select 1 from tasks where status not in ('success', 'failure') union all select 1 from unused_data`
    while ((await database.run(unfinished)).length > 0);
  }

  async function check(url: string): Promise<void> {
    const locations: string[] = []
    for (const [id, known] of images) {
      const reply = await fetch(`${url}/v2/images/${id}`)
      const image = (reply.ok ? await reply.json() : {}) as Readonly<Record<string, unknown>>
      const {status = 'deleted', name = ''} = image
      assert.ok(['queued', 'uploading', 'active', 'deleted'].includes(String(status)), `${id} is ${status}`)
      if (!known.isUnsure) assert.deepEqual([id, status], [id, known.status])
      if (!known.isUnsure && reply.ok) assert.equal(name, known.name)
      if (status === 'active') {
        const data = Buffer.from(await (await fetch(`${url}/v2/images/${id}/file`)).arrayBuffer())
        const md5 = createHash('md5').update(data).digest('hex')
        assert.equal(image['checksum'], md5)
        if (!known.isUnsure) assert.equal(md5, known.md5)
      }
    }
    const {tags: found} = (await (await fetch(`${url}/v2/images/${SHARED_ID}`)).json()) as {tags: string[]}
    assert.deepEqual(
      [...tags].filter(tag => !found.includes(tag)),
      [],
    )
    const rows = await database.run('select location from images where location is not null and deleted = 0')
    locations.push(...rows.map(({location}) => keyFromLocation(String(location))))
    assert.deepEqual([...(await listFiles(folder()))].sort(), locations.sort())
    // From now on the comparison of files and rows is enough.
    images.clear()
  }

  it(`keep all that they acknowledged, and nothing else, in ${ROUNDS} rounds`, async function () {
    this.timeout((ROUNDS + 1) * 60_000)
    for (let n = 0; n < PROCESSES; n++) children.push(await start())
    await fetch(`${children[0]!.url}/v2/images`, {
      method: 'POST',
      headers: {'content-type': JSON_TYPE},
      body: JSON.stringify({id: SHARED_ID, name: 'shared'}),
    })
    for (let round = 0; round < ROUNDS; round++) {
      acknowledged = 0
      hasEnded = false
      victim = undefined
      tags.clear()
      await fetch(`${children[0]!.url}/v2/images/${SHARED_ID}`, {
        method: 'PATCH',
        headers: {'content-type': PATCH},
        body: JSON.stringify([{op: 'replace', path: '/tags', value: []}]),
      })
      await Promise.all(Array.from({length: WORKERS}, work))
      const dead = children.indexOf(victim!)
      await waitForRepair()
      await check(children[(dead + 1) % PROCESSES]!.url)
      children[dead] = await start()
    }
  })
})
