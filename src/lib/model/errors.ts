/** Failures, which have a kind with an exit code, a reason and advice. */
import type {Image} from './image.js'

/** Exit codes by kind of failure. */
export const EXIT_CODES = {
  failed: 1,
  ambiguous: 1,
  usage: 2,
  'not-found': 3,
  denied: 4,
  conflict: 5,
  unavailable: 6,
  unverified: 7,
  interrupted: 130,
} as const

/**
 * - `usage`: an option, a value or a setting is wrong; nothing was sent, or nothing was changed.
 * - `not-found`: there is no image or member with this id or name, or the caller may not see it.
 * - `ambiguous`: several images have this name; `candidates` lists them.
 * - `denied`: the login failed, or the service does not allow the request (401, 403).
 * - `conflict`: the state of the image or of a file forbids it: protected, in use, or there already (409).
 * - `unavailable`: the service cannot be reached, breaks off, or is temporarily unable (503), or a wait has ended.
 * - `unverified`: data does not match its image, or an image cannot reach a status any more.
 * - `interrupted`: a signal of the system has ended the tool; the library throws the reason of an `AbortSignal` instead.
 * - `failed`: anything else that the service or the system refuses.
 */
export type FailureKind = keyof typeof EXIT_CODES

/** Optional parts of a failure. */
export interface FailureDetails {
  /** Reason: the message of the server or of the system. */
  readonly why?: string | undefined
  /** Hint for the user: one or more imperatives. */
  readonly advice?: string | undefined
  /** `X-Openstack-Request-Id` of the response, for the operator of the cloud. */
  readonly requestId?: string | undefined
  /** HTTP status of the response that caused it. */
  readonly status?: number | undefined
  /** Seconds that the answer asks to wait for before the next attempt. */
  readonly retryAfter?: number | undefined
  readonly cause?: unknown
  /** Identifies a failure that a program can handle. */
  readonly code?: FailureCode | undefined
  /** The images that an ambiguous name may mean. */
  readonly candidates?: readonly Image[] | undefined
}

/**
 * - `not-shared`: only images with visibility `shared` can have members, and this one has another visibility.
 * - `from-proxy`: the error page of a web server in front of the service.
 * - `stored`: the service has stored the data, but it could not be verified.
 * - `in-progress`: the service may still be storing the data of the image, which is therefore not deleted.
 * - `other-data`: the data to send does not have the digest that was announced for it.
 * - `unreadable`: the data to send could not be read to its end.
 * - `login-renewed`: the credentials were rejected, and there are new ones for the next attempt.
 */
export type FailureCode =
  | 'not-shared'
  | 'stored'
  | 'from-proxy'
  | 'in-progress'
  | 'other-data'
  | 'unreadable'
  | 'login-renewed'

/**
 * An expected error with a message, a reason and advice.
 * Everything the library throws on purpose is a `Failure`; anything else is a defect.
 */
export class Failure extends Error {
  override readonly name = 'Failure'
  /** What to handle it by. */
  readonly kind: FailureKind
  /** Reason: the message of the server or of the system. */
  readonly why: string | undefined
  /** What to do, as the tool says it. */
  readonly advice: string | undefined
  /** `X-Openstack-Request-Id` of the response, for the operator of the cloud. */
  readonly requestId: string | undefined
  /** HTTP status of the response that caused it. */
  readonly status: number | undefined
  /** Seconds that the service asks to wait for. */
  readonly retryAfter: number | undefined
  /** A closer description of some failures. */
  readonly code: FailureCode | undefined
  /** The images that an ambiguous name may mean. */
  readonly candidates: readonly Image[] | undefined

  /** @internal */
  constructor(kind: FailureKind, message: string, details: FailureDetails = {}) {
    super(message, details.cause === undefined ? undefined : {cause: details.cause})
    this.kind = kind
    this.why = details.why
    this.advice = details.advice
    this.requestId = details.requestId
    this.status = details.status
    this.retryAfter = details.retryAfter
    this.code = details.code
    this.candidates = details.candidates
  }

  /** A copy with some parts changed. @internal */
  with({kind = this.kind, ...changes}: FailureDetails & {readonly kind?: FailureKind}): Failure {
    const {message, why, advice, requestId, status, retryAfter, cause, code, candidates} = this
    const details = {why, advice, requestId, status, retryAfter, cause, code, candidates}
    return new Failure(kind, message, {...details, ...changes})
  }

  /** A copy with more advice. @internal */
  withAdvice(text: string): Failure {
    return this.with({advice: [this.advice, text].filter(Boolean).join(' ')})
  }

  /** Exit code of the tool for this failure. */
  get exitCode(): number {
    return EXIT_CODES[this.kind]
  }
}

/**
 * True for a `Failure`, and with a kind only for one of that kind.
 *
 * @example
 * try {
 *   await client.deleteImage('old')
 * } catch (error) {
 *   if (!isFailure(error, 'not-found')) throw error
 * }
 */
export function isFailure<Kind extends FailureKind = FailureKind>(
  error: unknown,
  kind?: Kind,
): error is Failure & {readonly kind: Kind} {
  return error instanceof Failure && (kind === undefined || error.kind === kind)
}

/** What the function returns; undefined if it throws, for what may fail without harm. */
export function tryOrUndefined<T>(action: () => T): T | undefined {
  try {
    return action()
  } catch {
    return undefined
  }
}

/** A failure of kind usage: the command line or a setting is wrong. */
export function usageError(message: string, details: FailureDetails = {}): Failure {
  return new Failure('usage', message, details)
}
