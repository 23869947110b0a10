/** Repeats requests that failed temporarily, if repeating is safe. */
import {Readable} from 'node:stream'
import {readClock} from '../../io/clock.js'
import {Failure} from '../../model/errors.js'
import {errorCode, NotSent, SourceError, toSourceFailure} from '../errors/transport-errors.js'
import {releaseBody} from '../exchange.js'
import type {Reply, Request, Send} from '../message.js'
import {redactText} from '../redact.js'
import {withReconnect} from '../wrappers.js'
import {isRejectedForNow, type RetryPolicy} from './retry-policy.js'

/** Seconds after which nothing is repeated: time-outs alone may take minutes. */
const MAX_ELAPSED = 120

type SendOutcome = {readonly reply: Reply} | {readonly error: unknown}

/**
 * Repeats requests. Reads are repeated after every temporary failure: refused and broken connections, time-outs, 429,
 * 502, 503, 504, and 413 with Retry-After. A request that changes something is repeated only when it was surely not
 * carried out, and its data was not touched: there was no connection, or the server rejected it (429, 503, 413 with
 * Retry-After; for POST and PATCH only with Retry-After, because proxies reply 503 even if the request may have been
 * carried out).
 *
 * Without retries, a read is still repeated once if the connection breaks before the response.
 * @param trace receives a line before every wait, without secrets
 * @returns a `Send` that returns the last reply, or throws the last failure
 */
export function withRetry(send: Send, policy: RetryPolicy, trace?: (line: string) => void): Send {
  const {retries} = policy
  if (retries === 0) return withReconnect(send)
  return async request => {
    const end = readClock() + MAX_ELAPSED * 1000
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await trySend(send, {...request, keepBodyIfUnsent: attempt <= retries})
      const seconds = isRetryable(outcome, request) ? delayAfter(outcome, policy, attempt) : undefined
      if (seconds === undefined || readClock() > end) return unwrapOutcome(outcome, request)
      trace?.(`-- again in ${seconds} s (${attempt} of ${retries}): ${describeOutcome(outcome)}`)
      await pauseBeforeRetry(() => policy.wait(seconds, request.signal), outcome, request)
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

/** Waits. @throws the error that ended the wait, after releasing the data */
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

/** @returns seconds; undefined after the last attempt */
function delayAfter(outcome: SendOutcome, policy: RetryPolicy, attempt: number): number | undefined {
  return policy.delayBefore(attempt, 'reply' in outcome ? outcome.reply.retryAfter : undefined)
}

function isRetryable(outcome: SendOutcome, request: Request): boolean {
  if (request.signal?.aborted) return false
  return 'error' in outcome
    ? isRetryableError(outcome.error, request)
    : isRetryableStatus(outcome.reply, request)
}

function isRetryableError(error: unknown, request: Request): boolean {
  if (!(error instanceof Failure) || error.kind !== 'unavailable') return false
  // A host name that does not exist is probably misspelt: waiting does not help.
  if (errorCode(error.cause) === 'ENOTFOUND') return false
  return error instanceof NotSent || isIdempotent(request)
}

function isRetryableStatus({status, retryAfter}: Reply, request: Request): boolean {
  const isRejected = isRejectedForNow(status, retryAfter)
  if (isIdempotent(request)) return isRejected || status === 502 || status === 504
  if (!isRejected || hasStreamBody(request)) return false
  return retryAfter !== undefined || request.method === 'PUT' || request.method === 'DELETE'
}

function isIdempotent(request: Request): boolean {
  const {method, body, idempotent} = request
  if (idempotent) return !hasStreamBody(request)
  return (method === 'GET' || method === 'HEAD') && body === undefined
}

function hasStreamBody({body}: Request): boolean {
  return body instanceof Readable
}

function describeOutcome(outcome: SendOutcome): string {
  if ('reply' in outcome) return `the server answered ${outcome.reply.status}`
  const {error} = outcome
  return redactText(error instanceof Failure ? (error.why ?? error.message) : String(error))
}
