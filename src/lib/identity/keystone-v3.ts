/** Logs in to version 3 of the Identity API. */
import type {Request, Send} from '../http/message.js'
import {isMapping, type Mapping} from '../model/mapping.js'
import type {Attempt} from './attempt.js'
import {catalogOf} from './catalog.js'
import type {Credentials, Method, Scope} from './credentials.js'
import {type Answer, askKeystone, idIn, JSON_HEADERS, notUnderstood} from './keystone-request.js'
import {type Login, timeOf} from './login.js'

/**
 * A token for these credentials. A token that asks for no scope is looked at instead of exchanged, so that it keeps
 * the scope it has.
 */
export async function loginV3(send: Send, credentials: Credentials, attempt: Attempt): Promise<Login> {
  const {method, scope} = credentials
  const url = tokensUrl(credentials.authUrl)
  if (method.kind === 'token' && scope.kind === 'usual') {
    const headers = {
      accept: 'application/json',
      'x-auth-token': method.token,
      'x-subject-token': method.token,
    }
    const request: Request = {method: 'GET', url, headers}
    return loginOf(await askKeystone(send, request, attempt), method.token, request, attempt)
  }
  const body = JSON.stringify(authBody(method, scope))
  const request: Request = {method: 'POST', url, headers: JSON_HEADERS, body, repeatable: true}
  const answer = await askKeystone(send, request, attempt)
  return loginOf(answer, answer.headers.get('x-subject-token'), request, attempt)
}

/** With `/v3` once, whatever version the address ends in. */
function tokensUrl(authUrl: string): string {
  const url = new URL(authUrl)
  url.pathname = `${url.pathname.replace(/\/+$/, '').replace(/\/v(2\.0|3)$/, '')}/v3/auth/tokens`
  return url.href
}

/** The document of a login (Identity API v3, password, token and application credential). */
function authBody(method: Method, scope: Scope): Mapping {
  const identity = {methods: [method.kind], [method.kind]: proofOf(method)}
  const wanted = scopeOf(scope)
  return {auth: wanted === undefined ? {identity} : {identity, scope: wanted}}
}

function proofOf(method: Method): Mapping {
  switch (method.kind) {
    case 'password':
      return {user: {...method.user, password: method.password ?? ''}}
    case 'token':
      return {id: method.token}
    default: {
      const {kind: _, ...proof} = method
      return proof
    }
  }
}

function scopeOf(scope: Scope): Mapping | string | undefined {
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

function loginOf({document}: Answer, token: string | undefined, request: Request, attempt: Attempt): Login {
  const body = document['token']
  if (!token || !isMapping(body)) throw notUnderstood(request, attempt)
  const expiresAt = timeOf(body['expires_at'])
  const projectId = idIn(body['project'])
  const userId = idIn(body['user'])
  return {
    token,
    catalog: catalogOf(body['catalog']),
    ...(expiresAt && {expiresAt}),
    ...(projectId && {projectId}),
    ...(userId && {userId}),
  }
}
