/** Explains why an exchange got no answer: errors of the system and of the HTTP library, in words. */
import {Failure, type FailureKind} from '../model/errors.js'
import type {Request} from './message.js'

interface Explanation {
  readonly kind?: FailureKind
  readonly why: string
  readonly advice?: string
  /** A connection was there and broke; otherwise it never came about. */
  readonly broken?: true
}

const NOT_RUNNING =
  "Is it running? Start one with 'glance serve', or name another with --host, --port or --url."
const CHECK_HOST = 'Check the name given with --host or --url.'
const CHECK_NETWORK = 'Check the address given with --host, --port or --url, and the network.'
const LONGER = 'Is the service overloaded? --timeout SECONDS waits longer.'
const CERTIFICATE = 'If you trust this server all the same, use --insecure.'

const EXPLANATIONS: Readonly<Record<string, Explanation>> = {
  ECONNREFUSED: {why: 'connection refused', advice: NOT_RUNNING},
  ENOTFOUND: {why: 'no host has this name', advice: CHECK_HOST},
  EAI_AGAIN: {why: 'the name of the host cannot be looked up at the moment', advice: CHECK_HOST},
  EHOSTUNREACH: {why: 'no route to the host', advice: CHECK_NETWORK},
  ENETUNREACH: {why: 'the network cannot be reached', advice: CHECK_NETWORK},
  ETIMEDOUT: {why: 'the host does not answer', advice: CHECK_NETWORK},
  UND_ERR_CONNECT_TIMEOUT: {why: 'no connection within the time allowed', advice: CHECK_NETWORK},
  UND_ERR_HEADERS_TIMEOUT: {why: 'no answer within the time allowed', advice: LONGER, broken: true},
  UND_ERR_BODY_TIMEOUT: {why: 'the answer stopped in the middle', advice: LONGER, broken: true},
  UND_ERR_HEADERS_OVERFLOW: {kind: 'failed', why: 'the head of the answer is too long', broken: true},
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: {why: 'the answer is shorter than the server announced', broken: true},
  CERT_HAS_EXPIRED: {kind: 'failed', why: 'the certificate of the server has expired', advice: CERTIFICATE},
  DEPTH_ZERO_SELF_SIGNED_CERT: {kind: 'failed', why: 'the certificate is self-signed', advice: CERTIFICATE},
  SELF_SIGNED_CERT_IN_CHAIN: {
    kind: 'failed',
    why: 'nobody known signed the certificate',
    advice: CERTIFICATE,
  },
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: {
    kind: 'failed',
    why: 'nobody known signed the certificate of the server',
    advice: CERTIFICATE,
  },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    kind: 'failed',
    why: 'the certificate belongs to another host',
    advice: CERTIFICATE,
  },
  ERR_SSL_WRONG_VERSION_NUMBER: {
    kind: 'failed',
    why: 'the server does not speak TLS here',
    advice: 'Leave out --ssl, or write http:// in the URL.',
  },
  EPROTO: {kind: 'failed', why: 'the server does not speak TLS here', advice: 'Write http:// in the URL.'},
}

const HUNG_UP = new Set([
  'ECONNRESET',
  'EPIPE',
  'ECONNABORTED',
  'UND_ERR_SOCKET',
  'UND_ERR_CLOSED',
  'UND_ERR_DESTROYED',
])

/** The error code that the system or the library gave. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

/** The other side closed the connection. */
export function isHangUp(error: unknown): boolean {
  return HUNG_UP.has(codeOf(error))
}

/** There was no connection, so nothing has reached the other side. */
export function neverConnected(error: unknown): boolean {
  const known = EXPLANATIONS[codeOf(error)]
  return known !== undefined && !known.broken
}

/** The library gives a code only for some of the errors of its parser. */
function isGarbage(error: unknown): boolean {
  return error instanceof Error && error.name === 'HTTPParserError'
}

/**
 * An error of an exchange as a `Failure`, also one that comes while the answer is read.
 * @param service what is at the other end, in words
 */
export function explain(error: unknown, request: Request, service: string): Failure {
  if (error instanceof Failure) return error
  if (error instanceof SourceError) {
    return error.cause instanceof Failure ? error.cause : sourceFailure(error)
  }
  if (codeOf(error) === LENGTH_DIFFERS) return sourceFailure(new SourceError(error as Error))
  const {origin} = new URL(request.url)
  const {kind = 'unavailable', why, advice, broken} = explanation(error, request)
  const what = broken
    ? `the connection to ${service} at ${origin} broke`
    : `cannot reach ${service} at ${origin}`
  return new Failure(kind, what, {why, advice, cause: error})
}

function explanation(error: unknown, request: Request): Explanation {
  const code = codeOf(error)
  if (isHangUp(error)) return {why: hangUp(request), broken: true}
  if (isGarbage(error)) {
    return {kind: 'failed', why: 'what answers there does not speak HTTP', broken: true}
  }
  return EXPLANATIONS[code] ?? {why: error instanceof Error ? error.message : String(error), broken: true}
}

function hangUp({body}: Request): string {
  if (body === undefined || typeof body === 'string') return 'the server closed it without an answer'
  return 'the server closed it before all data was sent, and gave no reason'
}

const LENGTH_DIFFERS = 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH'

/** The data that we were sending could not be read to its end. */
export class SourceError extends Error {
  override readonly name = 'SourceError'

  constructor(override readonly cause: Error) {
    super(codeOf(cause) === LENGTH_DIFFERS ? 'it has not the length that was announced' : cause.message)
  }
}

/** The same as a `Failure`. */
export function sourceFailure(error: SourceError): Failure {
  return new Failure('failed', 'the image data could not be read to its end', {
    why: error.message,
    advice: 'The upload was cut off, so that the service does not take it for complete.',
    cause: error.cause,
  })
}
