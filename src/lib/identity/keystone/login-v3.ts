/** Logs in to version 3 of the Identity API. */
import type {Request, Send} from '../../http/message.js'
import {isJsonObject, type JsonObject} from '../../model/json-object.js'
import {parseCatalog} from './catalog.js'
import type {Credentials, KeystoneMethod, Scope} from './credentials.js'
import type {LoginDescription} from './describe-login.js'
import {type Login, parseExpiry} from './login.js'
import {
  callKeystone,
  JSON_HEADERS,
  type KeystoneReply,
  parseId,
  parseName,
  toV3Url,
  unexpectedReplyError,
} from './request.js'

/**
 * Logs in. A given token without a requested scope is validated instead of exchanged, so that it keeps its scope.
 * @throws Failure; see `callKeystone`
 */
export async function logInV3(
  send: Send,
  credentials: Credentials,
  description: LoginDescription,
): Promise<Login> {
  const {method, scope} = credentials
  const url = toV3Url(credentials.authUrl, 'auth/tokens')
  if (method.kind === 'token' && scope.kind === 'default') {
    const headers = {
      accept: 'application/json',
      'x-auth-token': method.token,
      'x-subject-token': method.token,
    }
    const request: Request = {method: 'GET', url, headers}
    return parseLogin(await callKeystone(send, request, description), method.token, request, description)
  }
  const body = JSON.stringify(authBody(method, scope))
  // A passcode counts once.
  const idempotent = method.kind !== 'totp'
  const request: Request = {method: 'POST', url, headers: JSON_HEADERS, body, idempotent}
  const answer = await callKeystone(send, request, description)
  return parseLogin(answer, answer.headers.get('x-subject-token'), request, description)
}

/** The body of a login request (Identity API v3: password, passcode, token and application credential). */
function authBody(method: KeystoneMethod, scope: Scope): JsonObject {
  const identity = {methods: [method.kind], [method.kind]: encodeMethod(method)}
  const encodedScope = encodeScope(scope)
  return {auth: encodedScope === undefined ? {identity} : {identity, scope: encodedScope}}
}

function encodeMethod(method: KeystoneMethod): JsonObject {
  switch (method.kind) {
    case 'password':
      return {user: {...method.user, password: method.password ?? ''}}
    case 'totp':
      return {user: {...method.user, passcode: method.passcode ?? ''}}
    case 'token':
      return {id: method.token}
    default: {
      const {kind: _, ...proof} = method
      return proof
    }
  }
}

function encodeScope(scope: Scope): JsonObject | string | undefined {
  switch (scope.kind) {
    case 'project':
      return {project: scope.project}
    case 'domain':
      return {domain: scope.domain}
    case 'system':
      return {system: {all: true}}
    case 'trust':
      return {'OS-TRUST:trust': {id: scope.id}}
    case 'unscoped':
      return 'unscoped'
    default:
      return undefined
  }
}

/** Parses a response with a token. @throws Failure of kind failed for any other */
export function parseLogin(
  {document}: KeystoneReply,
  token: string | undefined,
  request: Request,
  description: LoginDescription,
): Login {
  const body = document['token']
  if (!token || !isJsonObject(body)) throw unexpectedReplyError(request, description)
  const expiresAt = parseExpiry(body['expires_at'])
  const projectId = parseId(body['project'])
  const projectName = parseName(body['project'])
  const userId = parseId(body['user'])
  return {
    token,
    catalog: parseCatalog(body['catalog']),
    ...(expiresAt && {expiresAt}),
    ...(projectId && {projectId}),
    ...(projectName && {projectName}),
    ...(userId && {userId}),
  }
}
