/** Replays exchanges of API v2, recorded with a cloud of 2022, against a service and compares its responses. */
import assert from 'node:assert/strict'
import type {ServerSettings} from '../../../src/server/config.js'
import {exchange, type RawAnswer} from '../../support/http/raw-http.js'
import {type Exchange, expandRepeats, parseExchanges, toBytes} from '../exchanges.js'
import {
  checkHeader,
  createFill,
  type Fill,
  type ServiceUnderTest,
  toId,
  useServiceUnderTest,
} from '../service-under-test.js'

/**
 * One test for each exchange of the table, in order, against one service that trusts its callers. The header `as` names
 * the caller: `alpha` and `beta` are members of their projects, `admin` is an administrator, `nobody` sends no token;
 * `alpha` by default.
 */
export function replayV2(title: string, table: string, settings: Partial<ServerSettings> = {}): void {
  describe(`API v2 on the wire: ${title}`, () => {
    const stage = useServiceUnderTest({auth: 'fake', ...settings})
    for (const recorded of parseExchanges(table)) {
      it(recorded.title || recorded.id, () => play(recorded, stage))
    }
  })
}

const ROLES: Readonly<Record<string, string>> = {alpha: 'member', beta: 'member', admin: 'admin'}

async function play(recorded: Exchange, stage: ServiceUnderTest): Promise<void> {
  const fill = createFill(stage)
  const request = toBytes(fillExchange(addToken(recorded), fill), fill('{HOST}'))
  const answer = await exchange(stage.service.port, request, {toHead: recorded.method === 'HEAD'})
  assert.equal(answer.status, recorded.status, answer.body.toString())
  for (const header of recorded.answerHeaders.map(fill)) checkHeader(answer, header, UUID)
  for (const [kind, value] of recorded.expected) CHECKS[kind]!(expandRepeats(fill(value)), answer)
  if (recorded.after !== undefined) await checkImage(recorded, fill, stage.service.port)
}

function addToken(recorded: Exchange): Exchange {
  const {headers} = recorded
  const who = headers.find(header => header.startsWith('as: '))?.slice(4) ?? 'alpha'
  const token = who === 'nobody' ? [] : [`x-auth-token: ${who}:${who}:${ROLES[who]}`]
  return {...recorded, headers: [...headers.filter(header => !header.startsWith('as: ')), ...token]}
}

/** Fills the text before it becomes bytes, which the request counts. */
function fillExchange(recorded: Exchange, fill: Fill): Exchange {
  const {path, headers, body} = recorded
  return {
    ...recorded,
    path: fill(path),
    headers: headers.map(fill),
    body: body === undefined ? body : fill(body),
  }
}

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}'
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/

/** The fields of an image unless the table says otherwise. */
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
  json: (value, answer) => assert.deepEqual(dropTimes(parseJson(answer)), JSON.parse(value)),
  has: (value, answer) => assertHas(parseJson(answer), JSON.parse(value) as Json),
  image: (value, answer) => assertImage(parseJson(answer), value),
  names: (value, answer) => {
    const {images} = parseJson(answer) as {images: Json[]}
    const shown = images.map(({name, size}) => `${name ?? '-'}(${size ?? '-'})`)
    assert.equal(shown.join(' ') || 'none', value)
  },
  next: (value, answer) => assert.equal(parseJson(answer)['next'] ?? 'none', value),
  data: (value, {headers, body}) => {
    assert.equal(body.toString(), JSON.parse(value))
    assert.equal(headers.get('content-type'), 'application/octet-stream')
    assert.equal(headers.get('content-length'), String(body.length))
  },
  empty: (_, {body}) => assert.equal(body.length, 0),
}

function parseJson({headers, body}: RawAnswer): Json {
  assert.equal(headers.get('content-type'), 'application/json')
  return JSON.parse(body.toString()) as Json
}

/** Checks the times and removes them, in members and lists of them too. */
function dropTimes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(dropTimes)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([name, time]) => {
    if (name !== 'created_at' && name !== 'updated_at') return true
    assert.match(String(time), TIME)
    return false
  })
  return Object.fromEntries(entries.map(([name, part]) => [name, dropTimes(part)]))
}

function assertHas(actual: Json, expected: Json): void {
  const seen = Object.fromEntries(Object.keys(expected).map(name => [name, actual[name]]))
  assert.deepEqual(seen, expected)
}

function assertImage(actual: Json, value: string): void {
  const {id, self, file, ...rest} = dropTimes(actual) as Json
  const {id: wanted = id, ...expected} = JSON.parse(value) as Json
  assert.equal(id, wanted)
  assert.deepEqual([self, file], [`/v2/images/${String(id)}`, `/v2/images/${String(id)}/file`])
  assert.deepEqual(rest, {...PLAIN, ...expected})
}

/** @param message `explanation | detail`, with entities as they are on the wire */
function checkHtml(message: string, {status, title, headers, body}: RawAnswer): void {
  assert.equal(headers.get('content-type'), 'text/html; charset=UTF-8')
  assert.match(headers.get('x-openstack-request-id') ?? '', new RegExp(`^req-${UUID}$`))
  const code = `${status} ${title}`
  const [explanation = '', detail = ''] = message.split(' | ')
  const text =
    status === 405 ? `${explanation} <br /><br />` : `${explanation}<br /><br /> ${detail}`.trimEnd()
  const page = body.toString().replace(/\s+/g, ' ')
  const head = `<html> <head> <title>${code}</title> </head> <body> <h1>${code}</h1>`
  assert.equal(page, `${head} ${text} </body> </html>`)
}

/** Waits for the fields that `= #5 {...}` gives; imports reach them asynchronously. */
async function checkImage(recorded: Exchange, fill: Fill, port: number): Promise<void> {
  const [, number = '', expected = ''] = /^#(\d+) (.*)$/s.exec(recorded.after ?? '') ?? []
  const wanted = JSON.parse(fill(expected)) as Json
  const request = `GET /v2/images/${toId(number)} HTTP/1.1\r\nHost: localhost\r\nx-auth-token: admin:admin:admin\r\n\r\n`
  const deadline = Date.now() + 3000
  for (;;) {
    const image = parseJson(await exchange(port, request))
    if (!('status' in wanted) || image['status'] === wanted['status'] || Date.now() > deadline)
      return assertHas(image, wanted)
  }
}
