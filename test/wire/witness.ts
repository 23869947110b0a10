/** Plays recorded exchanges against a service and compares what it answers, word for word. */
import assert from 'node:assert/strict'
import {rm} from 'node:fs/promises'
import {join} from 'node:path'
import type {ServerSettings} from '../../src/server/config.js'
import {type ForeignSource, startForeignSource} from '../support/foreign-source.js'
import {exchange, type RawAnswer} from '../support/raw-http.js'
import {startService, type TestService} from '../support/service.js'
import {DEVIATIONS} from './deviations.js'
import {bytesOf, type Exchange, exchangesOf, spelled} from './exchanges.js'

/** What a section is played against. */
interface Stage {
  service: TestService
  source: ForeignSource
}

/** One mocha test for each exchange of the table, in order, against one service; preparations belong to the test behind them. */
export function witness(title: string, table: string, settings: Partial<ServerSettings> = {}): void {
  describe(`v1 wire ${title}`, () => {
    const stage = {} as Stage
    before(async () => {
      stage.source = await startForeignSource()
      stage.service = await startService({fetchFromAnywhere: true, ...settings})
    })
    after(async () => {
      stage.source.close()
      await stage.service.close()
    })
    let preparations: Exchange[] = []
    for (const recorded of exchangesOf(table)) {
      preparations.push(recorded)
      if (recorded.id === '') continue
      test(recorded, preparations.slice(0, -1), stage)
      preparations = []
    }
  })
}

function test(recorded: Exchange, preparations: readonly Exchange[], stage: Stage): void {
  const deviation = DEVIATIONS[recorded.id]
  const note = deviation ? ` [differs: ${deviation.why}]` : ''
  const expected = deviation ? {...recorded, ...partsOf(deviation.instead)} : recorded
  it(`${recorded.id} ${recorded.title}${note}`, async () => {
    for (const preparation of preparations) await play(preparation, stage)
    await play(expected, stage)
  })
}

function partsOf(instead: string): Partial<Exchange> {
  const {status, answerHeaders, expected, after} = exchangesOf(`X1\n${instead}`)[0]!
  return {status, answerHeaders, expected, after}
}

async function play(told: Exchange, stage: Stage): Promise<void> {
  const fill = filler(stage)
  for (const deed of told.before) await perform(fill(deed), stage)
  const request = fill(bytesOf(told, '{HOST}'))
  const answer = await exchange(stage.service.port, request, {toHead: told.method === 'HEAD'})
  assert.equal(answer.status, told.status, answer.body.toString())
  for (const header of told.answerHeaders.map(fill)) checkHeader(answer, header)
  for (const [kind, value] of told.expected) checkBody(kind, spelled(fill(value)), answer, told)
  if (told.after !== undefined) await checkState(told, fill, stage.service.port)
}

type Fill = (text: string) => string

/** Section numbers of images and names of hosts, as they are in this run. */
function filler({service, source}: Stage): Fill {
  return text =>
    text
      .replace(/#(\d+)/g, (_, number: string) => `${number.padStart(8, '0')}-0000-4000-8000-000000000000`)
      .replaceAll('{HOST}', `127.0.0.1:${service.port}`)
      .replaceAll('{SOURCE}', source.host)
}

async function perform(deed: string, {service, source}: Stage): Promise<void> {
  const [verb, id = ''] = deed.split(' ')
  if (verb === 'vanish') source.vanish()
  else if (verb === 'remove-file') await rm(join(service.dataDir, 'images', id))
  else throw new Error(`nobody knows how to ${deed}`)
}

function checkHeader(answer: RawAnswer, header: string): void {
  const [, name = '', value = ''] = /^([^:]+): ?(.*)$/.exec(header) ?? []
  const actual = answer.headers.get(name)
  if (value.includes('{UUID}')) assert.match(actual ?? '', pattern(value))
  else assert.equal(actual, value === '(none)' ? undefined : value, name)
}

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/

function pattern(text: string): RegExp {
  const quoted = text.replace(/[.*+?^$()|[\]\\/]/g, '\\$&')
  return new RegExp(`^${quoted.replaceAll('{UUID}', UUID)}$`)
}

type Check = (value: string, answer: RawAnswer, told: Exchange) => void

const CHECKS: Readonly<Record<string, Check>> = {
  html: checkHtml,
  text: (value, {headers, body}) => {
    assert.equal(headers.get('content-type'), 'text/plain; charset=UTF-8')
    assert.equal(body.toString(), JSON.parse(value))
  },
  json: (value, answer) => assert.deepEqual(jsonOf(answer), JSON.parse(value)),
  image: checkImage,
  names: checkNames,
  meta: checkMeta,
  data: (value, {headers, body}) => {
    assert.equal(body.toString(), value)
    assert.equal(headers.get('content-length'), String(value.length))
  },
  empty: (_, {headers, body}) => {
    assert.equal(body.length, 0)
    assert.match(headers.get('content-length') ?? '0', /^0$/)
  },
}

function checkBody(kind: string, value: string, answer: RawAnswer, told: Exchange): void {
  const check = CHECKS[kind]
  assert.ok(check, `nobody knows how to check ${kind}`)
  check(value, answer, told)
}

function jsonOf({headers, body}: RawAnswer): unknown {
  assert.equal(headers.get('content-type'), 'application/json')
  return JSON.parse(body.toString())
}

function checkHtml(words: string, {status, title, headers, body}: RawAnswer): void {
  assert.equal(headers.get('content-type'), 'text/html; charset=UTF-8')
  const code = `${status} ${title}`
  const page = body.toString().replace(/\s+/g, ' ')
  const expected = `<html> <head> <title>${code}</title> </head> <body> <h1>${code}</h1> ${words} </body> </html>`
  assert.equal(page, expected)
}

/** What an image is unless the record says otherwise. */
const PLAIN = {
  name: null,
  disk_format: null,
  container_format: null,
  checksum: null,
  owner: null,
  virtual_size: null,
  is_public: false,
  protected: false,
  min_ram: 0,
  min_disk: 0,
  deleted: false,
  deleted_at: null,
  properties: {},
}

function checkImage(value: string, answer: RawAnswer): void {
  const {image} = jsonOf(answer) as {image: Record<string, unknown>}
  const {created_at, updated_at, ...rest} = image
  const expected = {...PLAIN, ...(JSON.parse(value) as Record<string, unknown>)} as Record<string, unknown>
  if (expected['id'] === '{UUID}') expected['id'] = rest['id']
  assert.match(String(rest['id']), /^[0-9a-fA-F-]{32,36}$/)
  assert.match(String(created_at), TIME)
  assert.match(String(updated_at), TIME)
  assert.deepEqual(rest, expected)
}

const BRIEF_KEYS = 'checksum container_format disk_format id name size'
const FULL_KEYS =
  'checksum container_format created_at deleted deleted_at disk_format id is_public min_disk min_ram name ' +
  'owner properties protected size status updated_at virtual_size'

function checkNames(value: string, answer: RawAnswer, {path}: Exchange): void {
  const {images} = jsonOf(answer) as {images: Record<string, unknown>[]}
  assert.equal(images.map(image => image['name']).join(' '), value)
  const keys = path.includes('/detail') ? FULL_KEYS : BRIEF_KEYS
  for (const image of images) assert.equal(Object.keys(image).sort().join(' '), keys)
}

const PLAIN_META = {min_ram: '0', min_disk: '0', protected: 'False', deleted: 'False', is_public: 'False'}

function checkMeta(value: string, {headers}: RawAnswer): void {
  const meta: Record<string, string> = {}
  for (const [name, text] of headers) {
    if (name.startsWith('x-image-meta-')) meta[name.slice(13)] = Buffer.from(text, 'latin1').toString('utf8')
  }
  for (const name of ['created_at', 'updated_at', 'deleted_at']) {
    if (meta[name] !== undefined) assert.match(meta[name], TIME)
  }
  const {created_at: _created, updated_at: _updated, ...rest} = meta
  if (rest['deleted_at']) rest['deleted_at'] = 'TIME'
  assert.deepEqual(rest, {...PLAIN_META, ...(JSON.parse(value) as Record<string, string>)})
}

/** The state may come later: copies run on their own. */
async function checkState(told: Exchange, fill: Fill, port: number): Promise<void> {
  const header = told.headers.find(text => text.startsWith('x-image-meta-id: '))
  const id = fill(header?.slice(17) ?? told.path.slice('/v1/images/'.length))
  const deadline = Date.now() + 1500
  let state = await stateOf(id, port)
  while (state !== told.after && Date.now() < deadline) state = await stateOf(id, port)
  assert.equal(state, told.after)
}

/** As the record writes it: `status=killed, size=10`, with the checksum when there is one; `none` for no image. */
export async function stateOf(id: string, port: number): Promise<string> {
  const request = `HEAD /v1/images/${id} HTTP/1.1\r\nHost: localhost\r\n\r\n`
  const {status, headers} = await exchange(port, request, {toHead: true})
  if (status === 404) return 'none'
  const told = ['status', 'size', 'checksum', 'deleted'].map(
    name => [name, headers.get(`x-image-meta-${name}`)] as const,
  )
  const shown = told.filter(
    ([name, value]) => value !== undefined && !(name === 'deleted' && value === 'False'),
  )
  return shown.map(([name, value]) => `${name}=${value}`).join(', ')
}
