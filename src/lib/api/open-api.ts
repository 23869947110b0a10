/** Opens the Image service: picks the version of the API and puts the transport together. */
import type {Send} from '../http/message.js'
import {retried} from '../http/retry.js'
import {createTransport, type TransportOptions} from '../http/send.js'
import {retryOnce, traced, withHeaders, withSignal} from '../http/wrappers.js'
import {Failure} from '../model/errors.js'
import type {ImageApi} from './image-api.js'
import {V1Api} from './v1/v1-api.js'

/** How to reach a service; see `TransportOptions` for TLS, proxies and patience. */
export interface Connection extends Omit<TransportOptions, 'service'> {
  /** Base URL, without a slash at its end; see `serviceUrl`. */
  readonly url: string
  /** Version of the API; the newest that both sides know when absent. */
  readonly version?: 1 | 2 | undefined
  readonly token?: string | undefined
  /** How often to try again what failed for the moment and may safely be repeated; see `retried`. Default: 3. */
  readonly retries?: number | undefined
  /** Ends every exchange; its reason is thrown. */
  readonly signal?: AbortSignal | undefined
  /** Receives a line about every request and every answer, without secrets. */
  readonly trace?: ((line: string) => void) | undefined
}

/** An API that holds connections. They do not keep the process alive: closing is for programs that go on. */
export interface OpenApi extends ImageApi {
  close(): Promise<void>
}

/** @throws Failure when the version asked for is not there */
export async function openApi(connection: Connection): Promise<OpenApi> {
  if (connection.version === 2) {
    throw new Failure('failed', 'version 2 of the Image API is not supported yet', {
      advice: 'Leave the /v2 out of the URL.',
    })
  }
  const transport = createTransport(connection)
  return Object.assign(new V1Api(connection.url, wrapped(transport.send, connection), connection.signal), {
    close: transport.close,
  })
}

/** From the wire outwards: what is traced is what is sent, each attempt by itself. */
function wrapped(send: Send, {token, signal, trace, retries}: Connection): Send {
  const told = trace ? traced(send, trace) : send
  const headed = withHeaders(retried(retryOnce(told), {retries, trace}), {
    'user-agent': 'glance-cli',
    accept: 'application/json, */*;q=0.5',
    ...(token ? {'x-auth-token': token} : {}),
  })
  return signal ? withSignal(headed, signal) : headed
}
