/** Explains why a request got no response: errors of the system, of TLS and of the HTTP library. */
import {Failure, type FailureKind} from '../../model/errors.js'
import type {Request} from '../message.js'

interface Explanation {
  readonly kind?: FailureKind
  readonly why: string
  readonly advice?: string
  /** What the address should begin with. */
  readonly protocol?: 'http' | 'https'
  /** The connection was established and broke; otherwise it never was established. */
  readonly broken?: true
}

const CHECK_RUNNING =
  "Check that it is running. Start one with 'glance serve', or name another with --host, --port or --url."
const CHECK_HOST = 'Check the name given with --host or --url.'
const CHECK_NETWORK = 'Check the address given with --host, --port or --url, and the network.'
/** Hints that assume that the address comes from the command line or is the default. */
const ADDRESS_ADVICE: readonly (string | undefined)[] = [CHECK_RUNNING, CHECK_HOST, CHECK_NETWORK]
const RAISE_TIMEOUT = 'Wait longer with --timeout SECONDS.'

const EXPLANATIONS: Readonly<Record<string, Explanation>> = {
  ECONNREFUSED: {why: 'connection refused', advice: CHECK_RUNNING},
  ENOTFOUND: {why: 'unknown host name', advice: CHECK_HOST},
  EAI_AGAIN: {why: 'the host name cannot be resolved at the moment', advice: CHECK_HOST},
  EHOSTUNREACH: {why: 'no route to the host', advice: CHECK_NETWORK},
  ENETUNREACH: {why: 'the network is unreachable', advice: CHECK_NETWORK},
  ETIMEDOUT: {why: 'the host does not respond', advice: CHECK_NETWORK},
  UND_ERR_CONNECT_TIMEOUT: {why: 'no connection within the time allowed', advice: CHECK_NETWORK},
  UND_ERR_HEADERS_TIMEOUT: {why: 'no response within the time allowed', advice: RAISE_TIMEOUT, broken: true},
  RESPONSE_SILENT: {why: 'the response stopped before its end', advice: RAISE_TIMEOUT, broken: true},
  RESPONSE_STALLED: {
    why: 'the response is too slow: less than 1 KiB arrived within the time allowed',
    advice: RAISE_TIMEOUT,
    broken: true,
  },
  UND_ERR_HEADERS_OVERFLOW: {kind: 'failed', why: 'the response headers are too long', broken: true},
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: {why: 'the response is shorter than announced', broken: true},
  ERR_SSL_WRONG_VERSION_NUMBER: {
    kind: 'failed',
    why: 'the server does not use TLS on this port',
    advice: 'Leave out --ssl, or write http:// in the URL.',
    protocol: 'http',
  },
  UND_ERR_DESTROYED: {kind: 'failed', why: 'this program has closed it', broken: true},
  EPROTO: {
    kind: 'failed',
    why: 'the server does not use TLS on this port',
    advice: 'Write http:// in the URL.',
    protocol: 'http',
  },
}

const NOT_HTTP: Explanation = {kind: 'failed', why: 'the reply is not HTTP', broken: true}
const MAY_BE_TLS = {advice: 'If the server uses TLS, write https:// in the URL.', protocol: 'https'} as const

const RESET_CODES = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'UND_ERR_SOCKET'])

/** Explanations of TLS alerts from the peer; the first match counts. */
const TLS_ALERTS: readonly (readonly [RegExp, Explanation])[] = [
  [
    /ALERT_CERTIFICATE_REQUIRED/,
    {
      kind: 'failed',
      why: 'the server requires a client certificate',
      advice: 'Name one with --os-cert and --os-key.',
    },
  ],
  [
    /ALERT_(BAD_CERTIFICATE|CERTIFICATE_\w+|UNSUPPORTED_CERTIFICATE|UNKNOWN_CA)/,
    {
      kind: 'failed',
      why: 'the server rejected the client certificate',
      advice: 'Name another with --os-cert and --os-key.',
    },
  ],
  [
    /ALERT_HANDSHAKE_FAILURE/,
    {
      kind: 'failed',
      why: 'the TLS handshake failed',
      advice: 'If the server requires a client certificate, name one with --os-cert and --os-key.',
    },
  ],
]

/** The certificate of a server was rejected, with the reason and a hint. */
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

/** A failure before the first byte of the request was sent, so that nothing of it can have arrived. */
export class NotSent extends Failure {}

/** The error code from the system or the library; empty without one. */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

/** True when the peer closed the connection. */
export function isConnectionReset(error: unknown): boolean {
  return RESET_CODES.has(errorCode(error))
}

/** True when the peer did not reply in time. */
export function isResponseTimeout(error: unknown): boolean {
  return errorCode(error) === 'UND_ERR_HEADERS_TIMEOUT'
}

/** True when no connection was established, so that nothing has reached the peer. */
export function isConnectError(error: unknown): boolean {
  const known = EXPLANATIONS[errorCode(error)]
  return known !== undefined && !known.broken
}

/** Recognises errors of the library's parser by name, because only some of them have a code. */
function isNotHttp(error: unknown): boolean {
  return error instanceof Error && error.name === 'HTTPParserError'
}

/** Progress and route of a request. */
export interface RequestProgress {
  /** Part of the request may have been sent. Default: true. */
  readonly sent?: boolean
  /** URL of the proxy, without secrets. */
  readonly proxy?: string | undefined
  /** Origin of the address, if not the command line. */
  readonly addressFrom?: string | undefined
}

/**
 * Converts an error of an exchange, also one while the response is read.
 * @param service name of the peer in messages
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
  const explanation = explainError(error, request)
  const {kind = 'unavailable', why, broken} = explanation
  const destination = `${service} at ${origin}${proxy ? ` through the proxy ${proxy}` : ''}`
  const what = broken && sent ? `the connection to ${destination} broke` : `cannot reach ${destination}`
  const details = {why, advice: advise(explanation, addressFrom), cause: error}
  return sent ? new Failure(kind, what, details) : new NotSent(kind, what, details)
}

function advise({advice, protocol}: Explanation, addressFrom: string | undefined): string | undefined {
  if (addressFrom === undefined) return advice
  if (protocol !== undefined) return `Write ${protocol}:// in the address, which comes from ${addressFrom}.`
  return ADDRESS_ADVICE.includes(advice) ? `Check the address, which comes from ${addressFrom}.` : advice
}

/** Explains why a connection was not established, or broke before a request was sent. */
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
    const isPlain = request !== undefined && new URL(request.url).protocol === 'http:'
    return {...NOT_HTTP, ...(isPlain && MAY_BE_TLS)}
  }
  if (EXPLANATIONS[code]) return EXPLANATIONS[code]
  if (code.startsWith('ERR_SSL_')) return explainTlsError(code)
  return {why: error instanceof Error ? error.message : String(error), broken: true}
}

/** Takes the text from the code, because OpenSSL's messages are written for its developers. */
function explainTlsError(code: string): Explanation {
  const [, known] = TLS_ALERTS.find(([pattern]) => pattern.test(code)) ?? []
  const message = code.replace('ERR_SSL_', '').replaceAll('_', ' ').toLowerCase()
  return {kind: 'failed', why: `TLS failed: ${message}`, ...known}
}

function explainReset({body}: Request): string {
  if (body === undefined || typeof body === 'string') return 'the server closed it without a response'
  return 'the server closed it before all data was sent, and gave no reason'
}

const LENGTH_MISMATCH = 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH'

/** The data being sent could not be read to its end. */
export class SourceError extends Error {
  override readonly name = 'SourceError'

  constructor(override readonly cause: Error) {
    super(errorCode(cause) === LENGTH_MISMATCH ? 'its length differs from the announced one' : cause.message)
  }
}

/** Converts the error of a data source. */
export function toSourceFailure(error: SourceError): Failure {
  return new Failure('failed', 'cannot read the image data to its end', {
    why: error.message,
    advice:
      'Check the data and send it again. The upload was cut off, so that the service does not take it for complete.',
    cause: error.cause,
  })
}
