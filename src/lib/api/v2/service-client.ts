/** Sends requests to version 2 of the API, and checks the replies. */
import {expectNoPage} from '../../http/errors/expect-no-page.js'
import type {FailureHints} from '../../http/errors/expect-status.js'
import {isConnectionReset} from '../../http/errors/transport-errors.js'
import {parseJson} from '../../http/json/parse-json.js'
import type {Method, Reply, Request, Send} from '../../http/message.js'
import {Failure, tryOrUndefined} from '../../model/errors.js'
import {FeatureLevel} from '../feature-level.js'
import {expectSuccess} from './failures.js'

const JSON_TYPE = 'application/json'

/** The document and options of a request. */
export interface CallOptions {
  /** The document to send. */
  readonly json?: unknown
  /** Its media type. Default: JSON. */
  readonly type?: string
  /** Statuses of success. Default: 200, 201, 202 and 204. */
  readonly statuses?: readonly number[]
  /** Sending it twice does no harm. */
  readonly repeatable?: boolean
  /** Ends this request, in place of the signal that ends all others. */
  readonly signal?: AbortSignal
}

/** A client for one service. */
export class ServiceClient {
  readonly #send: Send

  /**
   * @param url base of the service, without the version and without a trailing slash
   * @param signal ends waiting between requests; `send` is ended separately
   * @param level features of the service; default: all
   */
  constructor(
    readonly url: string,
    send: Send,
    readonly signal?: AbortSignal,
    readonly level = new FeatureLevel(),
  ) {
    this.#send = send
  }

  /**
   * Sends a request.
   * @returns a reply of success, with its body unread
   * @throws Failure for any other reply, explained by the hints
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

  /** Checks a reply as `call` does. */
  expectReply(reply: Reply, hints: FailureHints, statuses?: readonly number[]): Promise<Reply> {
    return expectSuccess(reply, hints, statuses)
  }

  /** The document of a reply of success. A reply that breaks off is requested once more, if that does no harm. */
  async json(method: Method, path: string, hints: FailureHints, call: CallOptions = {}): Promise<unknown> {
    const reply = await this.call(method, path, hints, call)
    if (method !== 'GET' && !call.repeatable) return reply.json()
    return reply.json().catch(async error => {
      if (!(error instanceof Failure) || !isConnectionReset(error.cause)) throw error
      return (await this.call(method, path, hints, call)).json()
    })
  }

  /** Sends a change as `callAndDiscard` does. @returns the document of a reply of success, if it has one */
  async change(
    method: 'POST' | 'PUT',
    path: string,
    hints: FailureHints,
    options: CallOptions,
  ): Promise<unknown> {
    const reply = await this.call(method, path, hints, options)
    if (reply.status < 300) return parseDocument(await expectNoPage(reply, hints.what))
    await reply.discard()
    return undefined
  }

  /**
   * Sends a request as `call` does, and discards the body of the reply, which must be empty or JSON: portals answer 200
   * with a page. The service confirms a deletion with 204 alone.
   */
  async callAndDiscard(
    method: Method,
    path: string,
    hints: FailureHints,
    options: CallOptions = {},
  ): Promise<void> {
    const reply = await this.call(method, path, hints, options)
    if (reply.status < 300) await expectNoPage(reply, hints.what)
    else await reply.discard()
    if (method === 'DELETE' && reply.status !== 204) await this.expectReply(reply, hints, [204])
  }

  /** Sends a request. @returns any reply */
  send(method: Method, path: string, request: Omit<Request, 'method' | 'url'> = {}): Promise<Reply> {
    return this.#send({...request, method, url: this.url + path})
  }
}

/** The change is made whatever the service replies. */
function parseDocument(text: string): unknown {
  return tryOrUndefined(() => parseJson(text))
}
