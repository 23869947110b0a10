/** How connections come about, before the HTTP library uses them: straight or by a proxy, plain or with TLS. */
import type {Socket} from 'node:net'
import type {buildConnector} from 'undici'
import {keepReadingWhenWritingFails} from './patient-socket.js'

export type Target = buildConnector.Options
export type Callback = buildConnector.Callback

/** Calls back once, with a connection or with why there is none. */
export type Connect = (target: Target, callback: Callback) => void

/** Makes the function that connects; the HTTP library's own. */
export type BuildConnector = (
  options: buildConnector.BuildOptions,
) => (target: Target, callback: Callback) => Socket

/**
 * What every connection has in common. An address of several gets 1 s: with Node's 250 ms, a host on another continent
 * that is also found under an address we have no route to cannot be reached.
 * @param timeout milliseconds until a connection must be there, TLS included; 0: for ever
 */
export function common(timeout: number): buildConnector.BuildOptions {
  return {timeout, autoSelectFamily: true, autoSelectFamilyAttemptTimeout: 1000}
}

/** Connections without TLS. */
export function plainConnect(build: BuildConnector, timeout: number): Connect {
  const connect = build(common(timeout))
  return (target, callback) => keepReadingWhenWritingFails(connect(target, callback))
}
