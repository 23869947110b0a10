/** Authentication: determines the caller of a request. */
import type {FastifyRequest} from 'fastify'
import {HttpError} from '../http/http-error.js'
import {decodeHeader} from '../http/text.js'
import {ADMINISTRATOR, type Caller} from '../images/policy.js'

/** Returns the caller of a request. @throws HttpError 401 when it has no valid token */
export type Authenticate = (request: FastifyRequest) => Caller

/** `none`: every caller is the administrator; `fake`: every token is trusted, for trying out access rules. */
export type AuthKind = 'none' | 'fake'

/** Creates the authentication of that kind. */
export function createAuthenticator(kind: AuthKind): Authenticate {
  return kind === 'fake' ? parseFakeToken : () => ADMINISTRATOR
}

/** Message of the real service for a missing token (wire/glance-25.md#no-token). */
const UNAUTHORIZED =
  'This server could not verify that you are authorized to access the document you requested. Either you supplied the ' +
  'wrong credentials (e.g., bad password), or your browser does not understand how to supply the credentials required.'

/** Parses the token `user:project:role[,role...]`; `glance` of Debian 12 escapes its colons as `%3A`. */
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
