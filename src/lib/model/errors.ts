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
 * - `login-renewed`: the credentials were rejected, and there are new ones for the next attempt.
 */
export type FailureCode =
  | 'not-shared'
  | 'stored'
  | 'from-proxy'
  | 'in-progress'
  | 'other-data'
  | 'login-renewed'

/**
 * An expected error with a message, a reason and advice.
 * Everything the library throws on purpose is a `Failure`; anything else is a defect.
 */
export class Failure extends Error {
  override readonly name = 'Failure'
  readonly kind: FailureKind
  readonly why: string | undefined
  readonly advice: string | undefined
  readonly requestId: string | undefined
  readonly status: number | undefined
  readonly retryAfter: number | undefined
  readonly code: FailureCode | undefined
  readonly candidates: readonly Image[] | undefined

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

  /** A copy with some parts changed. */
  with({kind = this.kind, ...changes}: FailureDetails & {readonly kind?: FailureKind}): Failure {
    const {message, why, advice, requestId, status, retryAfter, cause, code, candidates} = this
    const details = {why, advice, requestId, status, retryAfter, cause, code, candidates}
    return new Failure(kind, message, {...details, ...changes})
  }

  /** A copy with more advice. */
  withAdvice(text: string): Failure {
    return this.with({advice: [this.advice, text].filter(Boolean).join(' ')})
  }

  /** Exit code of the tool for this failure. */
  get exitCode(): number {
    return EXIT_CODES[this.kind]
  }
}

/** A failure of kind usage: the command line or a setting is wrong. */
export function usageError(message: string, details: FailureDetails = {}): Failure {
  return new Failure('usage', message, details)
}
