/** Asks the Identity service something, and explains in words of a login why it did not answer as hoped. */
import {extractErrorText} from '../../http/errors/error-text.js'
import type {Reply, ReplyHeaders, Request, Send} from '../../http/message.js'
import {REDACTED, redactText} from '../../http/redact.js'
import {Failure, type FailureKind} from '../../model/errors.js'
import {isJsonObject, type JsonObject} from '../../model/json-object.js'
import type {LoginDescription} from './describe-login.js'

export interface KeystoneReply {
  readonly headers: ReplyHeaders
  readonly document: JsonObject
}

/**
 * The answer, a JSON document.
 * @throws Failure of kind denied, usage or unavailable; no secret is in it
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

/** An answer that nobody can read. Its text is not quoted: it may hold a token. */
export function unexpectedReplyError({url}: Request, {authUrlFrom}: LoginDescription): Failure {
  return new Failure('failed', `the answer of ${redactText(url)} cannot be understood`, {
    why: 'it is not what an Identity service answers',
    advice: `Check the address of the Identity service, which comes from ${authUrlFrom}.`,
  })
}

function parseJsonObject(text: string): JsonObject | undefined {
  try {
    const document: unknown = JSON.parse(text)
    return isJsonObject(document) ? document : undefined
  } catch {
    return undefined
  }
}

/** Bytes of an error body that are looked at. */
const MAX_ERROR_BYTES = 64 * 1024

/** What Keystone says to every login that is wrong in whatever way. */
const GENERIC_MESSAGE = /^The request you have made requires authentication\.?( \(HTTP 401\))?$/

async function toFailure(reply: Reply, request: Request, login: LoginDescription): Promise<Failure> {
  const body = await reply.text(MAX_ERROR_BYTES).catch(() => '')
  const message = redactSecrets(extractErrorText(body, reply.headers.get('content-type')), login.secrets)
  const {why, ...meaning} = explainReply(reply, parseJsonObject(body) !== undefined, request, login)
  return new Failure(meaning.kind, meaning.what, {
    why: meaning.fromKeystone && message && !GENERIC_MESSAGE.test(message) ? message : why,
    advice: meaning.advice,
    requestId: reply.headers.get('x-openstack-request-id'),
    status: reply.status,
  })
}

interface LoginFailure {
  readonly kind: FailureKind
  readonly what: string
  /** When the server has no better words. */
  readonly why: string
  readonly advice: string
  /** Its words are worth hearing. */
  readonly fromKeystone: boolean
}

/** An unknown token or application credential is answered with 404, and so is a wrong address, but not in JSON. */
function explainReply(
  {status, headers}: Reply,
  isJson: boolean,
  {url}: Request,
  login: LoginDescription,
): LoginFailure {
  const isUnknown = status === 404 && isJson && login.method !== 'password'
  if (status === 401 || status === 403 || isUnknown) {
    return explainDenial(login, headers.get('openstack-auth-receipt') !== undefined)
  }
  const fromKeystone = true
  if (status === 400) {
    const what = `the Identity service cannot make sense of ${login.subject}`
    return {kind: 'usage', what, why: 'it answered 400', advice: login.hint, fromKeystone}
  }
  if (status >= 500 || status === 413 || status === 429) {
    const what = 'the Identity service cannot answer now'
    return {kind: 'unavailable', what, why: `it answered ${status}`, advice: 'Try again later.', fromKeystone}
  }
  const target = headers.get('location')
  return {
    kind: 'usage',
    what: `there is no Identity service at ${redactText(url)}`,
    why: target ? `the server sends us to ${redactText(target)}` : `the server answered ${status}`,
    advice: `Check its address, which comes from ${login.authUrlFrom}; it usually ends in /v3.`,
    fromKeystone: false,
  }
}

function explainDenial({subject, hint, method}: LoginDescription, needsSecondFactor: boolean): LoginFailure {
  const denial = {
    kind: 'denied',
    what: `the Identity service refuses ${subject}`,
    fromKeystone: true,
  } as const
  if (needsSecondFactor) {
    const advice = 'Log in with an application credential or a token.'
    return {...denial, why: 'it asks for a second factor', advice}
  }
  const why =
    method === 'token'
      ? 'perhaps the token has ended'
      : 'it does not say which of the values it was given is wrong'
  return {...denial, why, advice: hint}
}

/** Very short ones would take ordinary words apart. */
const MIN_SECRET_LENGTH = 4

function redactSecrets(text: string | undefined, secrets: readonly string[]): string | undefined {
  const secretsToHide = secrets.filter(({length}) => length >= MIN_SECRET_LENGTH)
  return text && secretsToHide.reduce((rest, secret) => rest.replaceAll(secret, REDACTED), text)
}

/** Both versions speak JSON. */
export const JSON_HEADERS = {accept: 'application/json', 'content-type': 'application/json'}

/** The id of a project or user in an answer, where there is one. */
export function parseId(value: unknown): string | undefined {
  return isJsonObject(value) && typeof value['id'] === 'string' ? value['id'] : undefined
}
