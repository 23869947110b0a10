/** Authentication: determines the caller of a request. */
import type {FastifyInstance, FastifyRequest} from 'fastify'
import {nameCaller} from '../http/access-log.js'
import {decodeHeader} from '../http/text.js'
import {ADMINISTRATOR, type Caller, createCaller} from '../images/policy.js'
import type {Policy} from '../policy/policy.js'
import {unauthorized} from './unauthorized.js'

/** Returns the caller of a request, which was determined before its handler. */
export type Authenticate = (request: FastifyRequest) => Caller

/** Determines the caller of a request. @throws HttpError 401 without a valid token, 503 when it cannot be validated */
export type Identify = (request: FastifyRequest) => Caller | Promise<Caller>

/** An authentication that is open. */
export interface Identification {
  readonly identify: Identify
  /** Closes its connections. */
  close(): Promise<void>
}

/** Where authentication writes lines for the operator. */
export interface OperatorLog {
  log(line: string): void
  warn(line: string): void
}

/**
 * `none`: every caller is the administrator; `fake`: every token is trusted, for trying out access rules; `keystone`: tokens
 * are validated by Keystone.
 */
export type AuthKind = 'none' | 'fake' | 'keystone'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** True for the methods whose handler needs the caller; absent: none does. */
    readonly needsCaller?: (method: string) => boolean
    /** True for what has no secrets, and is answered whatever host name is used. */
    readonly forAnyHost?: boolean
  }
}

/**
 * Determines callers in a hook: before the handler reads anything of a body, and not for requests without a handler.
 * @returns the look-up for handlers
 */
export function addIdentification(app: FastifyInstance, identify: Identify): Authenticate {
  const callers = new WeakMap<FastifyRequest, Caller>()
  app.addHook('preHandler', async request => {
    if (!request.routeOptions.config.needsCaller?.(request.method)) return
    const caller = await identify(request)
    nameCaller(request, caller)
    callers.set(request, caller)
  })
  return request => {
    const caller = callers.get(request)
    if (caller) return caller
    throw new Error('a handler asks for the caller of a resource that states no need')
  }
}

/** Authentication without Keystone. @param belongsToUser images belong to users in place of projects */
export function identifyLocally(kind: 'none' | 'fake', policy: Policy, belongsToUser: boolean): Identify {
  const administrator = {...ADMINISTRATOR, policy}
  if (kind === 'none') return () => administrator
  return request => {
    const {user, project, roles} = parseFakeToken(request)
    return createCaller(policy, {user, project: belongsToUser ? user : project, roles})
  }
}

/** Parses the token `user:project:role[,role...]`; `glance` of Debian 12 escapes its colons as `%3A`. */
function parseFakeToken(request: FastifyRequest) {
  const {'x-auth-token': token = ''} = request.headers
  const [user = '', project = '', roles = '', ...more] = decodeHeader(String(token))
    .replace(/%3A/gi, ':')
    .split(':')
  if (!user || !project || !roles || more.length > 0) throw unauthorized('Fake token="user:project:role"')
  return {user, project, roles: roles.split(',')}
}
