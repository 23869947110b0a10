/** A service of an earlier release: stands in front of the embedded one, knows less, and refuses what it does not know. */
import http from 'node:http'
import {buffer} from 'node:stream/consumers'
import {type Served, serve} from './serve.js'

type Json = Record<string, unknown>

/** What a release refuses, with its text. */
interface Refusal {
  readonly status: number
  readonly text: string
}

/** Parts of version 2 of the API by the minor version that introduced them; before it, their paths are not found. */
const PATHS: readonly (readonly [since: number, path: RegExp])[] = [
  [3, /^\/v2\/images\/[^/]+\/actions\//],
  [6, /^\/v2\/(info\/import$|images\/[^/]+\/import$)/],
  [8, /^\/v2\/info\/stores/],
  [10, /^\/v2\/stores\//],
  [12, /^\/v2\/images\/[^/]+\/tasks$/],
  [14, /^\/v2\/cached?\b/],
  [17, /^\/v2\/images\/[^/]+\/locations$/],
]

/** Attributes by the minor version that introduced them. Before it, their names are those of custom properties. */
const ATTRIBUTES: Readonly<Record<string, number>> = {
  os_hidden: 7,
  os_hash_algo: 7,
  os_hash_value: 7,
  stores: 8,
}

/** Version 1 was removed with 2.7 (17.0.0). */
const hasVersion1 = (minor: number): boolean => minor < 7

/**
 * @param minor newest minor version of v2: 3 (12.0.0, Mitaka), 6 (16.0.0, Queens), 9 (19.0.0, Train), or 16
 * @param port of the embedded service
 */
export function serveEarlier(minor: number, port: number): Promise<Served> {
  return serve(async (request, response) => {
    const url = new URL(request.url ?? '', 'http://x')
    const isVersion1 = /^\/v1\b/.test(url.pathname)
    if (/^\/(versions)?$/.test(url.pathname) || (isVersion1 && !hasVersion1(minor))) {
      response.writeHead(300, {'content-type': 'application/json'}).end(listVersions(minor))
    } else if (isVersion1) {
      pass(await forward(request, {port, path: url.pathname + url.search}), response)
    } else await answer(minor, port, request, response)
  })
}

function listVersions(minor: number): string {
  const minors = Array.from({length: minor + 1}, (_, n) => `v2.${minor - n}`)
  const ids = [...minors, ...(hasVersion1(minor) ? ['v1.1', 'v1.0'] : [])]
  return JSON.stringify({versions: ids.map((id, n) => ({id, status: n === 0 ? 'CURRENT' : 'SUPPORTED'}))})
}

async function answer(
  minor: number,
  port: number,
  request: http.IncomingMessage,
  response: http.ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '', 'http://x')
  const hasDocument = /json/.test(request.headers['content-type'] ?? '')
  const document: unknown = hasDocument ? JSON.parse(String(await buffer(request))) : undefined
  const refusal =
    findUnknownPath(minor, url) ?? findUnknownFilter(minor, url) ?? findUnknownValue(minor, document)
  if (refusal) {
    request.resume()
    return refuse(minor, refusal, response)
  }
  dropUnknownHeaders(minor, request)
  const path = `${url.pathname}?${queryToday(minor, url)}`
  const body = document === undefined ? undefined : JSON.stringify(minor < 5 ? toToday(document) : document)
  await translate(minor, await forward(request, {port, path, body}), response)
}

function queryToday(minor: number, {searchParams}: URL): URLSearchParams {
  const query = new URLSearchParams(searchParams)
  if (minor < 5 && query.get('visibility') === 'private') query.set('visibility', 'shared')
  if (hasUnknownFilter(minor, query)) query.set('name', 'an image that does not exist')
  return query
}

/** A filter that is not known selects by a custom property. */
function hasUnknownFilter(minor: number, query: URLSearchParams): boolean {
  return Object.entries(ATTRIBUTES).some(([name, since]) => minor < since && query.has(name))
}

/** The members of a private image are those of a shared one today. */
function toToday(document: unknown): unknown {
  if (Array.isArray(document)) {
    return document.map(change =>
      change.path === '/visibility' && change.value === 'private' ? {...change, value: 'shared'} : change,
    )
  }
  const {visibility, ...rest} = document as Json
  return visibility === undefined
    ? rest
    : {...rest, visibility: visibility === 'private' ? 'shared' : visibility}
}

function findUnknownPath(minor: number, {pathname}: URL): Refusal | undefined {
  const isUnknown = PATHS.some(([since, path]) => minor < since && path.test(pathname))
  return isUnknown ? {status: 404, text: 'The resource could not be found.'} : undefined
}

function visibilities(minor: number): string[] {
  return minor < 5 ? ['public', 'private'] : ['community', 'public', 'private', 'shared']
}

function findUnknownFilter(minor: number, {searchParams}: URL): Refusal | undefined {
  const visibility = searchParams.get('visibility')
  if (visibility === null || visibilities(minor).includes(visibility)) return undefined
  if (visibility === 'all' && minor >= 7) return undefined
  return {status: 400, text: `Invalid visibility value: ${visibility}`}
}

function findUnknownValue(minor: number, document: unknown): Refusal | undefined {
  for (const [name, value] of attributesFrom(document)) {
    if (name === 'visibility' && !visibilities(minor).includes(String(value)))
      return invalid(`u'${value}' is not one of [${visibilities(minor).map(text => `u'${text}'`)}]`)
    if (minor < (ATTRIBUTES[name] ?? 0) && typeof value !== 'string')
      return invalid(`${value === true ? 'True' : 'False'} is not of type u'string'`)
  }
  return undefined
}

function invalid(why: string): Refusal {
  return {status: 400, text: `Provided object does not match schema 'image': ${why}`}
}

/** Names and values that a new image, or a patch, sets. */
function attributesFrom(document: unknown): [string, unknown][] {
  if (Array.isArray(document)) return document.map(({path, value}) => [String(path).slice(1), value])
  return typeof document === 'object' && document !== null ? Object.entries(document) : []
}

/** Errors are pages of HTML, or JSON with the markup of a page: WebOb before and since 1.7. */
function refuse(minor: number, {status, text}: Refusal, response: http.ServerResponse): void {
  const title = `${status} ${http.STATUS_CODES[status]}`
  if (minor < 5) {
    const page = `<html>\n <head>\n  <title>${title}</title>\n </head>\n <body>\n  <h1>${title}</h1>\n  ${text}<br /><br />\n\n\n\n </body>\n</html>`
    response.writeHead(status, {'content-type': 'text/html; charset=UTF-8'}).end(page)
  } else {
    const document = {message: `${text}<br /><br />\n\n\n`, code: title, title: http.STATUS_CODES[status]}
    response
      .writeHead(status, {'content-type': 'application/json; charset=UTF-8'})
      .end(JSON.stringify(document))
  }
}

/** Ranges came with 15.0.0, and the choice of a store with 2.8. */
function dropUnknownHeaders(minor: number, {headers}: http.IncomingMessage): void {
  if (minor < 5) delete headers.range
  if (minor < 8) delete headers['x-image-meta-store']
  if (minor < 16) delete headers['x-openstack-image-size']
}

/** Sends a request to the embedded service, with its own body unless another is given. */
function forward(
  request: http.IncomingMessage,
  {port, path, body}: {readonly port: number; readonly path: string; readonly body?: string | undefined},
): Promise<http.IncomingMessage> {
  const length = body === undefined ? {} : {'content-length': Buffer.byteLength(body)}
  const {method = 'GET', headers} = request
  return new Promise(resolve => {
    const options = {port, method, path, headers: {...headers, ...length}, agent: false}
    const forwarded = http.request(options, resolve).on('error', () => request.destroy())
    if (body === undefined) request.pipe(forwarded)
    else forwarded.end(body)
  })
}

function pass(reply: http.IncomingMessage, response: http.ServerResponse): void {
  response.writeHead(reply.statusCode ?? 502, reply.headers)
  reply.pipe(response)
}

async function translate(
  minor: number,
  reply: http.IncomingMessage,
  response: http.ServerResponse,
): Promise<void> {
  const {statusCode = 502, headers} = reply
  if (minor < 6) delete headers['openstack-image-import-methods']
  if (minor < 8) delete headers['openstack-image-store-ids']
  if (!/json/.test(headers['content-type'] ?? '')) return pass(reply, response)
  const document = JSON.parse(String(await buffer(reply))) as Json
  if (statusCode >= 400 && minor < 5)
    return refuse(minor, {status: statusCode, text: earlierText(document)}, response)
  const images = document['images']
  const text = Array.isArray(images)
    ? {...document, images: images.map(image => toEarlier(minor, image))}
    : toEarlier(minor, document)
  delete headers['content-length']
  response.writeHead(statusCode, headers).end(JSON.stringify(text))
}

function earlierText({message}: Json): string {
  const text = String(message).replace(/<br \/>|\n/g, '')
  return text.replace('Only shared images have members.', 'Public images do not have members.')
}

function toEarlier(minor: number, image: Json): Json {
  const known = Object.entries(image).filter(([name]) => minor >= (ATTRIBUTES[name] ?? 0))
  const {visibility, ...rest} = Object.fromEntries(known)
  if (visibility === undefined) return rest
  return {...rest, visibility: minor < 5 && visibility === 'shared' ? 'private' : visibility}
}
