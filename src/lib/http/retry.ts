/** Tries again, after a while, what failed for the moment and may safely be done twice. */
import {Readable} from 'node:stream'
import {setTimeout} from 'node:timers/promises'
import {Failure} from '../model/errors.js'
import {errorCode, NotSent, SourceError, toSourceFailure} from './errors/transport-errors.js'
import {releaseBody} from './exchange.js'
import type {Reply, Request, Send} from './message.js'
import {redactText} from './redact.js'

export interface RetryOptions {
  /** How often to try again. Default: 3. 0: never. */
  readonly retries?: number | undefined
  /** Receives a line before every wait, without secrets. */
  readonly trace?: ((line: string) => void) | undefined
  /** Waits so many seconds, or throws the reason of the signal. For tests. */
  readonly wait?: ((seconds: number, signal: AbortSignal | undefined) => Promise<void>) | undefined
}

/** Seconds before the first repetition; each further one waits twice as long as the one before. */
const FIRST_DELAY = 0.3
const MAX_DELAY = 30
/** A server that asks for more seconds gets no second try: people would rather know. */
const MAX_RETRY_AFTER = 60
/** Seconds after which nothing is tried again: time-outs alone may take minutes. */
const MAX_ELAPSED = 120

type SendOutcome = {readonly reply: Reply} | {readonly error: unknown}

/**
 * Reads are repeated after every failure that may pass: refused and broken connections, time-outs, 429, 502, 503, 504.
 * What changes something is repeated only when it surely was not carried out, and its data was not touched: no connection
 * came about, or the server says that it could not (503; for POST and PATCH only with Retry-After, as with 429, for
 * proxies give 503 also to requests whose fate they do not know).
 * The last answer or failure is what the caller gets.
 */
export function withRetry(send: Send, options: RetryOptions = {}): Send {
  const {retries = 3, wait = waitWithJitter} = options
  if (retries === 0) return send
  return async request => {
    const end = performance.now() + MAX_ELAPSED * 1000
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await trySend(send, {...request, keepBodyIfUnsent: attempt <= retries})
      const seconds = attempt <= retries ? computeDelay(outcome, request, attempt) : undefined
      if (seconds === undefined || performance.now() > end) return unwrapOutcome(outcome, request)
      options.trace?.(`-- again in ${seconds} s (${attempt} of ${retries}): ${describeOutcome(outcome)}`)
      await pauseBeforeRetry(() => wait(seconds, request.signal), outcome, request)
    }
  }
}

async function trySend(send: Send, request: Request): Promise<SendOutcome> {
  try {
    return {reply: await send(request)}
  } catch (error) {
    return {error}
  }
}

function unwrapOutcome(outcome: SendOutcome, request: Request): Reply {
  if ('reply' in outcome) return outcome.reply
  releaseBody(request, outcome.error)
  throw outcome.error
}

/** Whatever ends it, the data is let go. */
async function pauseBeforeRetry(
  wait: () => Promise<void>,
  outcome: SendOutcome,
  request: Request,
): Promise<void> {
  try {
    if ('reply' in outcome) await outcome.reply.discard().catch(() => {})
    await wait()
    const {body} = request
    if (body instanceof Readable && body.destroyed) {
      throw toSourceFailure(new SourceError(body.errored ?? new Error('it was closed')))
    }
  } catch (error) {
    releaseBody(request, error)
    throw error
  }
}

/** Seconds; undefined when it must not be tried again. */
function computeDelay(outcome: SendOutcome, request: Request, attempt: number): number | undefined {
  const backOff = Math.min(FIRST_DELAY * 2 ** (attempt - 1), MAX_DELAY)
  if (request.signal?.aborted) return undefined
  if ('error' in outcome) return isRetryableError(outcome.error, request) ? backOff : undefined
  const retryAfter = parseRetryAfter(outcome.reply.headers.get('retry-after'))
  if (!isRetryableStatus(outcome.reply.status, request, retryAfter !== undefined)) return undefined
  if (retryAfter === undefined) return backOff
  return retryAfter <= MAX_RETRY_AFTER ? Math.max(retryAfter, backOff) : undefined
}

function isRetryableError(error: unknown, request: Request): boolean {
  if (!(error instanceof Failure) || error.kind !== 'unavailable') return false
  // A name that does not exist is a slip of the pen; it does not come about by waiting.
  if (errorCode(error.cause) === 'ENOTFOUND') return false
  return error instanceof NotSent || isIdempotent(request)
}

function isRetryableStatus(status: number, request: Request, hasRetryAfter: boolean): boolean {
  if (status === 429) return hasRetryAfter && !hasStreamBody(request)
  if (isIdempotent(request)) return status === 502 || status === 503 || status === 504
  if (status !== 503 || hasStreamBody(request)) return false
  return hasRetryAfter || request.method === 'PUT' || request.method === 'DELETE'
}

function isIdempotent(request: Request): boolean {
  const {method, body, idempotent} = request
  if (idempotent) return !hasStreamBody(request)
  return (method === 'GET' || method === 'HEAD') && body === undefined
}

function hasStreamBody({body}: Request): boolean {
  return body instanceof Readable
}

/** @param value of `Retry-After`: seconds, or a date */
function parseRetryAfter(value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  if (/^\s*\d+\s*$/.test(value)) return Number(value)
  const date = Date.parse(value)
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - Date.now()) / 1000))
}

function describeOutcome(outcome: SendOutcome): string {
  if ('reply' in outcome) return `the server answered ${outcome.reply.status}`
  const {error} = outcome
  return redactText(error instanceof Failure ? (error.why ?? error.message) : String(error))
}

/** A little more or less, so that clients which failed together do not come back together. */
async function waitWithJitter(seconds: number, signal: AbortSignal | undefined): Promise<void> {
  const milliseconds = seconds * 1000 * (0.9 + 0.2 * Math.random())
  try {
    await setTimeout(milliseconds, undefined, signal && {signal})
  } catch (error) {
    throw signal?.reason ?? error
  }
}
