/**
 * A client that sends the requests of gophercloud: their headers, the statuses that it accepts, and the types into
 * which it reads the responses. Anything else is an error for it, and for the programs that use it.
 */
import assert from 'node:assert/strict'
import {exchange, type RawAnswer} from './http/raw-http.js'

type Json = Readonly<Record<string, unknown>>

export interface GophercloudRequest {
  readonly json?: unknown
  /** Sent in chunks without a length, as files are. */
  readonly file?: string
  /** Replaces the type of the body. */
  readonly contentType?: string
  /** Statuses of success, where they are not those of the method. */
  readonly ok?: readonly number[]
}

/** The statuses of success by method. */
const OK: Readonly<Record<string, readonly number[]>> = {
  GET: [200],
  POST: [201, 202],
  PUT: [201, 202],
  PATCH: [200, 202, 204],
  DELETE: [202, 204],
}

/** A response without a status of success. */
export class UnexpectedStatus extends Error {
  readonly status: number

  constructor(answer: RawAnswer, expected: readonly number[]) {
    super(`expected ${expected.join(' or ')}, but the answer is ${answer.status}: ${answer.body}`)
    this.status = answer.status
  }
}

export class GophercloudClient {
  /** Path of the API, found by `discover`. */
  #base = '/'

  constructor(
    readonly port: number,
    readonly token: string,
  ) {}

  /**
   * Finds version 2 in what a catalog has as the address of the service. Every version in the list must be of a kind that is
   * known; links are taken for their path alone.
   */
  async discover(): Promise<void> {
    const answer = await this.#send('GET', '/', {ok: [200, 300]})
    const {versions} = JSON.parse(answer.body.toString()) as {versions: Json[]}
    const found = versions.map(version => {
      const [, major, minor = '0'] = /^v?(\d+)(?:\.(\d+))?$/.exec(String(version['id'])) ?? assert.fail()
      assert.match(String(version['status']), /^(CURRENT|STABLE|SUPPORTED|DEPRECATED|EXPERIMENTAL|)$/i)
      const self = (version['links'] as Json[]).find(({rel}) => rel === 'self')
      return {major: Number(major), minor: Number(minor), href: String(self?.['href'])}
    })
    found.sort((one, other) => other.major - one.major || other.minor - one.minor)
    const newest = found.find(({major}) => major === 2) ?? assert.fail('there is no version 2')
    this.#base = `/${new URL(newest.href).pathname.replaceAll(/^\/|\/$/g, '')}/`
  }

  /** @throws UnexpectedStatus */
  call(method: string, path: string, request: GophercloudRequest = {}): Promise<RawAnswer> {
    return this.#send(method, this.#base + path, request)
  }

  /** Sends a request, and returns the document of a successful response. */
  async read(method: string, path: string, request: GophercloudRequest = {}): Promise<Json> {
    return parseDocument(await this.call(method, path, request))
  }

  /** All pages of a list: the path and query of each `next` are taken, whatever host they name; an empty page ends the list. */
  async *pages(path: string): AsyncIterable<Json> {
    let next: unknown = this.#base + path
    while (typeof next === 'string' && next !== '') {
      const page = parseDocument(await this.#send('GET', next, {}))
      const lists = Object.entries(page).flatMap(([name, of]) =>
        Array.isArray(of) && !name.endsWith('links') ? [of] : [],
      )
      assert.equal(lists.length, 1, 'pages are put together by the one list that they hold')
      if (lists[0]?.length === 0) return
      yield page
      const url = page['next'] === undefined ? undefined : new URL(String(page['next']), 'http://x')
      next = url && url.pathname + url.search
    }
  }

  async #send(method: string, path: string, request: GophercloudRequest): Promise<RawAnswer> {
    const {json, file, ok = OK[method] ?? []} = request
    const answer = await exchange(
      this.port,
      `${this.#head(method, path, request)}\r\n\r\n${toBody(json, file)}`,
    )
    if (!ok.includes(answer.status)) throw new UnexpectedStatus(answer, ok)
    return answer
  }

  #head(method: string, path: string, {json, file, contentType}: GophercloudRequest): string {
    const length = json === undefined ? 0 : Buffer.byteLength(JSON.stringify(json))
    const type = contentType ?? (json === undefined ? undefined : 'application/json')
    return [
      `${method} ${path} HTTP/1.1`,
      `Host: 127.0.0.1:${this.port}`,
      'User-Agent: gophercloud/v2.8.0',
      ...(json === undefined ? [] : [`Content-Length: ${length}`]),
      ...(file === undefined ? [] : ['Transfer-Encoding: chunked']),
      'Accept: application/json',
      ...(type === undefined ? [] : [`Content-Type: ${type}`]),
      `X-Auth-Token: ${this.token}`,
      'Accept-Encoding: gzip',
    ].join('\r\n')
  }
}

function toBody(json: unknown, file: string | undefined): string {
  if (file === undefined)
    return json === undefined ? '' : Buffer.from(JSON.stringify(json)).toString('latin1')
  const half = Math.ceil(file.length / 2)
  const pieces = [file.slice(0, half), file.slice(half)].filter(Boolean)
  return `${pieces.map(piece => `${piece.length.toString(16)}\r\n${piece}\r\n`).join('')}0\r\n\r\n`
}

function parseDocument({headers, body}: RawAnswer): Json {
  assert.match(headers.get('content-type') ?? '', /^application\/json/)
  const text = body.toString()
  assert.doesNotMatch(text, /":\s*-?\d+\.\d/, 'what is read as a whole number is written as one')
  return JSON.parse(text) as Json
}

type Kind = (value: unknown) => boolean

const text: Kind = value => value === null || typeof value === 'string'
const flag: Kind = value => typeof value === 'boolean'
const whole: Kind = value => value === null || Number.isSafeInteger(value)
const texts: Kind = value =>
  value === null || (Array.isArray(value) && value.every(one => typeof one === 'string'))
const object: Kind = value => value === null || (typeof value === 'object' && !Array.isArray(value))
/** RFC 3339; an empty text would not be a time. */
const time: Kind = value =>
  value === null || /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(String(value))

/** Fields that are read into something; all others of an image are its properties. */
const IMAGE: Readonly<Record<string, Kind>> = {
  id: text,
  name: text,
  status: text,
  tags: texts,
  container_format: text,
  disk_format: text,
  min_disk: whole,
  min_ram: whole,
  owner: text,
  protected: flag,
  visibility: text,
  os_hidden: flag,
  checksum: text,
  size: whole,
  metadata: object,
  created_at: time,
  updated_at: time,
  file: text,
  schema: text,
  virtual_size: whole,
}

const MEMBER: Readonly<Record<string, Kind>> = {
  created_at: time,
  image_id: text,
  member_id: text,
  schema: text,
  status: text,
  updated_at: time,
}

const TASK: Readonly<Record<string, Kind>> = {
  id: text,
  type: text,
  status: text,
  input: object,
  result: object,
  owner: text,
  message: text,
  expires_at: time,
  created_at: time,
  updated_at: time,
  self: text,
  schema: text,
}

/** Parses an image, of which every field must be readable; other members are in `properties`. */
export function parseImage(document: unknown): Json & {readonly properties: Json} {
  const image = assertKinds(document, IMAGE)
  const rest = Object.entries(image).filter(([name]) => !(name in IMAGE) && name !== 'self')
  return {...image, properties: Object.fromEntries(rest)}
}

export const parseMember = (document: unknown): Json => assertKinds(document, MEMBER)
export const parseTask = (document: unknown): Json => assertKinds(document, TASK)

function assertKinds(document: unknown, kinds: Readonly<Record<string, Kind>>): Json {
  const fields = document as Json
  for (const [name, isKind] of Object.entries(kinds)) {
    if (name in fields) assert.ok(isKind(fields[name]), `${name} is ${JSON.stringify(fields[name])}`)
  }
  return fields
}
