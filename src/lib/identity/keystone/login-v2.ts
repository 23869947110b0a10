/** Logs in to version 2.0 of the Identity API, which clouds had until 2018. */
import type {Request, Send} from '../../http/message.js'
import {usageError} from '../../model/errors.js'
import {isJsonObject, type JsonObject} from '../../model/json-object.js'
import {parseCatalog} from './catalog.js'
import type {Credentials, EntityRef, KeystoneMethod, Scope} from './credentials.js'
import type {LoginDescription} from './describe-login.js'
import {type Login, parseExpiry} from './login.js'
import {callKeystone, JSON_HEADERS, parseId, parseName, unexpectedReplyError} from './request.js'

/**
 * Logs in.
 * @throws Failure of kind usage for a method or scope that version 2.0 does not have; see also `callKeystone`
 */
export async function logInV2(
  send: Send,
  credentials: Credentials,
  description: LoginDescription,
): Promise<Login> {
  const url = new URL(credentials.authUrl)
  url.pathname = `${url.pathname.replace(/\/+$/, '').replace(/\/v2\.0$/, '')}/v2.0/tokens`
  const body = JSON.stringify({
    auth: {...encodeMethod(credentials.method), ...encodeScope(credentials.scope)},
  })
  const request: Request = {method: 'POST', url: url.href, headers: JSON_HEADERS, body, idempotent: true}
  const {document} = await callKeystone(send, request, description)
  const login = parseLogin(document['access'])
  if (login) return login
  throw unexpectedReplyError(request, description)
}

function encodeMethod(method: KeystoneMethod): JsonObject {
  if (method.kind === 'token') return {token: {id: method.token}}
  if (method.kind !== 'password') throw unsupportedError('application credentials')
  return {
    passwordCredentials: {...encodeRef(method.user, 'username', 'userId'), password: method.password ?? ''},
  }
}

function encodeScope(scope: Scope): JsonObject {
  if (scope.kind === 'project') return encodeRef(scope.project, 'tenantName', 'tenantId')
  if (scope.kind === 'trust') return {trust_id: scope.id}
  if (scope.kind === 'domain' || scope.kind === 'system') throw unsupportedError(`scope '${scope.kind}'`)
  return {}
}

function encodeRef(ref: EntityRef, name: string, id: string): JsonObject {
  return 'id' in ref ? {[id]: ref.id} : {[name]: ref.name}
}

function unsupportedError(what: string): Error {
  return usageError(`version 2.0 of the Identity API does not support ${what}`, {
    advice: 'Remove /v2.0 from the address of the Identity service, or set OS_IDENTITY_API_VERSION=3.',
  })
}

function parseLogin(access: unknown): Login | undefined {
  if (!isJsonObject(access) || !isJsonObject(access['token'])) return undefined
  const {id, expires, tenant} = access['token']
  if (typeof id !== 'string' || id === '') return undefined
  const expiresAt = parseExpiry(expires)
  const projectId = parseId(tenant)
  const projectName = parseName(tenant)
  const userId = parseId(access['user'])
  return {
    token: id,
    catalog: parseCatalog(access['serviceCatalog']),
    ...(expiresAt && {expiresAt}),
    ...(projectId && {projectId}),
    ...(projectName && {projectName}),
    ...(userId && {userId}),
  }
}
