/** How connections come about, before the HTTP library uses them: straight or by a proxy, plain or with TLS. */
import type {Socket} from 'node:net'
import type {buildConnector} from 'undici'
import {keepReadingAfterWriteError} from './early-response.js'

export type ConnectTarget = buildConnector.Options
export type ConnectCallback = buildConnector.Callback

/** Calls back once, with a connection or with why there is none. */
export type Connector = (target: ConnectTarget, callback: ConnectCallback) => void

/** Makes the function that connects; the HTTP library's own. */
export type BuildConnector = (
  options: buildConnector.BuildOptions,
) => (target: ConnectTarget, callback: ConnectCallback) => Socket

/**
 * What every connection has in common. An address of several gets 1 s: with Node's 250 ms, a host on another continent
 * that is also found under an address we have no route to cannot be reached.
 * @param timeout milliseconds until a connection must be there, TLS included; 0: for ever
 */
export function commonOptions(timeout: number): buildConnector.BuildOptions {
  return {timeout, autoSelectFamily: true, autoSelectFamilyAttemptTimeout: 1000}
}

/** Connections without TLS. */
export function plainConnector(build: BuildConnector, timeout: number): Connector {
  const connect = build(commonOptions(timeout))
  return (target, callback) => keepReadingAfterWriteError(connect(target, callback))
}
