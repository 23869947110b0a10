/** Sends what undici would send through `node:http`, where nock sees it: streamed bodies too. */
import http from 'node:http'
import {Readable} from 'node:stream'
import nock from 'nock'
import {Dispatcher} from 'undici'

// Importing nock intercepts the network of every test; it is disabled except where it is used.
nock.restore()

/** Enables nock within this suite, and fails a test that leaves a reply unused. */
export function useNock(): void {
  before(() => nock.activate())
  afterEach(() => {
    const unused = nock.pendingMocks()
    nock.cleanAll()
    if (unused.length > 0) throw new Error(`unused replies: ${unused.join(', ')}`)
  })
  after(() => nock.restore())
}

type Headers = Record<string, string>

export class NockDispatcher extends Dispatcher {
  /** It holds no connections. */
  override async destroy(): Promise<void> {}

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const url = new URL(options.path, String(options.origin))
    const request = http.request(url, {method: options.method, headers: (options.headers ?? {}) as Headers})
    let answer: http.IncomingMessage | undefined
    const controller: Dispatcher.DispatchController = {
      aborted: false,
      paused: false,
      reason: null,
      abort: reason => void request.destroy(reason),
      pause: () => void answer?.pause(),
      resume: () => void answer?.resume(),
    }
    handler.onRequestStart?.(controller, {})
    request.on('error', error => handler.onResponseError?.(controller, error))
    request.on('response', response => {
      answer = response
      handler.onResponseStart?.(
        controller,
        response.statusCode ?? 0,
        response.headers,
        response.statusMessage,
      )
      response.on('data', (chunk: Buffer) => handler.onResponseData?.(controller, chunk))
      response.on('end', () => handler.onResponseEnd?.(controller, {}))
    })
    if (options.body instanceof Readable)
      options.body.on('error', error => request.destroy(error)).pipe(request)
    else request.end(options.body as string | undefined)
    return true
  }
}
