/** Opens the Image service: builds the transport and chooses the version of the API. */

import type {Send} from '../http/message.js'
import {RetryPolicy} from '../http/retry/retry-policy.js'
import {withRetry} from '../http/retry/with-retry.js'
import {createTransport, type TransportOptions} from '../http/send.js'
import {
  type RenewHeaders,
  withAdvice,
  withCredentials,
  withHeaders,
  withSignal,
  withTrace,
} from '../http/wrappers.js'
import {discoverVersion, type FoundVersion, hasVersion1} from './discovery.js'
import {FeatureLevel} from './feature-level.js'
import type {ImageApi} from './image-api.js'

/** Address, version and credentials for a service; see `TransportOptions` for TLS, proxies and time-outs. */
export interface ImageApiOptions extends Omit<TransportOptions, 'service'> {
  /** Base URL, without a trailing slash; see `serviceUrl`. */
  readonly url: string
  /** Version of the API: no other is used, and none is detected. */
  readonly version?: 1 | 2 | undefined
  /** Version in the address: used if the service has it. Default: the newest that both sides support. */
  readonly preferred?: 1 | 2 | undefined
  /** Version that the catalog names, or that an earlier detection found: none is detected. */
  readonly known?: FoundVersion | undefined
  /** Receives the detected version, to save the next detection. */
  readonly rememberVersion?: ((version: FoundVersion) => void) | undefined
  /** Receives a note if the version in the address is not used. */
  readonly note?: ((text: string) => void) | undefined
  /** Advice by status, in place of the usual advice. */
  readonly advice?: Readonly<Record<number, string>> | undefined
  /** Id of the caller's project, if known. */
  readonly project?: string | undefined
  /** Token of the caller; short for `X-Auth-Token` in `headers`. */
  readonly token?: string | undefined
  /** Headers of every request. They hold credentials and are never shown. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Called once for new headers after a 401; returns undefined if it has none. */
  readonly renewHeaders?: RenewHeaders | undefined
  /** Policy for repeating temporary failures. Default: three retries. */
  readonly retryPolicy?: RetryPolicy | undefined
  /** Ends every exchange; its reason is thrown. */
  readonly signal?: AbortSignal | undefined
  /** Receives a line for every request and every reply, without secrets. */
  readonly trace?: ((line: string) => void) | undefined
}

/** An API with open connections. Idle ones do not keep the process alive: closing is for long-running programs. */
export interface ClosableImageApi extends ImageApi {
  /** The same API over the same connections, whose exchanges end with this signal; its reason is thrown. */
  withSignal(signal: AbortSignal | undefined): ImageApi
  close(): Promise<void>
}

/**
 * Opens the API in the version of the options, or in one that is detected.
 * @throws Failure if the service has no supported version, or cannot be reached
 */
export async function openImageApi(options: ImageApiOptions): Promise<ClosableImageApi> {
  const transport = createTransport(options)
  const {signal, retryPolicy = new RetryPolicy()} = options
  const send = wrapSend(transport.send, {...options, retryPolicy})
  const {major, minor} = await negotiateVersion(options, withOptionalSignal(send, signal), transport.close)
  const service = {...options, send, retryPolicy}
  const {create, close} = major === 1 ? await loadVersion1(service) : await loadVersion2(service, minor)
  return Object.assign(create(signal), {
    withSignal: create,
    close: async () => void (await Promise.all([transport.close(), close()])),
  })
}

/** The options of a service, and how requests are sent to it. */
interface WrappedService extends ImageApiOptions {
  readonly send: Send
  readonly retryPolicy: RetryPolicy
}

/** A version of the API for any number of signals. */
interface LoadedVersion {
  create(signal: AbortSignal | undefined): ImageApi
  /** Closes the connections that this version has opened itself. */
  close(): Promise<void>
}

async function loadVersion1({url, send, retryPolicy}: WrappedService): Promise<LoadedVersion> {
  const {V1Api} = await import('./v1/v1-api.js')
  return {
    create: signal => new V1Api(url, withOptionalSignal(send, signal), {signal, retryPolicy}),
    close: async () => {},
  }
}

async function loadVersion2(service: WrappedService, minor: number | undefined): Promise<LoadedVersion> {
  const {url, project, trace, retryPolicy} = service
  const {V2Api} = await import('./v2/v2-api.js')
  // The CA bundle and the client certificate are for this service only.
  const own = {cacert: undefined, cert: undefined, key: undefined}
  const foreign = {...service, ...own, addressFrom: 'copy_from', service: 'the server of copy_from'}
  const transport = createTransport(foreign)
  const fetch = wrapSend(transport.send, {url, trace, retryPolicy})
  const level = new FeatureLevel(minor)
  const isNamed = service.version === 2 || service.preferred === 2
  return {
    create: signal => {
      const send = withOptionalSignal(service.send, signal)
      const openVersion1 = async () =>
        (await hasVersion1(() => send({method: 'GET', url: `${url}/`})))
          ? (await loadVersion1(service)).create(signal)
          : undefined
      return new V2Api(url, send, {
        signal,
        retryPolicy,
        project,
        externalSend: withOptionalSignal(fetch, signal),
        level,
        openVersion1: isNamed ? undefined : openVersion1,
      })
    },
    close: transport.close,
  }
}

/** Without a detection, the minor version is unknown, and the service counts as current. */
async function negotiateVersion(
  {url, version, known, preferred, rememberVersion, note}: ImageApiOptions,
  send: Send,
  close: () => Promise<void>,
): Promise<FoundVersion> {
  if (known && (version ?? known.major) === known.major) return known
  if (version !== undefined) return {major: version}
  if (preferred === 2) return {major: 2}
  try {
    const {major, minor, isCertain} = await discoverVersion(url, send, preferred)
    if (isCertain) rememberVersion?.({major, minor})
    if (preferred === 1 && major === 2)
      note?.('this service has no version 1 of the Image API; using version 2')
    return {major, minor}
  } catch (error) {
    await close()
    throw error
  }
}

/** The wrappers from the wire outwards: every attempt is traced as it is sent. */
function wrapSend(
  send: Send,
  {
    token,
    headers,
    renewHeaders,
    trace,
    retryPolicy,
    advice,
  }: ImageApiOptions & {readonly retryPolicy: RetryPolicy},
): Send {
  const tracedSend = trace ? withTrace(send, trace) : send
  const authenticatedSend = withCredentials(
    withRetry(tracedSend, retryPolicy, trace),
    {...headers, ...(token && {'x-auth-token': token})},
    renewHeaders,
  )
  const sendWithDefaults = withHeaders(authenticatedSend, {
    'user-agent': 'glance-cli',
    accept: 'application/json, */*;q=0.5',
  })
  return advice ? withAdvice(sendWithDefaults, advice) : sendWithDefaults
}

function withOptionalSignal(send: Send, signal: AbortSignal | undefined): Send {
  return signal ? withSignal(send, signal) : send
}
