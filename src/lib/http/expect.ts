/** A reply is a failure unless its status was expected. */
import {Failure, type FailureKind} from '../model/errors.js'
import {errorText} from './error-text.js'
import type {Reply} from './message.js'
import {redactText} from './redact.js'

/** Bytes of an error body that are looked at. */
const LONGEST_ERROR = 64 * 1024

/** What a caller knows better than the transport about the failures of its request. */
export interface FailureHints {
  /** What could not be done: `cannot delete image 7`. */
  readonly what: string
  /** Why, by status, when the server gives no words: HEAD errors have no body. */
  readonly why?: Readonly<Record<number, string>>
  /** What to do about it, by status. */
  readonly advice?: Readonly<Record<number, string>>
  /** What kind of failure it is, by status, where that is not what the status usually means. */
  readonly kinds?: Readonly<Record<number, FailureKind>>
}

/**
 * Gives the reply back when its status is one of those expected, otherwise throws what it means.
 * @throws Failure with the words of the server, the request id and the status
 */
export async function expectStatus(
  reply: Reply,
  statuses: readonly number[],
  hints: FailureHints,
): Promise<Reply> {
  if (statuses.includes(reply.status)) return reply
  throw await failureOf(reply, hints)
}

async function failureOf(reply: Reply, hints: FailureHints): Promise<Failure> {
  const {status, headers} = reply
  const said = errorText(await bodyOf(reply), headers.get('content-type'))
  return new Failure(hints.kinds?.[status] ?? kindOf(status, said), hints.what, {
    why: said ?? hints.why?.[status] ?? reasonOf(reply),
    advice: hints.advice?.[status] ?? reply.advice ?? adviceOf(reply),
    requestId: headers.get('x-openstack-request-id') ?? headers.get('x-compute-request-id'),
    status,
  })
}

/** The answer counts even when the connection breaks while its body is read. */
async function bodyOf(reply: Reply): Promise<string> {
  try {
    return await reply.text(LONGEST_ERROR)
  } catch {
    return ''
  }
}

const KINDS: Readonly<Record<number, FailureKind>> = {
  401: 'denied',
  403: 'denied',
  404: 'not-found',
  409: 'conflict',
  410: 'conflict',
  412: 'conflict',
  429: 'unavailable',
  502: 'unavailable',
  503: 'unavailable',
  504: 'unavailable',
}

/** Words that make a 403 a conflict (v1-wire H5), and a 400 or 409 data that did not verify (F5, F12). */
const PROTECTED = /\bis protected\b/i
const NOT_VERIFIED = /\b(size|checksum)\b.*\bdid not match\b/i

function kindOf(status: number, said = ''): FailureKind {
  if (status === 403 && PROTECTED.test(said)) return 'conflict'
  if (status === 400 && NOT_VERIFIED.test(said)) return 'unverified'
  return KINDS[status] ?? 'failed'
}

const REASONS: Readonly<Record<number, string>> = {
  300: 'the server offers other versions of the API here',
  400: 'the server finds the request malformed',
  401: 'not authenticated',
  403: 'not allowed',
  404: 'not found',
  405: 'the server does not know this operation',
  409: 'in conflict with what is there already',
  411: 'the server wants to know the length of the data beforehand',
  412: 'it was changed or deleted in the meantime',
  413: 'too large, or over a quota',
  429: 'too many requests',
  500: 'the server failed',
  502: 'a server on the way got no answer',
  503: 'the service is temporarily unavailable',
  504: 'a server on the way got no answer in time',
}

function reasonOf({status, headers}: Reply): string {
  const target = headers.get('location')
  if (status > 300 && status < 400 && target) return `the server sends us elsewhere, to ${redactText(target)}`
  return REASONS[status] ?? `the server answered ${status}`
}

const ADVICE: Readonly<Record<number, string>> = {
  401: 'Is the token right and still valid? Give one with --os-auth-token or OS_AUTH_TOKEN.',
  503: 'Try again later.',
}

function adviceOf({status, headers}: Reply): string | undefined {
  const wait = headers.get('retry-after')
  if ((status === 503 || status === 413 || status === 429) && wait && /^\d+$/.test(wait)) {
    return `Try again in ${wait === '1' ? '1 second' : `${wait} seconds`}.`
  }
  if (status > 300 && status < 400) return 'Name that address with --url.'
  return ADVICE[status]
}
