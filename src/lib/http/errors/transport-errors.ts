/** Explains why an exchange got no answer: errors of the system and of the HTTP library, in words. */
import {Failure, type FailureKind} from '../../model/errors.js'
import type {Request} from '../message.js'

interface Explanation {
  readonly kind?: FailureKind
  readonly why: string
  readonly advice?: string
  /** A connection was there and broke; otherwise it never came about. */
  readonly broken?: true
}

const CHECK_RUNNING =
  "Is it running? Start one with 'glance serve', or name another with --host, --port or --url."
const CHECK_HOST = 'Check the name given with --host or --url.'
const CHECK_NETWORK = 'Check the address given with --host, --port or --url, and the network.'
/** Takes the address for one of the command line, or for none. */
const ADDRESS_ADVICE: readonly (string | undefined)[] = [CHECK_RUNNING, CHECK_HOST, CHECK_NETWORK]
const RAISE_TIMEOUT = 'Is the service overloaded? --timeout SECONDS waits longer.'

const EXPLANATIONS: Readonly<Record<string, Explanation>> = {
  ECONNREFUSED: {why: 'connection refused', advice: CHECK_RUNNING},
  ENOTFOUND: {why: 'no host has this name', advice: CHECK_HOST},
  EAI_AGAIN: {why: 'the name of the host cannot be looked up at the moment', advice: CHECK_HOST},
  EHOSTUNREACH: {why: 'no route to the host', advice: CHECK_NETWORK},
  ENETUNREACH: {why: 'the network cannot be reached', advice: CHECK_NETWORK},
  ETIMEDOUT: {why: 'the host does not answer', advice: CHECK_NETWORK},
  UND_ERR_CONNECT_TIMEOUT: {why: 'no connection within the time allowed', advice: CHECK_NETWORK},
  UND_ERR_HEADERS_TIMEOUT: {why: 'no answer within the time allowed', advice: RAISE_TIMEOUT, broken: true},
  UND_ERR_BODY_TIMEOUT: {why: 'the answer stopped in the middle', advice: RAISE_TIMEOUT, broken: true},
  UND_ERR_HEADERS_OVERFLOW: {kind: 'failed', why: 'the head of the answer is too long', broken: true},
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: {why: 'the answer is shorter than the server announced', broken: true},
  ERR_SSL_WRONG_VERSION_NUMBER: {
    kind: 'failed',
    why: 'the server does not speak TLS here',
    advice: 'Leave out --ssl, or write http:// in the URL.',
  },
  EPROTO: {kind: 'failed', why: 'the server does not speak TLS here', advice: 'Write http:// in the URL.'},
}

const RESET_CODES = new Set([
  'ECONNRESET',
  'EPIPE',
  'ECONNABORTED',
  'UND_ERR_SOCKET',
  'UND_ERR_CLOSED',
  'UND_ERR_DESTROYED',
])

/** What TLS has to say, mostly by an alert of the other side; the first that matches counts. */
const TLS_ALERTS: readonly (readonly [RegExp, Explanation])[] = [
  [
    /ALERT_CERTIFICATE_REQUIRED/,
    {
      kind: 'failed',
      why: 'the server wants a certificate of the client',
      advice: 'Name one with --os-cert and --os-key.',
    },
  ],
  [
    /ALERT_(BAD_CERTIFICATE|CERTIFICATE_\w+|UNSUPPORTED_CERTIFICATE|UNKNOWN_CA)/,
    {
      kind: 'failed',
      why: 'the server refuses the certificate of the client',
      advice: 'Name another with --os-cert and --os-key.',
    },
  ],
  [
    /ALERT_HANDSHAKE_FAILURE/,
    {
      kind: 'failed',
      why: 'the server refuses TLS with us',
      advice: 'If it wants a certificate of the client, name one with --os-cert and --os-key.',
    },
  ],
]

/** The certificate of a server was refused: why, and what helps. */
export class CertificateError extends Error {
  override readonly name = 'CertificateError'

  constructor(
    readonly why: string,
    readonly advice: string,
    override readonly cause: Error,
  ) {
    super(why)
  }
}

/** A failure before the first byte of the request was sent, which therefore cannot have arrived. */
export class NotSent extends Failure {}

/** The error code that the system or the library gave. */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

/** The other side closed the connection. */
export function isConnectionReset(error: unknown): boolean {
  return RESET_CODES.has(errorCode(error))
}

/** There was no connection, so nothing has reached the other side. */
export function isConnectError(error: unknown): boolean {
  const known = EXPLANATIONS[errorCode(error)]
  return known !== undefined && !known.broken
}

/** The library gives a code only for some of the errors of its parser. */
function isNotHttp(error: unknown): boolean {
  return error instanceof Error && error.name === 'HTTPParserError'
}

/** How far a request came, and by which way. */
export interface RequestProgress {
  /** Whether a part of the request may have been sent. Default: true. */
  readonly sent?: boolean
  /** The proxy that passes it on, as it may be shown. */
  readonly proxy?: string | undefined
  /** Where the address comes from, if not from the command line. */
  readonly addressFrom?: string | undefined
}

/**
 * An error of an exchange as a `Failure`, also one that comes while the answer is read.
 * @param service what is at the other end, in words
 */
export function toTransportFailure(
  error: unknown,
  request: Request,
  service: string,
  {sent = true, proxy, addressFrom}: RequestProgress = {},
): Failure {
  if (error instanceof Failure) return error
  if (error instanceof SourceError) {
    return error.cause instanceof Failure ? error.cause : toSourceFailure(error)
  }
  if (errorCode(error) === LENGTH_MISMATCH) return toSourceFailure(new SourceError(error as Error))
  const {origin} = new URL(request.url)
  const {kind = 'unavailable', why, advice, broken} = explainError(error, request)
  const destination = `${service} at ${origin}${proxy ? ` through the proxy ${proxy}` : ''}`
  const what = broken && sent ? `the connection to ${destination} broke` : `cannot reach ${destination}`
  const isFromElsewhere = addressFrom && ADDRESS_ADVICE.includes(advice)
  const finalAdvice = isFromElsewhere ? `Check the address, which comes from ${addressFrom}.` : advice
  const details = {why, advice: finalAdvice, cause: error}
  return sent ? new Failure(kind, what, details) : new NotSent(kind, what, details)
}

/** Why a connection did not come about, or broke before a request was sent. */
export function explainConnectError(error: unknown): {readonly kind: FailureKind; readonly why: string} {
  const {kind = 'unavailable', why} = explainError(error)
  return {kind, why}
}

function explainError(error: unknown, request?: Request): Explanation {
  if (error instanceof CertificateError) return {kind: 'failed', why: error.why, advice: error.advice}
  const code = errorCode(error)
  if (isConnectionReset(error))
    return {why: request ? explainReset(request) : 'it closed the connection', broken: true}
  if (isNotHttp(error)) {
    return {kind: 'failed', why: 'what answers there does not speak HTTP', broken: true}
  }
  if (EXPLANATIONS[code]) return EXPLANATIONS[code]
  if (code.startsWith('ERR_SSL_')) return explainTlsError(code)
  return {why: error instanceof Error ? error.message : String(error), broken: true}
}

/** The message of such an error is for those who wrote OpenSSL; its code has the same words. */
function explainTlsError(code: string): Explanation {
  const [, known] = TLS_ALERTS.find(([pattern]) => pattern.test(code)) ?? []
  const message = code.replace('ERR_SSL_', '').replaceAll('_', ' ').toLowerCase()
  return {kind: 'failed', why: `TLS failed: ${message}`, ...known}
}

function explainReset({body}: Request): string {
  if (body === undefined || typeof body === 'string') return 'the server closed it without an answer'
  return 'the server closed it before all data was sent, and gave no reason'
}

const LENGTH_MISMATCH = 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH'

/** The data that we were sending could not be read to its end. */
export class SourceError extends Error {
  override readonly name = 'SourceError'

  constructor(override readonly cause: Error) {
    super(errorCode(cause) === LENGTH_MISMATCH ? 'it has not the length that was announced' : cause.message)
  }
}

/** The same as a `Failure`. */
export function toSourceFailure(error: SourceError): Failure {
  return new Failure('failed', 'the image data could not be read to its end', {
    why: error.message,
    advice: 'The upload was cut off, so that the service does not take it for complete.',
    cause: error.cause,
  })
}
