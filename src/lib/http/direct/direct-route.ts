/** A route for one request with a large response. */
import type {Client} from 'undici'
import type {DirectStream} from '../../io/streams/direct-stream.js'
import type {BuildConnector} from '../connector.js'
import {createDirectBody, type ExpectedBody} from './direct-body.js'
import {DirectConnection} from './direct-connection.js'

/** Its connection is not used again: the HTTP library does not see the whole body, so it cannot tell where it ends. */
export interface DirectRoute {
  readonly dispatcher: Client
  readonly forwardProxy?: undefined
  /**
   * Reads the body, from the moment on at which the head has arrived. It must be too large to arrive with the head: the
   * HTTP library must not see its end.
   */
  readonly receive: (body: Omit<ExpectedBody, 'connection'>) => DirectStream
  /** Takes a part of the body that the HTTP library has received with the head. */
  readonly keep: (bytes: Uint8Array) => void
}

/** The parts of the HTTP library that a route consists of, and the options of its connection. */
export interface DirectRouteOptions {
  readonly createClient: typeof Client
  readonly build: BuildConnector
  /** Milliseconds to connect; 0: no limit. */
  readonly connectTimeout: number
  readonly clientOptions: Client.Options
}

/** Creates the route to an origin. */
export function createDirectRoute(origin: string, options: DirectRouteOptions): DirectRoute {
  const {createClient: HttpClient, build, connectTimeout, clientOptions} = options
  const connection = new DirectConnection()
  const connect = connection.connector(build, connectTimeout)
  return {
    dispatcher: new HttpClient(origin, {...clientOptions, connect}),
    receive(body) {
      connection.startBody()
      return createDirectBody({...body, connection})
    },
    keep: bytes => connection.keep(bytes),
  }
}
