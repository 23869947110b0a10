/** Request, reply, and `Send`, the type of the functions from one to the other. */
import {isAscii} from 'node:buffer'
import type {Readable} from 'node:stream'
import {Failure, type FailureCode} from '../model/errors.js'
import {decodeHeaderText} from './header-text.js'
import {DocumentReader} from './json/document-reader.js'

/** Sends a request and returns its reply. Every feature of the transport is a function `Send -> Send`. */
export type Send = (request: Request) => Promise<Reply>

export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** A request; sending a stream consumes it. */
export interface Request {
  readonly method: Method
  /** Absolute, http or https. */
  readonly url: string
  /** Values are text, sent as UTF-8. Names are ASCII. */
  readonly headers?: Readonly<Record<string, string>>
  /** A stream is sent as it is read, never buffered whole. */
  readonly body?: Readable | Uint8Array | string | undefined
  /** Bytes in a stream; without it the stream is sent chunked. */
  readonly contentLength?: number | undefined
  /** Safe to repeat, although its method is not. */
  readonly idempotent?: boolean | undefined
  /** Leaves a stream open when nothing was sent (`NotSent`), so that the caller can retry. */
  readonly keepBodyIfUnsent?: boolean | undefined
  /** Bytes of the body of the response. Many of them on a plain connection become a `DirectStream`. */
  readonly expectedBytes?: number | undefined
  /** Ends the exchange; its reason is thrown. */
  readonly signal?: AbortSignal | undefined
}

/** The headers of a reply; names in lower case, one value per name. */
export class ReplyHeaders implements Iterable<[string, string]> {
  readonly #values: ReadonlyMap<string, string>

  /** @param raw names and values as bytes in a string (one character per byte) */
  constructor(raw: Readonly<Record<string, string | string[] | undefined>>) {
    const entries = Object.entries(raw).filter(([, value]) => value !== undefined)
    this.#values = new Map(
      entries.map(([name, value]) => [name.toLowerCase(), decodeHeaderText(joinValues(value))]),
    )
  }

  get(name: string): string | undefined {
    return this.#values.get(name.toLowerCase())
  }

  [Symbol.iterator](): Iterator<[string, string]> {
    return this.#values.entries()
  }
}

function joinValues(value: string | string[] | undefined): string {
  return Array.isArray(value) ? value.join(', ') : (value ?? '')
}

/** Bytes. More than any JSON document of the service has, the largest being a page of images. */
const MAX_DOCUMENT_BYTES = 64 * 1024 * 1024

/** Parts of the failure that a reply may become. */
export interface ReplyHints {
  /** Advice that replaces the usual one for the status. */
  readonly advice?: string | undefined
  readonly code?: FailureCode | undefined
}

/** A response whose body has not been read: read it, `discard()` it, or destroy it. */
export class Reply {
  constructor(
    readonly status: number,
    readonly headers: ReplyHeaders,
    readonly body: Readable,
    readonly hints: ReplyHints = {},
  ) {}

  /**
   * The body as text, at most `limit` bytes of it; the rest is dropped with the connection.
   * @param limit bytes
   */
  async text(limit = MAX_DOCUMENT_BYTES): Promise<string> {
    const chunks: Buffer[] = []
    for await (const chunk of this.#parts(limit)) chunks.push(chunk)
    const bytes = Buffer.concat(chunks)
    // The same text; UTF-8 takes several times as long to decode.
    return bytes.toString(isAscii(bytes) ? 'latin1' : 'utf8')
  }

  /**
   * The body as JSON.
   * @throws Failure of kind failed for anything else
   */
  async json(): Promise<unknown> {
    const document = new DocumentReader()
    // An error of the body is thrown as it is: the response broke off, whatever its beginning is.
    const parts = this.#parts(MAX_DOCUMENT_BYTES)
    let failure: unknown
    for await (const part of parts) failure ??= catchError(() => document.take(part))
    try {
      if (failure !== undefined) throw failure
      return document.finish()
    } catch (cause) {
      throw new Failure('failed', 'cannot parse the response of the service', {
        why: `not JSON: ${JSON.stringify(document.beginning.slice(0, 80))}`,
        advice: 'Check that this is the address of an Image service.',
        requestId: this.requestId,
        status: this.status,
        cause,
      })
    }
  }

  /** The body as it arrives. @param limit bytes; the rest is dropped with the connection */
  async *#parts(limit: number): AsyncGenerator<Buffer> {
    let rest = limit
    for await (const chunk of this.body as AsyncIterable<Buffer>) {
      yield chunk.subarray(0, rest)
      rest -= chunk.length
      if (rest <= 0) return
    }
  }

  /** The id by which the service logs the request; undefined for a value that cannot be one. */
  get requestId(): string | undefined {
    const id = this.headers.get('x-openstack-request-id') ?? this.headers.get('x-compute-request-id')
    return id !== undefined && /^[\x21-\x7e]{1,128}$/.test(id) ? id : undefined
  }

  /** Seconds that the server asks to wait for (`Retry-After`: a number or a date); undefined when it does not say. */
  get retryAfter(): number | undefined {
    const value = this.headers.get('retry-after')
    if (value === undefined || value.length > MAX_RETRY_AFTER_LENGTH) return undefined
    if (/^\s*\d+\s*$/.test(value)) return Number(value)
    const date = Date.parse(value)
    return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - Date.now()) / 1000))
  }

  /** Drains the body, so that the connection can be reused. */
  async discard(): Promise<void> {
    await this.text(MAX_DISCARD_BYTES)
  }
}

/** Characters of `Retry-After`, whose longest form is a date. */
const MAX_RETRY_AFTER_LENGTH = 64

/** Bytes. Beyond this a new connection costs less than reading on. */
const MAX_DISCARD_BYTES = 64 * 1024

function catchError(work: () => void): unknown {
  try {
    work()
    return undefined
  } catch (error) {
    return error
  }
}
