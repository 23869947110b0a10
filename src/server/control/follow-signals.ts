/** Does what the signals to a running service ask for: reload the settings, or start a process that takes over. */
import type net from 'node:net'
import {Failure} from '../../lib/model/errors.js'
import type {ServerSettings} from '../config.js'
import {listChanges, type Prepared} from './reload.js'
import type {ServiceControl} from './service-control.js'

/** A service that runs. */
export interface Controlled {
  /** The settings that it was started with. */
  readonly settings: ServerSettings
  readonly control: ServiceControl
  /** Reads the settings again. @throws Failure `usage` for settings that are not valid */
  load(): Promise<ServerSettings>
  /** Checks settings. @returns what puts them into force @throws Failure `usage` for settings that are not valid */
  prepareReload(settings: ServerSettings): Promise<Prepared>
  /** What listens. */
  listListeners(): readonly net.Server[]
  /** Aborted once it stops. */
  readonly interrupted: AbortSignal
  log(line: string): unknown
  warn(line: string): unknown
}

/**
 * Tells that the service is ready, stops the process before it, and follows signals from now on.
 * @returns tells that the service stops, unless another process takes over; true then
 */
export async function followSignals(service: Controlled): Promise<() => Promise<boolean>> {
  const {control, interrupted, warn} = service
  let {settings} = service
  let last: Promise<unknown> = Promise.resolve()
  let isReplaced = false
  const queue = (what: string, action: () => Promise<void>) => () => {
    last = last.then(action).catch(error => warn(`${what}: ${describe(error)}`))
  }
  const onReload = async () => {
    settings = await reload(service, settings)
  }
  const onRestart = async () => {
    if (isReplaced || interrupted.aborted) return
    const successor = await restart(service)
    isReplaced = true
    void successor.ended.then(how => {
      isReplaced = false
      if (!interrupted.aborted) warn(`cannot restart: the new process ${how}; this one goes on`)
    })
  }
  control.onReload(queue('cannot reload, so the settings stay as they were', onReload))
  control.onRestart(queue('cannot restart, so this process goes on', onRestart))
  await tell(service, 'ready')
  void control.predecessor?.stop()
  return async () => {
    if (!isReplaced) await tell(service, 'stopping')
    return isReplaced
  }
}

/** A service goes on also when nothing can be reported. */
async function tell({control, warn}: Controlled, state: 'ready' | 'reloading' | 'stopping'): Promise<void> {
  await control.notify(state).catch(error => warn(describe(error)))
}

/** @returns the settings that are in force then */
async function reload(service: Controlled, before: ServerSettings): Promise<ServerSettings> {
  const {log, warn} = service
  await tell(service, 'reloading')
  try {
    const after = await service.load()
    const commit = await service.prepareReload(after)
    commit()
    const applied = listChanges(before, after, true)
    log(`reloaded the settings${applied.length > 0 ? `: ${applied.join(', ')} changed` : ''}`)
    const pending = listChanges(service.settings, after, false)
    if (pending.length > 0) warn(`${pending.join(', ')} changed, restart to apply`)
    return after
  } finally {
    await tell(service, 'ready')
  }
}

/** Starts a process that takes over, unless it could not: then this one goes on. */
async function restart(service: Controlled): Promise<{readonly ended: Promise<string>}> {
  const after = await service.load()
  const prepared = await service.prepareReload(after)
  await prepared.discard?.()
  const {host, port} = service.settings
  const staysThere = host === after.host && port === after.port
  const successor = service.control.startSuccessor(staysThere ? service.listListeners() : [])
  service.log(`restarting: the process ${successor.pid} takes over`)
  return successor
}

function describe(error: unknown): string {
  const {message} = error as Error
  return error instanceof Failure && error.why ? `${message}: ${error.why}` : message
}
