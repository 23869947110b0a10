/** Logs in to version 2.0 of the Identity API, which clouds had until 2018. */
import type {Request, Send} from '../http/message.js'
import {usageError} from '../model/errors.js'
import {isMapping, type Mapping} from '../model/mapping.js'
import type {Attempt} from './attempt.js'
import {catalogOf} from './catalog.js'
import type {Credentials, Method, Owned, Scope} from './credentials.js'
import {askKeystone, idIn, JSON_HEADERS, notUnderstood} from './keystone-request.js'
import {type Login, timeOf} from './login.js'

export async function loginV2(send: Send, credentials: Credentials, attempt: Attempt): Promise<Login> {
  const url = new URL(credentials.authUrl)
  url.pathname = `${url.pathname.replace(/\/+$/, '').replace(/\/v2\.0$/, '')}/v2.0/tokens`
  const body = JSON.stringify({auth: {...proofOf(credentials.method), ...scopeOf(credentials.scope)}})
  const request: Request = {method: 'POST', url: url.href, headers: JSON_HEADERS, body, repeatable: true}
  const {document} = await askKeystone(send, request, attempt)
  const login = loginOf(document['access'])
  if (login) return login
  throw notUnderstood(request, attempt)
}

function proofOf(method: Method): Mapping {
  if (method.kind === 'token') return {token: {id: method.token}}
  if (method.kind !== 'password') throw tooOld('application credentials')
  return {passwordCredentials: {...named(method.user, 'username', 'userId'), password: method.password ?? ''}}
}

function scopeOf(scope: Scope): Mapping {
  if (scope.kind === 'project') return named(scope.project, 'tenantName', 'tenantId')
  if (scope.kind === 'trust') return {trust_id: scope.id}
  if (scope.kind === 'domain' || scope.kind === 'system') throw tooOld(`scope '${scope.kind}'`)
  return {}
}

function named(thing: Owned, name: string, id: string): Mapping {
  return 'id' in thing ? {[id]: thing.id} : {[name]: thing.name}
}

function tooOld(what: string): Error {
  return usageError(`${what}: version 2.0 of the Identity API does not know this`, {
    advice: 'Take /v2.0 off the address of the Identity service, or set OS_IDENTITY_API_VERSION=3.',
  })
}

function loginOf(access: unknown): Login | undefined {
  if (!isMapping(access) || !isMapping(access['token'])) return undefined
  const {id, expires, tenant} = access['token']
  if (typeof id !== 'string' || id === '') return undefined
  const expiresAt = timeOf(expires)
  const projectId = idIn(tenant)
  const userId = idIn(access['user'])
  return {
    token: id,
    catalog: catalogOf(access['serviceCatalog']),
    ...(expiresAt && {expiresAt}),
    ...(projectId && {projectId}),
    ...(userId && {userId}),
  }
}
