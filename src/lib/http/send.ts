/** Sends requests over connections that are kept and reused: the one place that knows the HTTP library. */
import {setImmediate} from 'node:timers/promises'
import {setFlagsFromString} from 'node:v8'
import type {Dispatcher} from 'undici'
import {Exchange} from './exchange.js'
import {headerBytes} from './header-text.js'
import type {Reply, Request, Send} from './message.js'
import {keepReadingWhenWritingFails} from './patient-socket.js'

export interface TransportOptions {
  /** Accept any certificate. */
  readonly insecure?: boolean | undefined
  /**
   * Seconds to wait for a connection, for an answer once all is sent, and for each next part of either.
   * Never a limit for a transfer as a whole. Default: 30 for the connection, 300 for the rest. 0: wait for ever.
   */
  readonly timeoutSeconds?: number | undefined
  /**
   * The program ends soon after: the parser, which is WebAssembly, is then not optimised in the background.
   * Saves about 65 ms when the process exits. Changes a flag of the whole process, so only a program may ask for it.
   */
  readonly shortLived?: boolean | undefined
  /** What is at the other end, for the messages of failures. Default: 'the Image service'. */
  readonly service?: string | undefined
  /** Replaces the connections, for tests. */
  readonly dispatcher?: Dispatcher | undefined
}

export interface Transport {
  readonly send: Send
  /** Drops every connection. Idle ones do not keep the process alive, so a program may also simply end. */
  close(): Promise<void>
}

/** A line of v1 metadata may be 16 KiB long and an image may have 128 properties (v1-wire L32, L34). */
const LONGEST_HEAD = 4 * 1024 * 1024

/**
 * The transport; the HTTP library is loaded by the first request.
 * `send` and the bodies of its replies fail with a `Failure`, or with the reason of the request's signal.
 */
export function createTransport(options: TransportOptions = {}): Transport {
  let dispatcher: Promise<Dispatcher> | undefined
  return {
    async send(request) {
      // A connection counts as free one turn after its answer ended: without the wait, the next request opens another.
      if (dispatcher) await setImmediate()
      dispatcher ??= options.dispatcher ? Promise.resolve(options.dispatcher) : openAgent(options)
      return exchange(await dispatcher, request, options.service ?? 'the Image service')
    },
    async close() {
      await (await dispatcher)?.destroy()
    },
  }
}

/** Loads a third of the library, which takes 22 instead of 67 ms. */
async function openAgent({insecure, timeoutSeconds, shortLived}: TransportOptions): Promise<Dispatcher> {
  if (shortLived) setFlagsFromString('--liftoff-only')
  const [{default: Agent}, {default: buildConnector}] = await Promise.all([
    import('undici/lib/dispatcher/agent.js'),
    import('undici/lib/core/connect.js'),
  ])
  const seconds = (fallback: number) => (timeoutSeconds ?? fallback) * 1000
  const connect = buildConnector({
    timeout: seconds(30),
    rejectUnauthorized: !insecure,
    autoSelectFamily: true,
  })
  return new Agent({
    connect: (target, callback) => keepReadingWhenWritingFails(connect(target, callback)),
    headersTimeout: seconds(300),
    bodyTimeout: seconds(300),
    maxHeaderSize: LONGEST_HEAD,
  })
}

function exchange(dispatcher: Dispatcher, request: Request, service: string): Promise<Reply> {
  const {origin, pathname, search} = new URL(request.url)
  const running = new Exchange(request, service)
  if (request.signal?.aborted) return running.refuse()
  dispatcher.dispatch(
    {
      origin,
      path: pathname + search,
      method: request.method,
      headers: wireHeaders(request),
      body: request.body ?? null,
    },
    running,
  )
  return running.reply
}

function wireHeaders({headers = {}, contentLength}: Request): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]) => [name, headerBytes(value)])
  if (contentLength !== undefined) entries.push(['content-length', String(contentLength)])
  return Object.fromEntries(entries)
}
