/** Runs the service from its start to its end, and logs both. */
import type {ServerSettings} from './config.js'
import {followSignals} from './control/follow-signals.js'
import {prepareAll} from './control/reload.js'
import type {ServiceControl} from './control/service-control.js'
import {createReporter, type LogOutputs} from './log/reporter.js'
import {createServer} from './server.js'
import type {GivenSettings} from './settings/sources.js'

/** The surroundings of a service that runs. */
export interface Surroundings {
  readonly outputs: LogOutputs
  /** Stops the service when it is aborted. */
  readonly interrupted: AbortSignal
  /** The process, if it can be controlled. */
  readonly control?: ServiceControl | undefined
  /** Reads the settings again, for a reload. @throws Failure `usage` as `loadSettings` */
  readonly load?: () => Promise<ServerSettings>
  /** Announces that the service listens, to programs; absent: the log alone says so. @param url of the service */
  readonly announce?: ((url: string) => Promise<void>) | undefined
}

/**
 * Runs a service until it is interrupted and has finished its requests.
 * @throws Failure `conflict` when another service uses the data directory, `failed` when the directory or the port cannot
 *   be used
 */
export async function runServer(
  settings: ServerSettings,
  surroundings: Surroundings,
  create = createServer,
): Promise<void> {
  const {outputs, interrupted, announce, control, load = async () => settings} = surroundings
  const {log = {}, given} = settings
  const reporter = await createReporter(log, outputs)
  for (const line of [...(given?.describeUnknown() ?? []), ...(log.warnings ?? [])]) reporter.warn(line)
  if (given) for (const line of describeSettings(given)) reporter.log(line, {level: 'DEBUG'})
  const server = await create(settings, reporter, control)
  const prepareReload = (next: ServerSettings) =>
    prepareAll([server.prepareReload, ({log: form = {}}) => reporter.prepareReload(form)], next)
  let leave = async () => false
  try {
    const url = await server.listen()
    // First the announcement: programs may read it from one pipe for both outputs.
    await announce?.(url)
    if (announce) reporter.log(`listening on ${url}`)
    else reporter.warn(`listening on ${url}`, NEWS)
    const service = {...server, ...reporter, prepareReload, settings, load, interrupted}
    if (control) leave = await followSignals({...service, control})
    await waitUntilAborted(interrupted)
    reporter.warn('stopping: finishing the requests in progress', NEWS)
  } finally {
    await server.close(await leave())
  }
  reporter.warn('stopped', NEWS)
}

/** Of lines that an operator expects, on a terminal too. */
const NEWS = {level: 'INFO'} as const

async function waitUntilAborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await new Promise(resolve => signal.addEventListener('abort', resolve))
}

/** All settings with their values, in the form of the administration manual. */
function describeSettings(given: GivenSettings): string[] {
  const options = given.list().map(({name, value}) => `${name.padEnd(30)} ${value}`.trimEnd())
  const from =
    given.path === undefined ? [] : ['Configuration options gathered from config file:', given.path]
  return ['*'.repeat(80), ...from, '='.repeat(80), ...options, '*'.repeat(80)]
}
