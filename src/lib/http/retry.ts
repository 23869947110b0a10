/** Tries again, after a while, what failed for the moment and may safely be done twice. */
import {Readable} from 'node:stream'
import {setTimeout} from 'node:timers/promises'
import {Failure} from '../model/errors.js'
import {letGo} from './exchange.js'
import type {Reply, Request, Send} from './message.js'
import {redactText} from './redact.js'
import {codeOf, NotSent, SourceError, sourceFailure} from './trouble.js'

export interface RetryOptions {
  /** How often to try again. Default: 3. 0: never. */
  readonly retries?: number | undefined
  /** Receives a line before every wait, without secrets. */
  readonly trace?: ((line: string) => void) | undefined
  /** Waits so many seconds, or throws the reason of the signal. For tests. */
  readonly wait?: ((seconds: number, signal: AbortSignal | undefined) => Promise<void>) | undefined
}

/** Seconds before the first repetition; each further one waits twice as long as the one before. */
const FIRST_WAIT = 0.3
const LONGEST_WAIT = 30
/** A server that asks for more seconds gets no second try: people would rather know. */
const LONGEST_ASKED_FOR = 60
/** Seconds after which nothing is tried again: time-outs alone may take minutes. */
const PATIENCE = 120

type Outcome = {readonly reply: Reply} | {readonly error: unknown}

/**
 * Reads are repeated after every failure that may pass: refused and broken connections, time-outs, 429, 502, 503, 504.
 * What changes something is repeated only when it surely was not carried out, and its data was not touched: no connection
 * came about, or the server says that it could not (503; for POST and PATCH only with Retry-After, as with 429, for
 * proxies give 503 also to requests whose fate they do not know).
 * The last answer or failure is what the caller gets.
 */
export function retried(send: Send, options: RetryOptions = {}): Send {
  const {retries = 3, wait = waitAbout} = options
  if (retries === 0) return send
  return async request => {
    const end = performance.now() + PATIENCE * 1000
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await outcomeOf(send, {...request, keepUnsent: attempt <= retries})
      const seconds = attempt <= retries ? pauseAfter(outcome, request, attempt) : undefined
      if (seconds === undefined || performance.now() > end) return settled(outcome, request)
      options.trace?.(`-- again in ${seconds} s (${attempt} of ${retries}): ${reasonOf(outcome)}`)
      await pause(() => wait(seconds, request.signal), outcome, request)
    }
  }
}

async function outcomeOf(send: Send, request: Request): Promise<Outcome> {
  try {
    return {reply: await send(request)}
  } catch (error) {
    return {error}
  }
}

function settled(outcome: Outcome, request: Request): Reply {
  if ('reply' in outcome) return outcome.reply
  letGo(request, outcome.error)
  throw outcome.error
}

/** Whatever ends it, the data is let go. */
async function pause(wait: () => Promise<void>, outcome: Outcome, request: Request): Promise<void> {
  try {
    if ('reply' in outcome) await outcome.reply.discard().catch(() => {})
    await wait()
    const {body} = request
    if (body instanceof Readable && body.destroyed) {
      throw sourceFailure(new SourceError(body.errored ?? new Error('it was closed')))
    }
  } catch (error) {
    letGo(request, error)
    throw error
  }
}

/** Seconds; undefined when it must not be tried again. */
function pauseAfter(outcome: Outcome, request: Request, attempt: number): number | undefined {
  const backOff = Math.min(FIRST_WAIT * 2 ** (attempt - 1), LONGEST_WAIT)
  if (request.signal?.aborted) return undefined
  if ('error' in outcome) return isWorthAnother(outcome.error, request) ? backOff : undefined
  const asked = secondsAsked(outcome.reply.headers.get('retry-after'))
  if (!mayRepeat(outcome.reply.status, request, asked !== undefined)) return undefined
  if (asked === undefined) return backOff
  return asked <= LONGEST_ASKED_FOR ? Math.max(asked, backOff) : undefined
}

function isWorthAnother(error: unknown, request: Request): boolean {
  if (!(error instanceof Failure) || error.kind !== 'unavailable') return false
  // A name that does not exist is a slip of the pen; it does not come about by waiting.
  if (codeOf(error.cause) === 'ENOTFOUND') return false
  return error instanceof NotSent || isRead(request)
}

function mayRepeat(status: number, request: Request, isAskedTo: boolean): boolean {
  if (status === 429) return isAskedTo && !isStream(request)
  if (isRead(request)) return status === 502 || status === 503 || status === 504
  if (status !== 503 || isStream(request)) return false
  return isAskedTo || request.method === 'PUT' || request.method === 'DELETE'
}

function isRead(request: Request): boolean {
  const {method, body, repeatable} = request
  if (repeatable) return !isStream(request)
  return (method === 'GET' || method === 'HEAD') && body === undefined
}

function isStream({body}: Request): boolean {
  return body instanceof Readable
}

/** @param value of `Retry-After`: seconds, or a date */
function secondsAsked(value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  if (/^\s*\d+\s*$/.test(value)) return Number(value)
  const date = Date.parse(value)
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - Date.now()) / 1000))
}

function reasonOf(outcome: Outcome): string {
  if ('reply' in outcome) return `the server answered ${outcome.reply.status}`
  const {error} = outcome
  return redactText(error instanceof Failure ? (error.why ?? error.message) : String(error))
}

/** A little more or less, so that clients which failed together do not come back together. */
async function waitAbout(seconds: number, signal: AbortSignal | undefined): Promise<void> {
  const milliseconds = seconds * 1000 * (0.9 + 0.2 * Math.random())
  try {
    await setTimeout(milliseconds, undefined, signal && {signal})
  } catch (error) {
    throw signal?.reason ?? error
  }
}
