/** What can go wrong, as kinds with an exit code, a reason and advice. */

/** The kinds of failure a user of the tool can tell apart, with the exit code of each. */
export const EXIT_CODES = {
  failed: 1,
  usage: 2,
  'not-found': 3,
  denied: 4,
  conflict: 5,
  unavailable: 6,
  unverified: 7,
  interrupted: 130,
} as const

export type FailureKind = keyof typeof EXIT_CODES

/** The parts of a failure beside its kind and its first line. */
export interface FailureDetails {
  /** Why it happened: the server's own words, or the system's. */
  readonly why?: string | undefined
  /** What the user can do about it. */
  readonly advice?: string | undefined
  /** `X-Openstack-Request-Id` of the answer, for the operator of the cloud. */
  readonly requestId?: string | undefined
  /** HTTP status of the answer that caused it. */
  readonly status?: number | undefined
  /** Seconds that the answer asks to wait for before the next attempt. */
  readonly retryAfter?: number | undefined
  readonly cause?: unknown
  /** Tells a failure that a program can do something about from others of its kind. */
  readonly code?: FailureCode | undefined
}

/**
 * - `not-shared`: only images whose visibility is `shared` take members, and this one's is another.
 * - `stored`: the service has taken the data, but nobody could look whether it is what was sent.
 */
export type FailureCode = 'not-shared' | 'stored'

/**
 * Something that went wrong in a way we can explain: what failed (the message), why, and what to do.
 * Everything the library throws on purpose is one of these; anything else is a defect.
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

  constructor(kind: FailureKind, message: string, details: FailureDetails = {}) {
    super(message, details.cause === undefined ? undefined : {cause: details.cause})
    this.kind = kind
    this.why = details.why
    this.advice = details.advice
    this.requestId = details.requestId
    this.status = details.status
    this.retryAfter = details.retryAfter
    this.code = details.code
  }

  /** The same failure with some parts changed. */
  with({kind = this.kind, ...changes}: FailureDetails & {readonly kind?: FailureKind}): Failure {
    const {message, why, advice, requestId, status, retryAfter, cause, code} = this
    return new Failure(kind, message, {why, advice, requestId, status, retryAfter, cause, code, ...changes})
  }

  /** The same failure with more to say of what the user can do. */
  advised(text: string): Failure {
    return this.with({advice: [this.advice, text].filter(Boolean).join(' ')})
  }

  get exitCode(): number {
    return EXIT_CODES[this.kind]
  }
}

/** The command line itself is wrong. */
export function usageError(message: string, details: FailureDetails = {}): Failure {
  return new Failure('usage', message, details)
}
