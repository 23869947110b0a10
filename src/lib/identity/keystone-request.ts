/** Asks the Identity service something, and explains in words of a login why it did not answer as hoped. */
import {errorText} from '../http/error-text.js'
import type {Reply, ReplyHeaders, Request, Send} from '../http/message.js'
import {HIDDEN, redactText} from '../http/redact.js'
import {codeOf} from '../http/trouble.js'
import {Failure, type FailureKind} from '../model/errors.js'
import type {Attempt} from './attempt.js'
import {isMapping, type Mapping} from './config-files.js'

export interface Answer {
  readonly headers: ReplyHeaders
  readonly document: Mapping
}

/**
 * The answer, a JSON document.
 * @throws Failure of kind denied, usage or unavailable; no secret is in it
 */
export async function askKeystone(send: Send, request: Request, attempt: Attempt): Promise<Answer> {
  const reply = await sent(send, request, attempt)
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

async function sent(send: Send, request: Request, attempt: Attempt): Promise<Reply> {
  try {
    return await send(request)
  } catch (error) {
    if (!(error instanceof Failure) || error.kind === 'interrupted') throw error
    throw unreachable(error, request, attempt)
  }
}

const TLS = /CERT|SIGNED|SIGNATURE|ISSUER|ERR_(TLS|SSL)|EPROTO/

function unreachable(error: Failure, {url}: Request, {urlFrom}: Attempt): Failure {
  const trust =
    'If its authority is yours, name it with --os-cacert or OS_CACERT; --insecure accepts any certificate.'
  const address = `Check the address of the Identity service, which comes from ${urlFrom}, and the network.`
  return new Failure(error.kind, `cannot reach the Identity service at ${new URL(url).origin}`, {
    why: error.why,
    advice: TLS.test(codeOf(error.cause)) ? trust : address,
    cause: error.cause,
  })
}

/** Bytes of an error body that are looked at. */
const LONGEST_ERROR = 64 * 1024

/** What Keystone says to every login that is wrong in whatever way. */
const SAYS_NOTHING = /^The request you have made requires authentication\.?( \(HTTP 401\))?$/

async function refusal(reply: Reply, request: Request, attempt: Attempt): Promise<Failure> {
  const body = await reply.text(LONGEST_ERROR).catch(() => '')
  const said = withoutSecrets(errorText(body, reply.headers.get('content-type')), attempt.secrets)
  const {kind, what, why, advice} = meaning(reply, documentIn(body) !== undefined, request, attempt)
  return new Failure(kind, what, {
    why: said && !SAYS_NOTHING.test(said) ? said : why,
    advice,
    requestId: reply.headers.get('x-openstack-request-id'),
    status: reply.status,
  })
}

interface Meaning {
  readonly kind: FailureKind
  readonly what: string
  readonly why: string
  readonly advice: string
}

function meaning({status, headers}: Reply, isJson: boolean, {url}: Request, attempt: Attempt): Meaning {
  const {who, check, urlFrom, method} = attempt
  const unknown = status === 404 && isJson && method !== 'password'
  if (status === 401 || status === 403 || unknown) {
    const factor = headers.get('openstack-auth-receipt') !== undefined
    return {
      kind: 'denied',
      what: `the Identity service refuses ${who}`,
      why: factor
        ? 'it asks for a second factor'
        : 'it does not say which of the values it was given is wrong',
      advice: factor ? 'Log in with an application credential or a token.' : check,
    }
  }
  if (status === 400) {
    return {
      kind: 'usage',
      what: `the Identity service cannot make sense of ${who}`,
      why: 'it did not say why',
      advice: check,
    }
  }
  if (status >= 500 || status === 413 || status === 429) {
    return {
      kind: 'unavailable',
      what: 'the Identity service cannot answer now',
      why: `it answered ${status}`,
      advice: 'Try again later.',
    }
  }
  const target = headers.get('location')
  return {
    kind: 'usage',
    what: `there is no Identity service at ${redactText(url)}`,
    why: target ? `the server sends us to ${redactText(target)}` : `the server answered ${status}`,
    advice: `Check its address, which comes from ${urlFrom}; it usually ends in /v3.`,
  }
}

/** Very short ones would take ordinary words apart. */
const SHORTEST_SECRET = 4

function withoutSecrets(text: string | undefined, secrets: readonly string[]): string | undefined {
  const long = secrets.filter(({length}) => length >= SHORTEST_SECRET)
  return text && long.reduce((rest, secret) => rest.replaceAll(secret, HIDDEN), text)
}
