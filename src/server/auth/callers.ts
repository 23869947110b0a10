/** Who is calling: what a request says of it, and whether it is believed. */
import type {FastifyRequest} from 'fastify'
import {HttpError} from '../http/fault.js'
import {textOfHeader} from '../http/text.js'
import {ADMINISTRATOR, type Caller} from '../images/policy.js'

/** The caller of a request. @throws HttpError 401 when it does not say who he is */
export type CallerOf = (request: FastifyRequest) => Caller

/** `none` asks nobody, `fake` believes everybody: for trying out who may do what. */
export type AuthKind = 'none' | 'fake'

/** The way of asking. */
export function callersBy(kind: AuthKind): CallerOf {
  return kind === 'fake' ? believed : () => ADMINISTRATOR
}

/** As the tokens of a real service are missed (cloud record, "No token, bad token"). */
const UNKNOWN =
  'This server could not verify that you are authorized to access the document you requested. Either you supplied the ' +
  'wrong credentials (e.g., bad password), or your browser does not understand how to supply the credentials required.'

/** The token is `user:project:role`, with several roles behind commas; `glance` of Debian 12 writes its colons as `%3A`. */
function believed(request: FastifyRequest): Caller {
  const {'x-auth-token': token = ''} = request.headers
  const [user = '', project = '', roles = '', ...more] = textOfHeader(String(token))
    .replace(/%3A/gi, ':')
    .split(':')
  if (!user || !project || !roles || more.length > 0) {
    throw new HttpError(401, {explanation: UNKNOWN}, {'www-authenticate': 'Fake token="user:project:role"'})
  }
  const names = roles.split(',')
  return {user, project, roles: names, isAdmin: names.includes('admin')}
}
