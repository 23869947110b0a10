/** Lets pages of other origins use the service (CORS, as the Fetch standard has it). */
import type {FastifyReply, FastifyRequest} from 'fastify'

/** What pages of other origins may do. */
export interface CorsRules {
  /** Origins as browsers send them, in lower case; `*`: any. */
  readonly origins: readonly string[]
  readonly credentials: boolean
  readonly methods: readonly string[]
  /** Headers of requests; a final `*` stands for any ending. */
  readonly headers: readonly string[]
  /** Headers of responses that scripts may read. */
  readonly exposed: readonly string[]
  /** Seconds for which browsers remember the answer to a preflight. */
  readonly maxAge: number
}

/** True for the origin of pages that may use the service. */
export function isAllowedOrigin({origins}: CorsRules, origin: string): boolean {
  return origins.includes('*') || origins.includes(origin.toLowerCase())
}

/**
 * Adds the headers for the page that sent a request, also for an error that follows.
 * @returns true for a preflight of an allowed page, which needs only an empty response: no caller, and no route
 */
export function addCorsHeaders(rules: CorsRules, request: FastifyRequest, reply: FastifyReply): boolean {
  if (rules.origins.length === 0) return false
  reply.header('vary', 'Origin')
  const {origin} = request.headers
  if (origin === undefined || !isAllowedOrigin(rules, origin)) return false
  reply.header('access-control-allow-origin', rules.origins.includes('*') ? '*' : origin)
  if (rules.credentials) reply.header('access-control-allow-credentials', 'true')
  const isPreflight = request.method === 'OPTIONS' && 'access-control-request-method' in request.headers
  if (isPreflight) addPreflightHeaders(rules, request, reply)
  else if (rules.exposed.length > 0) reply.header('access-control-expose-headers', rules.exposed.join(', '))
  return isPreflight
}

/** Names those of the requested headers that are allowed, because browsers do not know endings. */
function addPreflightHeaders(rules: CorsRules, request: FastifyRequest, reply: FastifyReply): void {
  const requested = String(request.headers['access-control-request-headers'] ?? '').split(',')
  const names = requested.map(name => name.trim().toLowerCase()).filter(name => isAllowedHeader(rules, name))
  reply.header('access-control-allow-methods', rules.methods.join(', '))
  if (names.length > 0) reply.header('access-control-allow-headers', names.join(', '))
  reply.header('access-control-max-age', rules.maxAge)
}

function isAllowedHeader({headers}: CorsRules, name: string): boolean {
  if (!/^[\w-]+$/.test(name)) return false
  return headers.some(header => {
    const rule = header.toLowerCase()
    return rule.endsWith('*') ? name.startsWith(rule.slice(0, -1)) : name === rule
  })
}
