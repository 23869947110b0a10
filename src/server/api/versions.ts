/** Which API version a request means, and the documents that tell which there are. */
import type {IncomingMessage} from 'node:http'
import type {FastifyInstance, FastifyReply, FastifyRequest} from 'fastify'
import {textOfHeader} from '../http/text.js'

/**
 * Newest first, as clients expect (v1-wire A1; cloud record, "Version discovery"). Minor versions of which something is
 * missing are not among them: 2.11 copies images between stores, 2.14 and 2.16 have a cache.
 */
const DOCUMENT = [
  {id: 'v2.17', status: 'CURRENT', path: '/v2/'},
  ...[15, 13, 12, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0].map(minor => {
    return {id: `v2.${minor}`, status: 'SUPPORTED', path: '/v2/'}
  }),
  {id: 'v1.1', status: 'DEPRECATED', path: '/v1/'},
  {id: 'v1.0', status: 'DEPRECATED', path: '/v1/'},
]

/** Versions by the names a URL or media type may give them, with the path prefix of each. */
const NAMES: Readonly<Record<string, string>> = {
  v1: '/v1',
  v2: '/v2',
  ...Object.fromEntries(DOCUMENT.map(({id, path}) => [id, path.slice(0, -1)])),
}

const MEDIA_TYPE = 'application/vnd.openstack.images-'

/** Canonical paths of the two answers that list the versions. */
const LIST = '/versions'
const CHOICES = '/choices'
/** Says that the service is there (cloud record, "GET /healthcheck"). */
const HEALTH = '/healthcheck'
/** No resource ends with a slash (v1-wire A14). */
const NOWHERE = '/nowhere'

/**
 * The canonical path of a request: version prefix, no doubled slashes, each segment escaped alike (v1-wire A7 to A15, E11).
 * The media type in Accept names the version of a URL without one; a URL without either gets the choices.
 */
export function canonicalPath(request: IncomingMessage): string {
  const [, path = '', query = ''] = /^(?:https?:\/\/[^/?]*)?([^?]*)(.*)$/s.exec(request.url ?? '') ?? []
  const segments = unescaped(textOfHeader(path)).split('/')
  const parts = segments.filter((part, i) => part !== '' || i === segments.length - 1)
  if (parts[0] === 'versions') return LIST
  if (parts[0] === 'healthcheck' && parts.length === 1) return HEALTH
  const accept = request.headers.accept ?? ''
  const byType = accept.startsWith(MEDIA_TYPE)
  const name = byType ? accept.slice(MEDIA_TYPE.length) : (parts.shift() ?? '')
  const prefix = Object.hasOwn(NAMES, name) ? NAMES[name] : undefined
  if (prefix === undefined) return CHOICES
  if (parts.length > 1 && parts.at(-1) === '') return NOWHERE
  return [prefix, ...parts.map(encodeURIComponent)].join('/') + query
}

/** Escapes that are no UTF-8 become replacement characters, half ones stay as they are. */
function unescaped(path: string): string {
  return path.replace(/(?:%[0-9a-f]{2})+/gi, escapes =>
    Buffer.from(escapes.replaceAll('%', ''), 'hex').toString('utf8'),
  )
}

/** `/versions` is 200, a missing or unknown version 300 with the same list (v1-wire A1, A2). */
export function versionRoutes(app: FastifyInstance): void {
  app.all(LIST, (request, reply) => reply.send(document(request)))
  app.all(CHOICES, (request, reply) => reply.code(300).send(document(request)))
  app.all(HEALTH, (_request, reply) => reply.header('content-type', 'text/plain; charset=UTF-8').send('OK'))
  for (const version of ['/v1', '/v2']) {
    app.get(version, (request, reply) => redirect(request, reply, version))
  }
}

function document(request: FastifyRequest): object {
  const versions = DOCUMENT.map(({id, status, path}) => ({
    id,
    status,
    links: [{rel: 'self', href: originOf(request) + path}],
  }))
  return {versions}
}

/** v1-wire A4. */
function redirect(request: FastifyRequest, reply: FastifyReply, version: string): FastifyReply {
  return reply
    .code(302)
    .header('location', `${originOf(request)}${version}/`)
    .header('content-type', 'text/plain; charset=utf8')
    .send('')
}

/** `http://` and the host as the client called it; our own address for a client that names none. */
export function originOf(request: FastifyRequest): string {
  const {localAddress = '127.0.0.1', localPort = 0} = request.raw.socket
  const own = `${localAddress.includes(':') ? `[${localAddress}]` : localAddress}:${localPort}`
  return `http://${request.headers.host || own}`
}
