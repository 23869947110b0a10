/** Lists whose images are large: pages of bounded size that lead through all of them. */
import assert from 'node:assert/strict'
import {once} from 'node:events'
import type {Readable} from 'node:stream'
import {text} from 'node:stream/consumers'
import type {FastifyReply} from 'fastify'
import {sendList, sendWholeList} from '../../../src/server/api/send-list.js'
import type {ImageQuery, ImageRecord} from '../../../src/server/registry/registry.js'
import {openRegistry} from '../../../src/server/registry/sqlite/open.js'
import {useTempDir} from '../../support/temp-dir.js'
import {startService, type TestService} from '../../support/test-service.js'

interface Page {
  readonly images: readonly {readonly id: string}[]
  readonly next?: string
  readonly first?: string
}

const PROPERTY_BYTES = 262_000
const toId = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`

describe('lists of large images', () => {
  const dataDir = useTempDir()
  let service: TestService
  afterEach(() => service?.close())

  async function start(count: number, value: string): Promise<void> {
    service = await startService({dataDir: dataDir()})
    const registry = await openRegistry(`${dataDir()}/registry.sqlite`)
    for (let n = 0; n < count; n++)
      await registry.create({id: toId(n), isPublic: true, properties: {p: value}})
    await registry.close()
  }

  async function get(path: string): Promise<readonly [Page, number]> {
    const response = await fetch(`${service.url}${path}`)
    const body = await response.text()
    assert.equal(response.status, 200, body.slice(0, 200))
    assert.equal(response.headers.get('content-type'), 'application/json')
    return [JSON.parse(body) as Page, body.length]
  }

  it('have pages of at most 8 MiB, which lead to the end (v2)', async () => {
    await start(70, 'x'.repeat(PROPERTY_BYTES))
    const seen: string[] = []
    const counts: number[] = []
    let next: string | undefined = '/v2/images?limit=1000&sort=id:asc'
    while (next !== undefined) {
      const [page, characters]: readonly [Page, number] = await get(next)
      assert.ok(characters < 8_400_000, `${characters}`)
      assert.equal(page.first, '/v2/images?limit=1000&sort=id%3Aasc')
      counts.push(page.images.length)
      seen.push(...page.images.map(({id}) => id))
      next = page.next
    }
    assert.deepEqual(counts, [31, 31, 8])
    assert.deepEqual(
      seen,
      Array.from({length: 70}, (_, n) => toId(n)),
    )
  })

  it('have pages of at most 8 MiB, and an empty one at the end (v1)', async () => {
    await start(40, 'x'.repeat(PROPERTY_BYTES))
    const counts: number[] = []
    let marker = ''
    do {
      const [{images}] = await get(`/v1/images/detail?limit=1000&sort_key=id&sort_dir=asc${marker}`)
      counts.push(images.length)
      marker = `&marker=${images.at(-1)?.id}`
    } while (counts.at(-1) !== 0)
    assert.deepEqual(counts, [31, 9, 0])
    assert.equal((await get('/v1/images?limit=1000'))[0].images.length, 40)
  })

  it('are bounded by what is written, not by what is stored', async () => {
    await start(12, '\u0001'.repeat(PROPERTY_BYTES))
    const [page, characters] = await get('/v2/images?limit=1000')
    assert.ok(characters < 8_400_000, `${characters}`)
    assert.equal(page.images.length, 5)
    assert.match(page.next ?? '', /^\/v2\/images\?limit=1000&marker=/)
  })

  it('of ordinary images are sent as a whole, and long ones in parts, with the same text', async () => {
    await start(1000, 'x')
    const short = await fetch(`${service.url}/v2/images`)
    assert.equal(short.headers.get('content-length'), String((await short.text()).length))
    const long = await fetch(`${service.url}/v2/images?limit=1000`)
    assert.equal(long.headers.get('content-length'), null)
    const {images, next} = (await long.json()) as Page
    assert.deepEqual([new Set(images.map(({id}) => id)).size, next !== undefined], [1000, true])
    const [rest] = await get(next ?? '')
    assert.deepEqual(rest, {
      images: [],
      first: '/v2/images?limit=1000',
      schema: '/v2/schemas/images',
    })
  })
})

describe('the list that is sent', () => {
  it('is read as the client takes it', async () => {
    let reads = 0
    const image = (id: string) => ({id, properties: {p: 'x'.repeat(100_000)}}) as unknown as ImageRecord
    const read = async () => ({images: [image(String(++reads))], hasMore: true})
    const sent: Readable[] = []
    const reply = {header: () => reply, send: (payload: Readable) => sent.push(payload)}
    await sendList(reply as unknown as FastifyReply, {
      query: {sortKey: 'id', sortDir: 'asc', limit: 20},
      read,
      isVisible: () => true,
      toJson: ({id, properties}) => JSON.stringify({id, properties}),
      rest: last => ({last}),
    })
    assert.equal(reads, 2)
    const [stream] = sent
    assert.ok(stream)
    await once(stream, 'readable')
    assert.ok(reads <= 3, `${reads}`)
    const page = JSON.parse(await text(stream)) as Page & {readonly last: string}
    assert.deepEqual([reads, page.images.length, page.last], [20, 20, '20'])
  })

  it('goes on after rows that the caller may not see', async () => {
    const read = async ({marker = '0', limit}: ImageQuery) => {
      const last = Number(marker) + limit
      return {images: [{id: String(last)} as ImageRecord], hasMore: last < 3}
    }
    const sent: string[] = []
    const reply = {header: () => reply, send: (payload: string) => sent.push(payload)}
    const isVisible = ({id}: ImageRecord) => id !== '1'
    const toJson = ({id}: ImageRecord) => `"${id}"`
    const list = {read, isVisible, toJson, rest: (last?: string) => ({last})}
    const query = {sortKey: 'id', sortDir: 'asc', limit: 1} as const
    await sendList(reply as unknown as FastifyReply, {query, ...list})
    assert.deepEqual(sent, ['{"images":["2"],"last":"2"}'])
  })

  it('is read as the client takes it, without pages as well', async () => {
    const reads: (number | undefined)[] = []
    const read = async (last: number | undefined) => {
      reads.push(last)
      return last === 20 ? [] : [(last ?? 0) + 1]
    }
    const sent: Readable[] = []
    const reply = {header: () => reply, send: (payload: Readable) => sent.push(payload)}
    const view = (n: number) => ({n, text: 'x'.repeat(100_000)})
    await sendWholeList(reply as unknown as FastifyReply, {name: 'entries', read, view})
    assert.deepEqual(reads, [undefined, 1])
    const [stream] = sent
    assert.ok(stream)
    const {entries} = JSON.parse(await text(stream)) as {readonly entries: readonly {n: number}[]}
    assert.deepEqual([reads.length, entries.map(({n}) => n)], [21, Array.from({length: 20}, (_, i) => i + 1)])
  })
})

describe('the images that are shared with a project', () => {
  const dataDir = useTempDir()

  it('are listed completely', async () => {
    const service = await startService({dataDir: dataDir()})
    try {
      const registry = await openRegistry(`${dataDir()}/registry.sqlite`)
      for (let n = 0; n < 1001; n++) {
        await registry.create({id: toId(n)})
        await registry.putMember(toId(n), 'm', undefined)
      }
      await registry.close()
      const response = await fetch(`${service.url}/v1/shared-images/m`)
      const {shared_images: shares} = (await response.json()) as {shared_images: {image_id: string}[]}
      assert.deepEqual(
        shares.map(({image_id}) => image_id),
        Array.from({length: 1001}, (_, n) => toId(n)),
      )
    } finally {
      await service.close()
    }
  })
})
