/** What the image service and the registry server have in common: the framework, its port, and TLS. */
import type net from 'node:net'
import {Server as TlsServer} from 'node:tls'
import {toHttpError} from './api/v1/errors.js'
import type {ServerSettings} from './config.js'
import type {PrepareReload} from './control/reload.js'
import {type App, type AppOptions, createApp} from './http/app.js'
import {Front} from './http/front/front.js'
import {readTlsFiles, replaceTlsFiles} from './http/front/tls.js'
import {isLoopback} from './http/host-check.js'
import {listen, listenOnSockets, portFailure} from './http/listen.js'
import {toUrlHost} from './http/text.js'
import type {Reporter} from './log/reporter.js'
import {NOTHING_GIVEN} from './settings/sources.js'

/** Creates the framework. @throws Failure `usage` for invalid settings, and files of TLS that cannot be used */
export async function openApp(
  {host, given = NOTHING_GIVEN}: Pick<ServerSettings, 'host' | 'given'>,
  reporter: Reporter,
  options: Pick<AppOptions, 'rewriteUrl' | 'watcher'>,
): Promise<App> {
  const {log, warn} = reporter
  const find = given.in()
  const [front, tls, runRequest] = [new Front(find), await readTlsFiles(find), reporter.steps?.run]
  return createApp({...options, toHttpError, host, log, warn, runRequest, front, tls})
}

/**
 * Binds the port, or uses the sockets that the process was given.
 * @param warnIfReachable called with the host if other machines can reach it
 * @returns the URL
 * @throws Failure `failed` when the port cannot be bound
 */
export async function startListening(
  {fastify}: App,
  {host, port}: Pick<ServerSettings, 'host' | 'port'>,
  sockets: readonly number[],
  warnIfReachable: (host: string) => void,
): Promise<string> {
  const listening = sockets.length > 0 ? listenOnSockets(fastify, sockets) : listen(fastify, host, port)
  const boundPort = await listening.catch(error => {
    throw portFailure(error, host, port)
  })
  const {address} = fastify.server.address() as net.AddressInfo
  if (!isLoopback(address)) warnIfReachable(host)
  const protocol = fastify.server instanceof TlsServer ? 'https' : 'http'
  return `${protocol}://${toUrlHost(host)}:${boundPort}`
}

/** The files of TLS are read again, for new connections. */
export function prepareTls({fastify}: App, warn: (line: string) => void): PrepareReload {
  return async ({given = NOTHING_GIVEN}) => {
    const tls = await readTlsFiles(given.in())
    return () => {
      if (!replaceTlsFiles(fastify.server, tls))
        warn('TLS of the service, or of its clients, changed: restart to apply')
    }
  }
}
