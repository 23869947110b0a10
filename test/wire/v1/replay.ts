/** Replays recorded exchanges of API v1 against a service and compares its responses literally. */
import assert from 'node:assert/strict'
import {rm} from 'node:fs/promises'
import type {ServerSettings} from '../../../src/server/config.js'
import {exchange, type RawAnswer} from '../../support/http/raw-http.js'
import {findDataFile} from '../../support/test-service.js'
import {DEVIATIONS} from '../deviations.js'
import {type Exchange, expandRepeats, parseExchanges, toBytes} from '../exchanges.js'
import {
  checkHeader,
  createFill,
  type Fill,
  type ServiceUnderTest,
  useServiceUnderTest,
} from '../service-under-test.js'

/**
 * One mocha test for each exchange of the table that has an id, in order, against one service. Exchanges without an id
 * prepare the next one, and run in its test.
 */
export function replay(title: string, table: string, settings: Partial<ServerSettings> = {}): void {
  describe(`API v1 on the wire: ${title}`, () => {
    const stage = useServiceUnderTest(settings)
    let preparations: Exchange[] = []
    for (const recorded of parseExchanges(table)) {
      preparations.push(recorded)
      if (recorded.id === '') continue
      addTest(recorded, preparations.slice(0, -1), stage)
      preparations = []
    }
  })
}

function addTest(recorded: Exchange, preparations: readonly Exchange[], stage: ServiceUnderTest): void {
  const deviation = DEVIATIONS[recorded.id]
  const note = deviation ? ` [differs: ${deviation.why}]` : ''
  const expected = deviation ? {...recorded, ...parseAnswer(deviation.instead)} : recorded
  it(`${recorded.id} ${recorded.title}${note}`, async () => {
    for (const preparation of preparations) await play(preparation, stage)
    await play(expected, stage)
  })
}

function parseAnswer(instead: string): Partial<Exchange> {
  const {status, answerHeaders, expected, after} = parseExchanges(`X1\n${instead}`)[0]!
  return {status, answerHeaders, expected, after}
}

async function play(recorded: Exchange, stage: ServiceUnderTest): Promise<void> {
  const fill = createFill(stage)
  for (const step of recorded.before) await runSetup(fill(step), stage)
  const request = fill(toBytes(recorded, '{HOST}'))
  const answer = await exchange(stage.service.port, request, {toHead: recorded.method === 'HEAD'})
  assert.equal(answer.status, recorded.status, answer.body.toString())
  for (const header of recorded.answerHeaders.map(fill)) checkHeader(answer, header, UUID)
  for (const [kind, value] of recorded.expected) checkBody(kind, expandRepeats(fill(value)), answer, recorded)
  if (recorded.after !== undefined) await checkState(recorded, fill, stage.service.port)
}

async function runSetup(step: string, {service, source}: ServiceUnderTest): Promise<void> {
  const [verb, id = ''] = step.split(' ')
  if (verb === 'vanish') source.vanish()
  else if (verb === 'remove-file') await rm(await findDataFile(service.dataDir, id))
  else throw new Error(`unknown step: ${step}`)
}

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/

type Check = (value: string, answer: RawAnswer, recorded: Exchange) => void

const CHECKS: Readonly<Record<string, Check>> = {
  html: checkHtml,
  text: (value, {headers, body}) => {
    assert.equal(headers.get('content-type'), 'text/plain; charset=UTF-8')
    assert.equal(body.toString(), JSON.parse(value))
  },
  json: (value, answer) => assert.deepEqual(parseJson(answer), JSON.parse(value)),
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

function checkBody(kind: string, value: string, answer: RawAnswer, recorded: Exchange): void {
  const check = CHECKS[kind]
  assert.ok(check, `unknown check: ${kind}`)
  check(value, answer, recorded)
}

function parseJson({headers, body}: RawAnswer): unknown {
  assert.equal(headers.get('content-type'), 'application/json')
  return JSON.parse(body.toString())
}

function checkHtml(message: string, {status, title, headers, body}: RawAnswer): void {
  assert.equal(headers.get('content-type'), 'text/html; charset=UTF-8')
  const code = `${status} ${title}`
  const page = body.toString().replace(/\s+/g, ' ')
  const expected = `<html> <head> <title>${code}</title> </head> <body> <h1>${code}</h1> ${message} </body> </html>`
  assert.equal(page, expected)
}

/** The fields of an image unless the record says otherwise. */
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
  const {image} = parseJson(answer) as {image: Record<string, unknown>}
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
  const {images} = parseJson(answer) as {images: Record<string, unknown>[]}
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

/** Waits for the state, which copies reach asynchronously. */
async function checkState(recorded: Exchange, fill: Fill, port: number): Promise<void> {
  const header = recorded.headers.find(text => text.startsWith('x-image-meta-id: '))
  const id = fill(header?.slice(17) ?? recorded.path.slice('/v1/images/'.length))
  const deadline = Date.now() + 15_000
  let state = await readState(id, port)
  while (state !== recorded.after && Date.now() < deadline) state = await readState(id, port)
  assert.equal(state, recorded.after)
}

/** The state of an image as the record writes it: `status=killed, size=10`, with the checksum if any; `none` for 404. */
export async function readState(id: string, port: number): Promise<string> {
  const request = `HEAD /v1/images/${id} HTTP/1.1\r\nHost: localhost\r\n\r\n`
  const {status, headers} = await exchange(port, request, {toHead: true})
  if (status === 404) return 'none'
  return ['status', 'size', 'checksum', 'deleted']
    .map(name => [name, headers.get(`x-image-meta-${name}`)] as const)
    .filter(([name, value]) => value !== undefined && !(name === 'deleted' && value === 'False'))
    .map(([name, value]) => `${name}=${value}`)
    .join(', ')
}
