/** Turns replies of an unexpected status into failures. */
import {Failure, type FailureKind} from '../../model/errors.js'
import type {Reply} from '../message.js'
import {extractErrorText, type ProxyPage, parseProxyPage, toSafeLine} from './error-text.js'

/** Bytes of an error body that are read. */
const MAX_ERROR_BYTES = 64 * 1024

/** A caller's texts and kinds for the failures of its request. */
export interface FailureHints {
  /** Message: `cannot delete image 7`. */
  readonly what: string
  /** Reasons by status, used when the server gives none: replies to HEAD have no body. */
  readonly why?: Readonly<Record<number, string>>
  /** Hints by status. */
  readonly advice?: Readonly<Record<number, string>>
  /** Kinds by status, where they differ from the usual ones. */
  readonly kinds?: Readonly<Record<number, FailureKind>>
}

/**
 * Returns the reply if its status is expected.
 * @throws Failure with the server's message, the request id and the status, if it is not
 */
export async function expectStatus(
  reply: Reply,
  statuses: readonly number[],
  hints: FailureHints,
): Promise<Reply> {
  if (statuses.includes(reply.status)) return reply
  throw await toFailure(reply, hints)
}

async function toFailure(reply: Reply, hints: FailureHints): Promise<Failure> {
  const {status, headers, retryAfter, requestId} = reply
  const body = await readErrorBody(reply)
  const page = parseProxyPage(body)
  if (page) return toProxyFailure(reply, page, hints)
  const serverText = extractErrorText(body, headers.get('content-type'))
  return new Failure(hints.kinds?.[status] ?? toFailureKind(reply, serverText), hints.what, {
    why: serverText ?? hints.why?.[status] ?? explainStatus(reply),
    advice: hints.advice?.[status] ?? reply.hints.advice ?? adviseOnStatus(reply),
    requestId,
    status,
    retryAfter,
    code: reply.hints.code,
  })
}

/**
 * The service did not answer, so that the caller's hints about its answers do not apply, and a 404 says nothing about an
 * image.
 */
function toProxyFailure(reply: Reply, {title, server}: ProxyPage, {what, kinds}: FailureHints): Failure {
  const {status, retryAfter, requestId} = reply
  const kind = kinds?.[status] ?? (status === 404 ? 'failed' : toFailureKind(reply))
  return new Failure(kind, what, {
    why: `${/^\d/.test(title) ? title : `${status} ${title}`} (${server})`,
    advice: PROXY_ADVICE[status] ?? adviseOnStatus(reply),
    requestId,
    status,
    retryAfter,
    code: 'from-proxy',
  })
}

const LENGTH_ADVICE = 'The server requires the length of the data: give size=BYTES, or --spool.'

const PROXY_ADVICE: Readonly<Record<number, string>> = {
  411: LENGTH_ADVICE,
  413: 'The web server in front of the service limits the size of requests. Ask its operator to raise the limit.',
}

/** Reads the body; if the connection breaks meanwhile, the status counts without it. */
async function readErrorBody(reply: Reply): Promise<string> {
  try {
    return await reply.text(MAX_ERROR_BYTES)
  } catch {
    return ''
  }
}

const KIND_BY_STATUS: Readonly<Record<number, FailureKind>> = {
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

/**
 * Messages that make a 403 a conflict (wire/v1.md#h5), and a 400 a failed verification (wire/v1.md#f5, #f12).
 */
const PROTECTED = /\bis protected\b/i
const NOT_VERIFIED = /\b(size|checksum)\b.*\bdid not match\b/i

function toFailureKind({status, retryAfter}: Reply, serverText = ''): FailureKind {
  if (status === 413 && retryAfter !== undefined) return 'unavailable'
  if (status === 403 && PROTECTED.test(serverText)) return 'conflict'
  if (status === 400 && NOT_VERIFIED.test(serverText)) return 'unverified'
  return KIND_BY_STATUS[status] ?? 'failed'
}

const REASON_BY_STATUS: Readonly<Record<number, string>> = {
  300: 'the server offers other versions of the API here',
  400: 'the server rejected the request as malformed',
  401: 'not authenticated',
  403: 'not allowed',
  404: 'not found',
  405: 'the server does not know this operation',
  409: 'it conflicts with the current state',
  411: 'the server requires the length of the data in advance',
  412: 'it was changed or deleted in the meantime',
  413: 'too large, or over a quota',
  429: 'too many requests',
  500: 'the server failed',
  502: 'a gateway got no valid response',
  503: 'the service is temporarily unavailable',
  504: 'a gateway got no response in time',
}

function explainStatus({status, headers}: Reply): string {
  const target = headers.get('location')
  if (status > 300 && status < 400 && target) return `the server redirects to ${toSafeLine(target)}`
  return REASON_BY_STATUS[status] ?? `the server answered ${status}`
}

const ADVICE_BY_STATUS: Readonly<Record<number, string>> = {
  401: 'Give a valid token with --os-auth-token or OS_AUTH_TOKEN.',
  411: LENGTH_ADVICE,
}

function adviseOnStatus(reply: Reply): string | undefined {
  const {status, headers} = reply
  if (status > 300 && status < 400) return 'Name that address with --url.'
  const seconds = headers.get('retry-after') ?? ''
  const time = /^\d{1,9}$/.test(seconds)
    ? `in ${seconds === '1' ? '1 second' : `${seconds} seconds`}`
    : undefined
  if (status === 503) {
    return `The service is not available at present. Run the same command again ${time ?? 'later'}.`
  }
  if (time && (status === 413 || status === 429)) return `Run the same command again ${time}.`
  return ADVICE_BY_STATUS[status]
}
