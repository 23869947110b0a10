/** A route for one request with a large response. */
import type {Client} from 'undici'
import type {DirectStream} from '../../io/streams/direct-stream.js'
import type {BuildConnector} from '../connector.js'
import {createDirectBody, type ExpectedBody} from './direct-body.js'
import {DirectConnection} from './direct-connection.js'

/** Its connection is not used again: the HTTP library does not see the body, so it cannot tell where it ends. */
export interface DirectRoute {
  readonly dispatcher: Client
  readonly forwardProxy?: undefined
  /** Reads the body, after the exchange was paused at the end of the head. */
  readonly receive: (body: Omit<ExpectedBody, 'connection'>) => DirectStream
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
    receive: body => createDirectBody({...body, connection}),
  }
}
