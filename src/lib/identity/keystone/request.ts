/** Sends requests to the Identity service, and explains failed logins. */
import {extractErrorText, toSafeLine} from '../../http/errors/error-text.js'
import {parseJson} from '../../http/json/parse-json.js'
import type {Reply, ReplyHeaders, Request, Send} from '../../http/message.js'
import {redactSecrets, redactText} from '../../http/redact.js'
import {Failure, type FailureKind} from '../../model/errors.js'
import {isJsonObject, type JsonObject} from '../../model/json-object.js'
import type {LoginDescription} from './describe-login.js'

/** A successful response. */
export interface KeystoneReply {
  readonly headers: ReplyHeaders
  readonly document: JsonObject
}

/**
 * Sends a request and parses the response, a JSON document.
 * @throws Failure of kind denied, usage, unavailable or failed, without secrets
 */
export async function callKeystone(
  send: Send,
  request: Request,
  login: LoginDescription,
): Promise<KeystoneReply> {
  const reply = await send(request)
  if (reply.status < 200 || reply.status > 299) throw await toFailure(reply, request, login)
  const document = parseJsonObject(await reply.text())
  if (document) return {headers: reply.headers, document}
  throw unexpectedReplyError(request, login)
}

/** Failure for an unreadable response, which is not quoted, because it may hold a token. */
export function unexpectedReplyError({url}: Request, {authUrlFrom}: LoginDescription): Failure {
  return new Failure('failed', `cannot parse the response of ${redactText(url)}`, {
    why: 'it is not a response of an Identity service',
    advice: `Check the address of the Identity service, which comes from ${authUrlFrom}.`,
  })
}

function parseJsonObject(text: string): JsonObject | undefined {
  try {
    const document: unknown = parseJson(text)
    return isJsonObject(document) ? document : undefined
  } catch {
    return undefined
  }
}

/** Bytes of an error body that are read. */
const MAX_ERROR_BYTES = 64 * 1024

/** Keystone's message for every failed login, whatever the reason. */
const GENERIC_MESSAGE = /^The request you have made requires authentication\.?( \(HTTP 401\))?$/

async function toFailure(reply: Reply, request: Request, login: LoginDescription): Promise<Failure> {
  const body = await reply.text(MAX_ERROR_BYTES).catch(() => '')
  const text = extractErrorText(body, reply.headers.get('content-type'))
  const message = text && redactSecrets(text, login.secrets)
  const {why, ...meaning} = explainReply(reply, parseJsonObject(body) !== undefined, request, login)
  return new Failure(meaning.kind, meaning.what, {
    why: meaning.fromKeystone && message && !GENERIC_MESSAGE.test(message) ? message : why,
    advice: meaning.advice,
    requestId: reply.requestId,
    status: reply.status,
  })
}

interface LoginFailure {
  readonly kind: FailureKind
  readonly what: string
  /** Reason used when the server gives no better one. */
  readonly why: string
  readonly advice: string
  /** The server's message is useful. */
  readonly fromKeystone: boolean
}

/**
 * Explains an error status. Keystone answers an unknown token or application credential with 404 in JSON; a 404 without
 * JSON means a wrong address.
 */
function explainReply(
  {status, headers}: Reply,
  isJson: boolean,
  {url}: Request,
  login: LoginDescription,
): LoginFailure {
  const isUnknown = status === 404 && isJson && !['password', 'totp'].includes(login.method)
  if (status === 401 || status === 403 || isUnknown) {
    return explainDenial(login, headers.get('openstack-auth-receipt') !== undefined)
  }
  const fromKeystone = true
  if (status === 400) {
    const what = `the Identity service rejected the request for ${login.subject}`
    return {kind: 'usage', what, why: 'it answered 400', advice: login.hint, fromKeystone}
  }
  if (status >= 500 || status === 413 || status === 429) {
    const what = 'the Identity service is temporarily unavailable'
    return {kind: 'unavailable', what, why: `it answered ${status}`, advice: 'Try again later.', fromKeystone}
  }
  const target = headers.get('location')
  return {
    kind: 'usage',
    what: `no Identity service found at ${redactText(url)}`,
    why: target ? `the server redirects to ${toSafeLine(target)}` : `the server answered ${status}`,
    advice: `Check its address, which comes from ${login.authUrlFrom}; it usually ends in /v3.`,
    fromKeystone: false,
  }
}

function explainDenial({subject, hint, method}: LoginDescription, needsSecondFactor: boolean): LoginFailure {
  const denial = {
    kind: 'denied',
    what: `the Identity service rejected ${subject}`,
    fromKeystone: true,
  } as const
  if (needsSecondFactor) {
    const advice = 'Log in with an application credential or a token.'
    return {...denial, why: 'it requires a second factor', advice}
  }
  const why = method === 'token' ? 'the token may have expired' : 'it does not say which value is wrong'
  return {...denial, why, advice: hint}
}

/** A URL of version 3, with `/v3` once, whatever version the address ends in. @param path without a leading slash */
export function toV3Url(authUrl: string, path: string): string {
  const url = new URL(authUrl)
  url.pathname = `${url.pathname.replace(/\/+$/, '').replace(/\/v(2\.0|3)$/, '')}/v3/${path}`
  return url.href
}

/** Headers of a request with a JSON body, for both versions. */
export const JSON_HEADERS = {accept: 'application/json', 'content-type': 'application/json'}

/** The id of a project or user in a response, if it has one. */
export function parseId(value: unknown): string | undefined {
  return isJsonObject(value) && typeof value['id'] === 'string' ? value['id'] : undefined
}

/** The name of a project in a response, if it has one. */
export function parseName(value: unknown): string | undefined {
  return isJsonObject(value) && typeof value['name'] === 'string' ? value['name'] : undefined
}
