/** Requests to version 2 of the API: a path and a document go out, an expected answer comes back. */
import type {FailureHints} from '../../http/errors/expect-status.js'
import {isConnectionReset} from '../../http/errors/transport-errors.js'
import type {Method, Reply, Request, Send} from '../../http/message.js'
import {Failure} from '../../model/errors.js'
import {expectSuccess} from './failures.js'

const JSON_TYPE = 'application/json'

export interface CallOptions {
  /** The document to send. */
  readonly json?: unknown
  /** Its media type, when it is not plain JSON. */
  readonly type?: string
  /** Statuses of success; 200, 201, 202 and 204 unless given. */
  readonly statuses?: readonly number[]
  /** Doing it twice does no harm. */
  readonly repeatable?: boolean
  /** Ends this request, in place of the signal that ends all others. */
  readonly signal?: AbortSignal
}

export class ServiceClient {
  readonly #send: Send

  /**
   * @param url base of the service, without the version and without a slash at its end
   * @param signal ends waiting between requests; `send` has its own way to be ended
   */
  constructor(
    readonly url: string,
    send: Send,
    readonly signal?: AbortSignal,
  ) {
    this.#send = send
  }

  /**
   * An answer of success; its body has not been read.
   * @throws Failure for any other, with the hints' words
   */
  async call(method: Method, path: string, hints: FailureHints, options: CallOptions = {}): Promise<Reply> {
    const {json, type = JSON_TYPE, statuses, signal, repeatable = false} = options
    const document = json === undefined ? {} : {headers: {'content-type': type}, body: JSON.stringify(json)}
    const reply = await this.send(method, path, {
      ...document,
      idempotent: repeatable,
      ...(signal ? {signal} : {}),
    })
    return this.expectReply(reply, hints, statuses)
  }

  /** The same for an answer that is there already. */
  expectReply(reply: Reply, hints: FailureHints, statuses?: readonly number[]): Promise<Reply> {
    return expectSuccess(reply, hints, statuses)
  }

  /** The document of an answer of success; asked for once more when it breaks off and that does no harm. */
  async json(method: Method, path: string, hints: FailureHints, call: CallOptions = {}): Promise<unknown> {
    const document = async () => (await this.call(method, path, hints, call)).json()
    if (method !== 'GET' && !call.repeatable) return document()
    return document().catch(error => {
      if (!(error instanceof Failure) || !isConnectionReset(error.cause)) throw error
      return document()
    })
  }

  /** The same for an answer whose body does not matter. */
  async callAndDiscard(
    method: Method,
    path: string,
    hints: FailureHints,
    options: CallOptions = {},
  ): Promise<void> {
    await (await this.call(method, path, hints, options)).discard()
  }

  /** Any answer. */
  send(method: Method, path: string, request: Omit<Request, 'method' | 'url'> = {}): Promise<Reply> {
    return this.#send({...request, method, url: this.url + path})
  }
}
