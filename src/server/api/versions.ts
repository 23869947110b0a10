/** Version negotiation: the API version of a request, and the list of versions. */
import type {IncomingMessage} from 'node:http'
import type {FastifyInstance, FastifyReply, FastifyRequest} from 'fastify'
import {decodeHeader} from '../http/text.js'

/**
 * Newest first, as clients expect (wire/v1.md#a1; wire/glance-25.md#version-discovery). Minor versions with calls that are
 * missing here are left out: 2.14 and 2.16 have a cache.
 */
const VERSIONS = [
  {id: 'v2.17', status: 'CURRENT', path: '/v2/'},
  ...[15, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0].map(minor => {
    return {id: `v2.${minor}`, status: 'SUPPORTED', path: '/v2/'}
  }),
  {id: 'v1.1', status: 'DEPRECATED', path: '/v1/'},
  {id: 'v1.0', status: 'DEPRECATED', path: '/v1/'},
]

/** The version that brought copies between stores, and so is only listed where there are several. */
const COPIES = 'v2.11'

/** Path prefixes by the name of a version in a URL or media type. */
const PREFIXES: Readonly<Record<string, string>> = {
  v1: '/v1',
  v2: '/v2',
  ...Object.fromEntries(VERSIONS.map(({id, path}) => [id, path.slice(0, -1)])),
}

const MEDIA_TYPE = 'application/vnd.openstack.images-'

/** Canonical paths of the two responses that list the versions. */
const LIST_PATH = '/versions'
const CHOICES_PATH = '/choices'
/** Path of the health check (wire/glance-25.md#healthcheck). */
const HEALTH_PATH = '/healthcheck'
/** Canonical path of a URL with a trailing slash, which is never found (wire/v1.md#a14). */
const UNKNOWN_PATH = '/nowhere'

/**
 * The canonical path of a request: version prefix, no doubled slashes, uniform escapes (wire/v1.md#a7, #a8, #a9, #a10,
 * #a11, #a12, #a13, #a14, #a15, #e11). A media type of this API in Accept selects the version instead of the URL. Without
 * a known version it is the path of the choices.
 */
export function canonicalPath(request: Pick<IncomingMessage, 'url' | 'headers'>): string {
  const [, path = '', query = ''] = /^(?:https?:\/\/[^/?]*)?([^?]*)(.*)$/s.exec(request.url ?? '') ?? []
  const segments = decodeEscapes(decodeHeader(path)).split('/')
  const parts = segments.filter((part, i) => part !== '' || i === segments.length - 1)
  if (parts[0] === 'versions') return LIST_PATH
  if (parts[0] === 'healthcheck' && parts.length === 1) return HEALTH_PATH
  const accept = request.headers.accept ?? ''
  const byType = accept.startsWith(MEDIA_TYPE)
  const name = byType ? accept.slice(MEDIA_TYPE.length) : (parts.shift() ?? '')
  const prefix = Object.hasOwn(PREFIXES, name) ? PREFIXES[name] : undefined
  if (prefix === undefined) return CHOICES_PATH
  if (parts.length > 1 && parts.at(-1) === '') return UNKNOWN_PATH
  return [prefix, ...parts.map(encodeURIComponent)].join('/') + query
}

/** Decodes escapes; invalid UTF-8 becomes replacement characters, incomplete escapes stay as they are. */
function decodeEscapes(path: string): string {
  return path.replace(/(?:%[0-9a-f]{2})+/gi, escapes =>
    Buffer.from(escapes.replaceAll('%', ''), 'hex').toString('utf8'),
  )
}

/**
 * Registers the list of versions: 200 at `/versions`, 300 for a missing or unknown version (wire/v1.md#a1, #a2).
 * @param hasCopies data can be copied between stores
 */
export function addVersionRoutes(app: FastifyInstance, hasCopies: boolean): void {
  const versions = VERSIONS.filter(({id}) => hasCopies || id !== COPIES)
  const describe = (request: FastifyRequest) => versionDocument(request, versions)
  app.all(LIST_PATH, (request, reply) => reply.send(describe(request)))
  app.all(CHOICES_PATH, (request, reply) => reply.code(300).send(describe(request)))
  for (const version of ['/v1', '/v2']) {
    app.get(version, (request, reply) => redirectToVersion(request, reply, version))
  }
}

function versionDocument(request: FastifyRequest, versions: typeof VERSIONS): object {
  const links = (path: string) => [{rel: 'self', href: request.serviceUrl + path}]
  return {versions: versions.map(({id, status, path}) => ({id, status, links: links(path)}))}
}

/** wire/v1.md#a4. */
function redirectToVersion(request: FastifyRequest, reply: FastifyReply, version: string): FastifyReply {
  return reply
    .code(302)
    .header('location', `${request.serviceUrl}${version}/`)
    .header('content-type', 'text/plain; charset=utf8')
    .send('')
}
