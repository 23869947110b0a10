/** Asks the Identity service something, and explains in words of a login why it did not answer as hoped. */
import {errorText} from '../http/error-text.js'
import type {Reply, ReplyHeaders, Request, Send} from '../http/message.js'
import {HIDDEN, redactText} from '../http/redact.js'
import {Failure, type FailureKind} from '../model/errors.js'
import {isMapping, type Mapping} from '../model/mapping.js'
import type {Attempt} from './attempt.js'

export interface Answer {
  readonly headers: ReplyHeaders
  readonly document: Mapping
}

/**
 * The answer, a JSON document.
 * @throws Failure of kind denied, usage or unavailable; no secret is in it
 */
export async function askKeystone(send: Send, request: Request, attempt: Attempt): Promise<Answer> {
  const reply = await send(request)
  if (reply.status < 200 || reply.status > 299) throw await refusal(reply, request, attempt)
  const document = documentIn(await reply.text())
  if (document) return {headers: reply.headers, document}
  throw notUnderstood(request, attempt)
}

/** An answer that nobody can read. Its text is not quoted: it may hold a token. */
export function notUnderstood({url}: Request, {urlFrom}: Attempt): Failure {
  return new Failure('failed', `the answer of ${redactText(url)} cannot be understood`, {
    why: 'it is not what an Identity service answers',
    advice: `Check the address of the Identity service, which comes from ${urlFrom}.`,
  })
}

function documentIn(text: string): Mapping | undefined {
  try {
    const document: unknown = JSON.parse(text)
    return isMapping(document) ? document : undefined
  } catch {
    return undefined
  }
}

/** Bytes of an error body that are looked at. */
const LONGEST_ERROR = 64 * 1024

/** What Keystone says to every login that is wrong in whatever way. */
const SAYS_NOTHING = /^The request you have made requires authentication\.?( \(HTTP 401\))?$/

async function refusal(reply: Reply, request: Request, attempt: Attempt): Promise<Failure> {
  const body = await reply.text(LONGEST_ERROR).catch(() => '')
  const said = withoutSecrets(errorText(body, reply.headers.get('content-type')), attempt.secrets)
  const {why, ...meaning} = meaningOf(reply, documentIn(body) !== undefined, request, attempt)
  return new Failure(meaning.kind, meaning.what, {
    why: meaning.fromKeystone && said && !SAYS_NOTHING.test(said) ? said : why,
    advice: meaning.advice,
    requestId: reply.headers.get('x-openstack-request-id'),
    status: reply.status,
  })
}

interface Meaning {
  readonly kind: FailureKind
  readonly what: string
  /** When the server has no better words. */
  readonly why: string
  readonly advice: string
  /** Its words are worth hearing. */
  readonly fromKeystone: boolean
}

/** An unknown token or application credential is answered with 404, and so is a wrong address, but not in JSON. */
function meaningOf({status, headers}: Reply, isJson: boolean, {url}: Request, attempt: Attempt): Meaning {
  const unknown = status === 404 && isJson && attempt.method !== 'password'
  if (status === 401 || status === 403 || unknown) {
    return denied(attempt, headers.get('openstack-auth-receipt') !== undefined)
  }
  const fromKeystone = true
  if (status === 400) {
    const what = `the Identity service cannot make sense of ${attempt.who}`
    return {kind: 'usage', what, why: 'it answered 400', advice: attempt.check, fromKeystone}
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
    advice: `Check its address, which comes from ${attempt.urlFrom}; it usually ends in /v3.`,
    fromKeystone: false,
  }
}

function denied({who, check, method}: Attempt, secondFactor: boolean): Meaning {
  const refusal = {kind: 'denied', what: `the Identity service refuses ${who}`, fromKeystone: true} as const
  if (secondFactor) {
    const advice = 'Log in with an application credential or a token.'
    return {...refusal, why: 'it asks for a second factor', advice}
  }
  const why =
    method === 'token'
      ? 'perhaps the token has ended'
      : 'it does not say which of the values it was given is wrong'
  return {...refusal, why, advice: check}
}

/** Very short ones would take ordinary words apart. */
const SHORTEST_SECRET = 4

function withoutSecrets(text: string | undefined, secrets: readonly string[]): string | undefined {
  const long = secrets.filter(({length}) => length >= SHORTEST_SECRET)
  return text && long.reduce((rest, secret) => rest.replaceAll(secret, HIDDEN), text)
}

/** Both versions speak JSON. */
export const JSON_HEADERS = {accept: 'application/json', 'content-type': 'application/json'}

/** The id of a project or user in an answer, where there is one. */
export function idIn(value: unknown): string | undefined {
  return isMapping(value) && typeof value['id'] === 'string' ? value['id'] : undefined
}
