/** Who is calling: what a request says of it, and whether it is believed. */
import type {FastifyRequest} from 'fastify'
import {HttpError} from '../http/http-error.js'
import {decodeHeader} from '../http/text.js'
import {ADMINISTRATOR, type Caller} from '../images/policy.js'

/** The caller of a request. @throws HttpError 401 when it does not say who he is */
export type Authenticate = (request: FastifyRequest) => Caller

/** `none` asks nobody, `fake` believes everybody: for trying out who may do what. */
export type AuthKind = 'none' | 'fake'

/** The way of asking. */
export function createAuthenticator(kind: AuthKind): Authenticate {
  return kind === 'fake' ? parseFakeToken : () => ADMINISTRATOR
}

/** As the tokens of a real service are missed (wire/glance-25.md#no-token). */
const UNAUTHORIZED =
  'This server could not verify that you are authorized to access the document you requested. Either you supplied the ' +
  'wrong credentials (e.g., bad password), or your browser does not understand how to supply the credentials required.'

/** The token is `user:project:role`, with several roles behind commas; `glance` of Debian 12 writes its colons as `%3A`. */
function parseFakeToken(request: FastifyRequest): Caller {
  const {'x-auth-token': token = ''} = request.headers
  const [user = '', project = '', roles = '', ...more] = decodeHeader(String(token))
    .replace(/%3A/gi, ':')
    .split(':')
  if (!user || !project || !roles || more.length > 0) {
    throw new HttpError(
      401,
      {explanation: UNAUTHORIZED},
      {'www-authenticate': 'Fake token="user:project:role"'},
    )
  }
  const roleNames = roles.split(',')
  return {user, project, roles: roleNames, isAdmin: roleNames.includes('admin')}
}
