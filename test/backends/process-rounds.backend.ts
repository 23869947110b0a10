/** Three processes on one PostgreSQL, one of which is killed in each round: nothing acknowledged is lost, nothing remains. */
import assert from 'node:assert/strict'
import {createHash, randomBytes, randomInt, randomUUID} from 'node:crypto'
import {keyFromLocation} from '../../src/server/stores/data-key.js'
import {type Served, serve} from '../support/http/serve.js'
import {type Child, PLACES, type Place} from './fleet.js'
import {describePostgres, type TestDatabase, useDatabase} from './postgres.js'

/** Rounds to run; PROCESS_ROUNDS asks for more, and tells about each. */
const ROUNDS = Number(process.env['PROCESS_ROUNDS'] ?? 2)
const PROCESSES = 3
const WORKERS = 9
/** Changes that are acknowledged in a round before and after the death of a process, at least. */
const CHANGES = 60
const MAX_BYTES = 300_000
/** Some data is larger than a segment in Swift, which has 1 MiB here. */
const LARGE_BYTES = 2_500_000
const SETTINGS = ['process_heartbeat=1', 'process_timeout=4', 'sql_timeout=20']
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

type Body = string | Uint8Array<ArrayBuffer>

/** The process that was asked died, or the machine has too much to do for its database. */
class Unanswered extends Error {}

const hash = (data: Uint8Array) => createHash('md5').update(data).digest('hex')

/** The data that the source of imports has at a path: `/SIZE/WORD`. */
function sourceData(path: string): Buffer<ArrayBuffer> {
  return Buffer.alloc(Number(path.split('/')[1]), path)
}

/** Requests to three services, of which one dies, and what they acknowledged. */
class Rounds {
  readonly #database: TestDatabase
  readonly #place: Place
  readonly #source: Served
  readonly #images = new Map<string, Known>()
  readonly #tags = new Set<string>()
  readonly #children: Child[] = []
  #acknowledged = 0
  #hasEnded = false
  #victim: Child | undefined

  constructor(database: TestDatabase, place: Place, source: Served) {
    this.#database = database
    this.#place = place
    this.#source = source
  }

  async start(): Promise<void> {
    for (let n = 0; n < PROCESSES; n++) this.#children.push(await this.#place.start(SETTINGS))
    await this.#sendToFirst('POST', '/v2/images', JSON_TYPE, {id: SHARED_ID, name: 'shared'})
  }

  /** @returns what happened, for people */
  async run(): Promise<string> {
    this.#acknowledged = 0
    this.#hasEnded = false
    this.#victim = undefined
    this.#tags.clear()
    const noTags = [{op: 'replace', path: '/tags', value: []}]
    await this.#sendToFirst('PATCH', `/v2/images/${SHARED_ID}`, PATCH, noTags)
    await Promise.all(Array.from({length: WORKERS}, () => this.#work()))
    const ended = performance.now()
    await this.#waitForRepair()
    const repaired = Math.round(performance.now() - ended)
    const [count, dead] = [this.#images.size, this.#children.indexOf(this.#victim!)]
    await this.#check(this.#children[(dead + 1) % PROCESSES]!.url)
    this.#children[dead] = await this.#place.start(SETTINGS)
    return `${count} images, ${this.#acknowledged} changes, repaired after ${repaired} ms`
  }

  #sendToFirst(method: string, path: string, type: string, body: object): Promise<Response> {
    const init = {method, headers: {'content-type': type}, body: JSON.stringify(body)}
    return fetch(this.#children[0]!.url + path, init)
  }

  /** Asks any process. @throws Unanswered when that one is killed, or cannot do it now */
  async #send(method: string, path: string, type = JSON_TYPE, body?: Body): Promise<void> {
    const child = this.#children[randomInt(PROCESSES)]!
    const init = {method, headers: {'content-type': type}, ...(body === undefined ? {} : {body})}
    const translate = (error: unknown): never => {
      throw child === this.#victim ? new Unanswered() : error
    }
    const reply = await fetch(child.url + path, init).catch(translate)
    const text = await reply.text().catch(translate)
    if (reply.status === 503) throw new Unanswered()
    if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${text}`)
    this.#acknowledged += 1
    if (this.#acknowledged === CHANGES) {
      this.#victim = this.#children[randomInt(PROCESSES)]!
      this.#victim.process.kill('SIGKILL')
    }
    if (this.#acknowledged >= 2 * CHANGES) this.#hasEnded = true
  }

  async #change(id: string, request: Promise<void>, changes: Partial<Known>): Promise<void> {
    const known = this.#images.get(id)!
    known.isUnsure = true
    await request
    Object.assign(known, changes, {isUnsure: false})
  }

  async #create(id: string): Promise<void> {
    this.#images.set(id, {status: 'queued', name: '', isUnsure: true})
    const formats = {id, name: '', disk_format: 'raw', container_format: 'bare'}
    await this.#change(id, this.#send('POST', '/v2/images', JSON_TYPE, JSON.stringify(formats)), {})
  }

  /** An acknowledged import completes, whichever process dies. */
  #startImport(id: string, method: object, changes: Partial<Known>): Promise<void> {
    const request = this.#send('POST', `/v2/images/${id}/import`, JSON_TYPE, JSON.stringify({method}))
    return this.#change(id, request, {...changes, status: 'active'})
  }

  /** Gives an image data in one of several manners. @returns whether it was staged */
  async #addData(id: string, word: string): Promise<boolean> {
    const kind = randomInt(5)
    const data = randomBytes(randomInt(randomInt(8) === 0 ? LARGE_BYTES : MAX_BYTES))
    const md5 = hash(data)
    const put = (call: string) => this.#send('PUT', `/v2/images/${id}/${call}`, OCTETS, data)
    if (kind === 1 || kind === 2) await this.#change(id, put('file'), {md5, status: 'active'})
    if (kind === 3) await this.#change(id, put('stage'), {md5, status: 'uploading'})
    if (kind === 4) {
      const path = `/${data.length}/${word}`
      const method = {name: 'web-download', uri: this.#source.url + path}
      await this.#startImport(id, method, {md5: hash(sourceData(path))})
    }
    return kind === 3
  }

  async #workOnImage(): Promise<void> {
    const [id, name, tag] = [randomUUID(), randomUUID(), randomUUID()]
    const path = `/v2/images/${id}`
    await this.#create(id)
    const isStaged = await this.#addData(id, name)
    const rename = JSON.stringify([{op: 'replace', path: '/name', value: name}])
    await this.#change(id, this.#send('PATCH', path, PATCH, rename), {name})
    await this.#send('PUT', `/v2/images/${SHARED_ID}/tags/${tag}`)
    this.#tags.add(tag)
    if (isStaged && randomInt(3) > 0) await this.#startImport(id, {name: 'glance-direct'}, {})
    else if (randomInt(2) === 0) await this.#change(id, this.#send('DELETE', path), {status: 'deleted'})
  }

  async #work(): Promise<void> {
    while (!this.#hasEnded) {
      await this.#workOnImage().catch(error => {
        if (!(error instanceof Unanswered)) throw error
      })
    }
  }

  /** Waits until the others have repaired what the dead one left. */
  async #waitForRepair(): Promise<void> {
    const unfinished = `select 1 from images where status in ('saving', 'importing') or arriving is not null and deleted = 0
      union all select 1 from tasks where status not in ('success', 'failure') union all select 1 from unused_data`
    while ((await this.#database.run(unfinished)).length > 0);
  }

  async #check(url: string): Promise<void> {
    for (const [id, known] of this.#images) await checkImage(`${url}/v2/images/${id}`, known)
    const {tags} = (await (await fetch(`${url}/v2/images/${SHARED_ID}`)).json()) as {tags: string[]}
    const lost = [...this.#tags].filter(tag => !tags.includes(tag))
    assert.deepEqual(lost, [])
    const select = 'select location from images where location is not null and deleted = 0'
    const rows = await this.#database.run(select)
    const used = rows.map(({location}) => keyFromLocation(String(location)))
    let keys = await this.#place.listKeys()
    // A process that was late, and so seemed dead, may still be deleting what it stored.
    for (let n = 0; n < 100 && keys.length > used.length; n++) keys = await this.#place.listKeys()
    assert.deepEqual([...keys].sort(), used.sort())
    // From now on the comparison of data and rows is enough.
    this.#images.clear()
  }
}

async function checkImage(url: string, known: Known): Promise<void> {
  const reply = await fetch(url)
  const image = (reply.ok ? await reply.json() : {}) as Readonly<Record<string, unknown>>
  const {status = 'deleted', name = '', checksum} = image
  assert.ok(['queued', 'uploading', 'active', 'deleted'].includes(String(status)), `${url} is ${status}`)
  if (!known.isUnsure) assert.deepEqual([url, status], [url, known.status])
  if (!known.isUnsure && reply.ok) assert.equal(name, known.name)
  if (status !== 'active') return
  const md5 = hash(new Uint8Array(await (await fetch(`${url}/file`)).arrayBuffer()))
  assert.equal(checksum, md5)
  if (!known.isUnsure) assert.equal(md5, known.md5)
}

for (const {name, describe, usePlace} of PLACES) {
  describe(`in ${name}`, () => {
    describePostgres('processes on one PostgreSQL that are killed under load', () => {
      const database = useDatabase()
      const place = usePlace(database)
      let source: Served
      before(async () => {
        source = await serve(({url = ''}, response) => response.end(sourceData(url)))
      })
      after(() => source.close())

      it(`keep all that they acknowledged, and nothing else, in ${ROUNDS} rounds`, async function () {
        this.timeout((ROUNDS + 1) * 60_000)
        const rounds = new Rounds(database, place, source)
        await rounds.start()
        for (let round = 1; round <= ROUNDS; round++) {
          const report = await rounds.run()
          if (ROUNDS > 2) process.stderr.write(`round ${round}: ${report}\n`)
        }
      })
    })
  })
}
