/** Plays exchanges recorded with a cloud of 2023 against API v2 of a service, and compares what it answers. */
import assert from 'node:assert/strict'
import type {ServerSettings} from '../../src/server/config.js'
import {type ForeignSource, startForeignSource} from '../support/foreign-source.js'
import {exchange, type RawAnswer} from '../support/raw-http.js'
import {startService, type TestService} from '../support/service.js'
import {bytesOf, type Exchange, exchangesOf, spelled} from './exchanges.js'

/** What a section is played against. */
interface Stage {
  service: TestService
  source: ForeignSource
}

/**
 * One test for each exchange of the table, in order, against one service that believes its callers. The header `as` names
 * one: `alpha` and `beta` are members of their projects, `admin` is an administrator; `alpha` when none is named.
 */
export function witnessOfVersion2(
  title: string,
  table: string,
  settings: Partial<ServerSettings> = {},
): void {
  describe(`v2 wire ${title}`, () => {
    const stage = {} as Stage
    before(async () => {
      stage.source = await startForeignSource()
      stage.service = await startService({auth: 'fake', fetchFromAnywhere: true, ...settings})
    })
    after(async () => {
      stage.source.close()
      await stage.service.close()
    })
    for (const told of exchangesOf(table)) it(told.title || told.id, () => play(told, stage))
  })
}

const ROLES: Readonly<Record<string, string>> = {alpha: 'member', beta: 'member', admin: 'admin'}

async function play(told: Exchange, stage: Stage): Promise<void> {
  const fill = filler(stage)
  const request = bytesOf(filled(withToken(told), fill), fill('{HOST}'))
  const answer = await exchange(stage.service.port, request, {toHead: told.method === 'HEAD'})
  assert.equal(answer.status, told.status, answer.body.toString())
  for (const header of told.answerHeaders.map(fill)) checkHeader(answer, header)
  for (const [kind, value] of told.expected) CHECKS[kind]!(spelled(fill(value)), answer)
  if (told.after !== undefined) await checkImage(told, fill, stage.service.port)
}

function withToken(told: Exchange): Exchange {
  const who = told.headers.find(header => header.startsWith('as: '))?.slice(4) ?? 'alpha'
  const token = who === 'nobody' ? [] : [`x-auth-token: ${who}:${who}:${ROLES[who]}`]
  return {...told, headers: [...told.headers.filter(header => !header.startsWith('as: ')), ...token]}
}

type Fill = (text: string) => string

/** Before it becomes bytes, whose number is told. */
function filled(told: Exchange, fill: Fill): Exchange {
  const {path, headers, body} = told
  return {...told, path: fill(path), headers: headers.map(fill), body: body === undefined ? body : fill(body)}
}

function filler({service, source}: Stage): Fill {
  return text =>
    text
      .replace(/#(\d+)/g, (_, number: string) => idOf(number))
      .replaceAll('{HOST}', `127.0.0.1:${service.port}`)
      .replaceAll('{SOURCE}', source.host)
}

function idOf(number: string): string {
  return `${number.padStart(8, '0')}-0000-4000-8000-000000000000`
}

function checkHeader({headers}: RawAnswer, header: string): void {
  const [, name = '', value = ''] = /^([^:]+): ?(.*)$/.exec(header) ?? []
  const actual = headers.get(name)
  if (value.includes('{UUID}')) assert.match(actual ?? '', new RegExp(`^${value.replace('{UUID}', UUID)}$`))
  else assert.equal(actual, value === '(none)' ? undefined : value, name)
}

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}'
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/

/** What an image is unless the table says otherwise. */
const PLAIN = {
  name: null,
  disk_format: null,
  container_format: null,
  visibility: 'shared',
  size: null,
  virtual_size: null,
  status: 'queued',
  checksum: null,
  protected: false,
  min_ram: 0,
  min_disk: 0,
  owner: 'alpha',
  os_hidden: false,
  os_hash_algo: null,
  os_hash_value: null,
  tags: [],
  schema: '/v2/schemas/image',
}

type Json = Readonly<Record<string, unknown>>

const CHECKS: Readonly<Record<string, (value: string, answer: RawAnswer) => void>> = {
  html: checkHtml,
  text: (value, {headers, body}) => {
    assert.equal(headers.get('content-type'), 'text/plain; charset=UTF-8')
    assert.equal(body.toString(), JSON.parse(value))
  },
  json: (value, answer) => assert.deepEqual(withoutTimes(jsonOf(answer)), JSON.parse(value)),
  has: (value, answer) => assertHas(jsonOf(answer), JSON.parse(value) as Json),
  image: (value, answer) => assertImage(jsonOf(answer), value),
  names: (value, answer) => {
    const {images} = jsonOf(answer) as {images: Json[]}
    const shown = images.map(({name, size}) => `${name ?? '-'}(${size ?? '-'})`)
    assert.equal(shown.join(' ') || 'none', value)
  },
  next: (value, answer) => assert.equal(jsonOf(answer)['next'] ?? 'none', value),
  data: (value, {headers, body}) => {
    assert.equal(body.toString(), JSON.parse(value))
    assert.equal(headers.get('content-type'), 'application/octet-stream')
    assert.equal(headers.get('content-length'), String(body.length))
  },
  empty: (_, {body}) => assert.equal(body.length, 0),
}

function jsonOf({headers, body}: RawAnswer): Json {
  assert.equal(headers.get('content-type'), 'application/json')
  return JSON.parse(body.toString()) as Json
}

/** Times that were checked are gone, in members and lists of them too. */
function withoutTimes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutTimes)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([name, of]) => {
    if (name !== 'created_at' && name !== 'updated_at') return true
    assert.match(String(of), TIME)
    return false
  })
  return Object.fromEntries(entries.map(([name, of]) => [name, withoutTimes(of)]))
}

function assertHas(actual: Json, expected: Json): void {
  const seen = Object.fromEntries(Object.keys(expected).map(name => [name, actual[name]]))
  assert.deepEqual(seen, expected)
}

function assertImage(actual: Json, value: string): void {
  const {id, self, file, ...rest} = withoutTimes(actual) as Json
  const {id: wanted = id, ...expected} = JSON.parse(value) as Json
  assert.equal(id, wanted)
  assert.deepEqual([self, file], [`/v2/images/${String(id)}`, `/v2/images/${String(id)}/file`])
  assert.deepEqual(rest, {...PLAIN, ...expected})
}

/** Words of the record: `explanation | detail`, with entities as they are on the wire. */
function checkHtml(words: string, {status, title, headers, body}: RawAnswer): void {
  assert.equal(headers.get('content-type'), 'text/html; charset=UTF-8')
  assert.match(headers.get('x-openstack-request-id') ?? '', new RegExp(`^req-${UUID}$`))
  const code = `${status} ${title}`
  const [explanation = '', detail = ''] = words.split(' | ')
  const told =
    status === 405 ? `${explanation} <br /><br />` : `${explanation}<br /><br /> ${detail}`.trimEnd()
  const page = body.toString().replace(/\s+/g, ' ')
  const head = `<html> <head> <title>${code}</title> </head> <body> <h1>${code}</h1>`
  assert.equal(page, `${head} ${told} </body> </html>`)
}

/** What becomes of an image: `#5 {...}`; it may come later, as imports run on their own. */
async function checkImage(told: Exchange, fill: Fill, port: number): Promise<void> {
  const [, number = '', expected = ''] = /^#(\d+) (.*)$/s.exec(told.after ?? '') ?? []
  const wanted = JSON.parse(fill(expected)) as Json
  const request = `GET /v2/images/${idOf(number)} HTTP/1.1\r\nHost: localhost\r\nx-auth-token: admin:admin:admin\r\n\r\n`
  const deadline = Date.now() + 3000
  for (;;) {
    const image = jsonOf(await exchange(port, request))
    if (!('status' in wanted) || image['status'] === wanted['status'] || Date.now() > deadline)
      return assertHas(image, wanted)
  }
}
