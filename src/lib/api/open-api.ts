/** Opens the Image service: picks the version of the API and puts the transport together. */

import {type RenewHeaders, withCredentials} from '../http/credentials.js'
import type {Send} from '../http/message.js'
import {RetryPolicy} from '../http/retry/retry-policy.js'
import {withRetry} from '../http/retry/with-retry.js'
import {createTransport, type TransportOptions} from '../http/send.js'
import {withAdvice, withHeaders, withReconnect, withSignal, withTrace} from '../http/wrappers.js'
import {discoverVersion} from './discovery.js'
import type {ImageApi} from './image-api.js'

/** How to reach a service; see `TransportOptions` for TLS, proxies and patience. */
export interface ImageApiOptions extends Omit<TransportOptions, 'service'> {
  /** Base URL, without a slash at its end; see `serviceUrl`. */
  readonly url: string
  /** Version of the API: no other is spoken, and the service is not asked which ones it has. */
  readonly version?: 1 | 2 | undefined
  /** Version that the address asks for: spoken if the service has it. Without any, the newest that both sides know. */
  readonly preferred?: 1 | 2 | undefined
  /** Told the version when the service was asked for it, so that it need not be asked again. */
  readonly rememberVersion?: ((version: 1 | 2) => void) | undefined
  /** Told, once, what is not as it was asked for. */
  readonly note?: ((text: string) => void) | undefined
  /** What to do about an answer, by its status, where the usual advice would be wrong. */
  readonly advice?: Readonly<Record<number, string>> | undefined
  /** Id of the caller's project, where it is known. */
  readonly project?: string | undefined
  /** Says who is calling; short for an `X-Auth-Token` in `headers`. */
  readonly token?: string | undefined
  /** Go with every request; they say who is calling, so they are never shown. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Asked once for others when the service answers 401; undefined when there are none. */
  readonly renewHeaders?: RenewHeaders | undefined
  /** How often temporary failures are retried. Default: three times. */
  readonly retryPolicy?: RetryPolicy | undefined
  /** Ends every exchange; its reason is thrown. */
  readonly signal?: AbortSignal | undefined
  /** Receives a line about every request and every answer, without secrets. */
  readonly trace?: ((line: string) => void) | undefined
}

/** An API that holds connections. They do not keep the process alive: closing is for programs that go on. */
export interface ClosableImageApi extends ImageApi {
  close(): Promise<void>
}

/**
 * Asks the service which versions it has unless the connection says which to speak.
 * @throws Failure when there is none that we speak, or the service cannot be reached
 */
export async function openImageApi(options: ImageApiOptions): Promise<ClosableImageApi> {
  const transport = createTransport(options)
  const {url, signal, project, trace, retryPolicy = new RetryPolicy()} = options
  const send = wrapSend(transport.send, {...options, retryPolicy})
  const version = options.version ?? (await negotiateVersion(options, send, transport.close))
  if (version === 1) {
    const {V1Api} = await import('./v1/v1-api.js')
    return Object.assign(new V1Api(url, send, {signal, retryPolicy}), {close: transport.close})
  }
  const {V2Api} = await import('./v2/v2-api.js')
  // The cloud's own authorities and our certificate for it are no business of foreign servers.
  const foreignOptions = {
    ...options,
    addressFrom: 'copy_from',
    cacert: undefined,
    cert: undefined,
    key: undefined,
  }
  const foreignTransport = createTransport({...foreignOptions, service: 'the server of copy_from'})
  const fetch = wrapSend(foreignTransport.send, {url, signal, trace, retryPolicy})
  const close = async () => void (await Promise.all([transport.close(), foreignTransport.close()]))
  return Object.assign(new V2Api(url, send, {signal, retryPolicy, project, externalSend: fetch}), {close})
}

async function negotiateVersion(
  {url, preferred, rememberVersion, note}: ImageApiOptions,
  send: Send,
  close: () => Promise<void>,
): Promise<1 | 2> {
  if (preferred === 2) return 2
  try {
    const {version, isCertain} = await discoverVersion(url, send, preferred)
    if (isCertain) rememberVersion?.(version)
    if (preferred === 1 && version === 2)
      note?.('this service has no version 1 of the Image API; version 2 is spoken')
    return version
  } catch (error) {
    await close()
    throw error
  }
}

/** From the wire outwards: what is traced is what is sent, each attempt by itself. */
function wrapSend(
  send: Send,
  {
    token,
    headers,
    renewHeaders,
    signal,
    trace,
    retryPolicy,
    advice,
  }: ImageApiOptions & {readonly retryPolicy: RetryPolicy},
): Send {
  const tracedSend = trace ? withTrace(send, trace) : send
  const authenticatedSend = withCredentials(
    withRetry(withReconnect(tracedSend), retryPolicy, trace),
    {...headers, ...(token && {'x-auth-token': token})},
    renewHeaders,
  )
  const sendWithDefaults = withHeaders(authenticatedSend, {
    'user-agent': 'glance-cli',
    accept: 'application/json, */*;q=0.5',
  })
  const advisedSend = advice ? withAdvice(sendWithDefaults, advice) : sendWithDefaults
  return signal ? withSignal(advisedSend, signal) : advisedSend
}
