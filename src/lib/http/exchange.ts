/** One request and its reply, as a handler of the HTTP library. */
import {Readable} from 'node:stream'
import type {DirectStream} from '../io/streams/direct-stream.js'
import {Failure} from '../model/errors.js'
import type {DirectRoute} from './direct/direct-route.js'
import {NotSent, type RequestProgress, SourceError, toTransportFailure} from './errors/transport-errors.js'
import {Reply, ReplyHeaders, type Request} from './message.js'
import {StalledResponse, StallGuard, type StallLimit} from './stall-guard.js'

/** The HTTP library's controls of a running exchange. */
interface Controller {
  abort(reason: Error): void
  pause(): void
  resume(): void
}

type RawHeaders = Record<string, string | string[] | undefined>

/** Bytes of a response that is read past the HTTP library: many more than arrive together with its head. */
const MIN_DIRECT_BYTES = 1024 * 1024

/** Servers send one (100 Continue) or a few. */
const MAX_INTERIM_RESPONSES = 100

/** When a response counts as stalled, and the route if its body is read past the HTTP library. */
export interface ExchangeLimits extends StallLimit {
  readonly direct?: DirectRoute | undefined
}

/** Resolves `reply` as soon as the headers arrive; the body follows as it is read. */
export class Exchange {
  readonly reply: Promise<Reply>
  readonly #request: Request
  readonly #service: string
  readonly #progress: RequestProgress
  readonly #stallLimit: StallLimit
  readonly #direct: DirectRoute | undefined
  #guard: StallGuard | undefined
  #keep: ((bytes: Uint8Array) => void) | undefined
  #resolve!: (reply: Reply) => void
  #reject!: (reason: unknown) => void
  #controller: Controller | undefined
  #body: Readable | undefined
  #complete = false
  #interimResponses = 0
  /** Error of the data source: the cause of the end, rather than the errors that follow from it. */
  #sourceError: SourceError | undefined

  /**
   * @param service name of the peer in messages
   */
  constructor(request: Request, service: string, progress: RequestProgress, limits: ExchangeLimits) {
    const {direct, ...stallLimit} = limits
    this.#direct = direct
    this.#request = request
    this.#stallLimit = stallLimit
    this.#service = service
    this.#progress = progress
    this.reply = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    request.signal?.addEventListener('abort', this.#interrupt)
    if (request.body instanceof Readable) {
      request.body.off('error', ignore).on('error', ignore).on('error', this.#recordSourceError)
    }
  }

  /** Ends the exchange before it begins, for a signal that is already aborted. */
  cancel(): Promise<Reply> {
    this.#interrupt()
    return this.reply
  }

  onRequestStart(controller: Controller): void {
    this.#controller = controller
    if (this.#request.signal?.aborted) this.#interrupt()
  }

  onResponseStart(controller: Controller, status: number, headers: RawHeaders): void {
    if (status < 200) {
      this.#countInterimResponse(controller)
      return
    }
    const guard = new StallGuard(this.#stallLimit, error => controller.abort(error))
    this.#guard = guard
    const length = status < 300 ? toLength(headers['content-length']) : 0
    this.#body =
      this.#direct && length >= MIN_DIRECT_BYTES
        ? this.#receiveDirectly(this.#direct, {controller, guard, length})
        : this.#receiveChunks(controller, guard)
    this.#body.on('error', ignore)
    this.#resolve(new Reply(status, new ReplyHeaders(headers), this.#body))
  }

  #receiveDirectly(
    {receive, keep, dispatcher}: DirectRoute,
    {controller, guard, length}: {controller: Controller; guard: StallGuard; length: number},
  ): DirectStream {
    guard.pause()
    this.#keep = keep
    const onEnd = () => {
      this.#complete = true
      this.#removeListeners()
      void dispatcher.destroy()
    }
    const abort = (reason: Error) => {
      if (!this.#complete) controller.abort(reason)
    }
    return receive({length, guard, now: this.#stallLimit.now, onEnd, abort})
  }

  #receiveChunks(controller: Controller, guard: StallGuard): Readable {
    return new Readable({
      read: () => {
        guard.resume()
        controller.resume()
      },
      destroy: (error, done) => {
        if (!this.#complete) controller.abort(error ?? new Error('the reader closed the response'))
        done(error)
      },
    })
  }

  /** Ends an exchange with interim responses only: each of them restarts the wait for the final one. */
  #countInterimResponse(controller: Controller): void {
    if (++this.#interimResponses <= MAX_INTERIM_RESPONSES) return
    controller.abort(
      new Failure('failed', `cannot read the response of ${this.#service}`, {
        why: `it sent more than ${MAX_INTERIM_RESPONSES} interim responses`,
      }),
    )
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    if (this.#keep) this.#keep(chunk)
    else if (this.#guard?.isStalledAfter(chunk.length)) controller.abort(new StalledResponse())
    else if (this.#body?.push(chunk) === false) {
      this.#guard?.pause()
      controller.pause()
    }
  }

  onResponseEnd(): void {
    this.#complete = true
    this.#removeListeners()
    this.#body?.push(null)
  }

  onResponseError(_controller: Controller | undefined, error: Error): void {
    if (this.#complete) return
    const reason = this.#abortReason() ?? this.#toFailure(this.#sourceError ?? error)
    this.#complete = true
    this.#removeListeners()
    if (this.#body) this.#body.destroy(reason)
    else this.#reject(reason)
    releaseBody(this.#request, reason)
  }

  /** Counts as sent once the library has handed over its controls. */
  #toFailure(error: Error): Failure {
    return toTransportFailure(error, this.#request, this.#service, {
      ...this.#progress,
      sent: this.#controller !== undefined,
    })
  }

  readonly #interrupt = (): void => {
    const reason = this.#abortReason() ?? new Error('interrupted')
    if (this.#controller) this.#controller.abort(reason)
    else this.onResponseError(undefined, reason)
  }

  #abortReason(): Error | undefined {
    const {signal} = this.#request
    if (!signal?.aborted) return undefined
    return signal.reason instanceof Error ? signal.reason : new Error('interrupted')
  }

  readonly #recordSourceError = (error: Error): void => {
    if (!this.#complete) this.#sourceError ??= new SourceError(error)
  }

  #removeListeners(): void {
    this.#guard?.stop()
    this.#request.signal?.removeEventListener('abort', this.#interrupt)
    if (this.#request.body instanceof Readable) this.#request.body.off('error', this.#recordSourceError)
  }
}

/** Closes the data source, unless nothing of it was used and the caller may retry. */
export function releaseBody({body, keepBodyIfUnsent}: Request, reason: unknown): void {
  if (body instanceof Readable && !(keepBodyIfUnsent && reason instanceof NotSent)) body.destroy()
}

/** Bytes; 0 if the server does not announce them as one number. */
function toLength(value: string | string[] | undefined): number {
  return typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : 0
}

/** Listener for late errors, which would otherwise end the process. */
function ignore(): void {}
