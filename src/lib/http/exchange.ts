/** One request and its answer, as the receiver that the HTTP library reports to. */
import {Readable} from 'node:stream'
import type {Failure} from '../model/errors.js'
import {Reply, ReplyHeaders, type Request} from './message.js'
import {explain, NotSent, type Passage, SourceError} from './trouble.js'

/** What the HTTP library lets us do with a running exchange. */
interface Controls {
  abort(reason: Error): void
  pause(): void
  resume(): void
}

type RawHeaders = Record<string, string | string[] | undefined>

/** Gives a `Reply` as soon as the headers are there; its body follows as fast as it is read. */
export class Exchange {
  readonly reply: Promise<Reply>
  readonly #request: Request
  readonly #service: string
  readonly #passage: Passage
  #resolve!: (reply: Reply) => void
  #reject!: (reason: unknown) => void
  #controls: Controls | undefined
  #body: Readable | undefined
  #complete = false
  /** The source of the data broke: this, and not what follows from it, is why the exchange ended. */
  #sourceError: SourceError | undefined

  /**
   * @param service what is at the other end, in words, for the messages of failures
   */
  constructor(request: Request, service: string, passage: Passage = {}) {
    this.#request = request
    this.#service = service
    this.#passage = passage
    this.reply = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    request.signal?.addEventListener('abort', this.#interrupt)
    if (request.body instanceof Readable) {
      request.body.off('error', ignore).on('error', ignore).on('error', this.#noteSourceError)
    }
  }

  /** Ends it before it begins, because the signal says so. */
  refuse(): Promise<Reply> {
    this.#interrupt()
    return this.reply
  }

  onRequestStart(controls: Controls): void {
    this.#controls = controls
    if (this.#request.signal?.aborted) this.#interrupt()
  }

  onResponseStart(controls: Controls, status: number, headers: RawHeaders): void {
    if (status < 200) return
    this.#body = new Readable({
      read: () => controls.resume(),
      destroy: (error, done) => {
        if (!this.#complete) controls.abort(error ?? new Error('the reader went away'))
        done(error)
      },
    })
    this.#body.on('error', ignore)
    this.#resolve(new Reply(status, new ReplyHeaders(headers), this.#body))
  }

  onResponseData(controls: Controls, chunk: Buffer): void {
    if (this.#body?.push(chunk) === false) controls.pause()
  }

  onResponseEnd(): void {
    this.#complete = true
    this.#release()
    this.#body?.push(null)
  }

  onResponseError(_controls: Controls | undefined, error: Error): void {
    const reason = this.#interruption() ?? this.#failure(this.#sourceError ?? error)
    this.#complete = true
    this.#release()
    if (this.#body) this.#body.destroy(reason)
    else this.#reject(reason)
    letGo(this.#request, reason)
  }

  /** The library hands over the controls when it begins to send. */
  #failure(error: Error): Failure {
    return explain(error, this.#request, this.#service, {
      ...this.#passage,
      sent: this.#controls !== undefined,
    })
  }

  readonly #interrupt = (): void => {
    const reason = this.#interruption() ?? new Error('interrupted')
    if (this.#controls) this.#controls.abort(reason)
    else this.onResponseError(undefined, reason)
  }

  #interruption(): Error | undefined {
    const {signal} = this.#request
    if (!signal?.aborted) return undefined
    return signal.reason instanceof Error ? signal.reason : new Error('interrupted')
  }

  readonly #noteSourceError = (error: Error): void => {
    if (!this.#complete) this.#sourceError ??= new SourceError(error)
  }

  #release(): void {
    this.#request.signal?.removeEventListener('abort', this.#interrupt)
    if (this.#request.body instanceof Readable) this.#request.body.off('error', this.#noteSourceError)
  }
}

/** Closes the source of the data, unless nothing of it was used and the caller may try again. */
export function letGo({body, keepUnsent}: Request, reason: unknown): void {
  if (body instanceof Readable && !(keepUnsent && reason instanceof NotSent)) body.destroy()
}

/** Without a listener, an error that comes when nobody waits for it any more would end the process. */
function ignore(): void {}
