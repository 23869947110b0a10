/** The interface of connectors, which open connections for the HTTP library, and the one without TLS. */
import type {Socket} from 'node:net'
import type {buildConnector} from 'undici'
import {keepReadingAfterWriteError} from './early-response.js'

export type ConnectTarget = buildConnector.Options
export type ConnectCallback = buildConnector.Callback

/** Calls back once, with a connection or an error. */
export type Connector = (target: ConnectTarget, callback: ConnectCallback) => void

/** The HTTP library's function that creates a connector. */
export type BuildConnector = (
  options: buildConnector.BuildOptions,
) => (target: ConnectTarget, callback: ConnectCallback) => Socket

/**
 * Options of every connection. Each address of a host gets 1 s: with Node's default of 250 ms, a distant host that also
 * has an address without a route cannot be reached.
 * @param timeout milliseconds to connect, TLS included; 0: no limit
 */
export function commonOptions(timeout: number): buildConnector.BuildOptions {
  return {timeout, autoSelectFamily: true, autoSelectFamilyAttemptTimeout: 1000}
}

/**
 * Connects without TLS.
 * @param timeout milliseconds to connect; 0: no limit
 */
export function plainConnector(build: BuildConnector, timeout: number): Connector {
  const connect = build(commonOptions(timeout))
  return (target, callback) => keepReadingAfterWriteError(connect(target, callback))
}
