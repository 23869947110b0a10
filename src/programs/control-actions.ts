/** The actions of `glance-control` on one server. */
import {access, constants, mkdir, rm} from 'node:fs/promises'
import {dirname} from 'node:path'
import {setTimeout} from 'node:timers/promises'
import type {Display} from '../lib/cli/display.js'
import {type Outcome, readCommandLine, runToEnd, sendSignal, startDaemon} from '../lib/io/daemons/daemon.js'
import {readPidFile} from '../lib/io/daemons/pid-file.js'
import {EXIT_CODES, Failure} from '../lib/model/errors.js'

/** A server as the command line names it. */
export interface ServerPlan {
  readonly name: string
  /** Path of its program. */
  readonly script: string
  /** Absolute path. */
  readonly pidFile: string
  /** Absolute path; undefined if none was found. */
  readonly configFile: string | undefined
  /** Options for the server. */
  readonly options: readonly string[]
  /** The command line names the file or has options. */
  readonly isGiven: boolean
  /** Seconds to wait for a start or a stop. */
  readonly wait: number
}

/** @returns the exit code */
type Action = (server: ServerPlan, display: Display) => Promise<number>

/** Exit codes of a status, as of init scripts (LSB). */
const STATUS = {runs: 0, left: 1, stopped: 3} as const

/** Milliseconds between looks at a process. */
const PAUSE = 50

/** The actions by name. */
export const ACTIONS = {start, stop, restart, reload, status} satisfies Record<string, Action>

/** A process that is a server of a pid file. */
interface RunningServer {
  readonly pid: number
  /** Arguments after the program; undefined if they are not known one by one. */
  readonly args: readonly string[] | undefined
}

async function start(server: ServerPlan, display: Display): Promise<number> {
  if (await findRunning(server)) {
    throw new Failure('conflict', `it appears to already be running: ${server.pidFile}`, {
      advice: 'Use the action restart.',
    })
  }
  const {configFile} = server
  if (configFile === undefined) {
    await display.log(
      `ERROR: Unable to locate any configuration file. Cannot load application ${server.name}`,
    )
    return EXIT_CODES.usage
  }
  await requireFolder(server.pidFile)
  await display.text(`Starting ${server.name} with ${configFile}\n`)
  return print(await startDaemon({script: server.script, args: toArgs(server)}, server.wait), display)
}

/** Prints what a program said. @returns its exit code */
async function print({code, output}: Outcome, display: Display): Promise<number> {
  for (const line of output.split('\n').filter(Boolean)) await display.log(line)
  return code
}

/** Lets the server read its settings. @returns its exit code */
async function check({script}: ServerPlan, args: readonly string[], display: Display): Promise<number> {
  return print(await runToEnd({script, args: [...args, '--show-config']}), display)
}

async function stop(server: ServerPlan, display: Display): Promise<number> {
  const running = await findRunning(server)
  if (running === undefined) {
    const pid = await readPidFile(server.pidFile)
    // The file of a process that runs may be that of another program.
    if (pid !== undefined && !(await readCommandLine(pid))) await rm(server.pidFile, {force: true})
    await display.text(`No ${server.name} running\n`)
    return 0
  }
  await display.text(`Stopping ${server.name} pid: ${running.pid} signal: 15\n`)
  sendSignal(running.pid, 'SIGTERM')
  const hasEnded = async () => (await findServer(server, running.pid)) === undefined
  if (await comesTrue(hasEnded, server.wait)) return 0
  throw new Failure('unavailable', `the process ${running.pid} has not ended within ${server.wait} seconds`, {
    advice: 'It finishes its requests. Wait, or end it with SIGKILL.',
  })
}

/** Without a pause if the new process gets the arguments of the old one, which it takes over from. */
async function restart(server: ServerPlan, display: Display): Promise<number> {
  const running = await findRunning(server)
  const args = server.isGiven ? toArgs(server) : (running?.args ?? toArgs(server))
  if (running === undefined || running.args?.join('\0') !== args.join('\0')) {
    return (await stop(server, display)) || (await start(server, display))
  }
  const code = await check(server, args, display)
  if (code !== 0) return code
  sendSignal(running.pid, 'SIGUSR2')
  const isReplaced = async () => ((await findRunning(server))?.pid ?? running.pid) !== running.pid
  if (!(await comesTrue(isReplaced, server.wait))) {
    throw new Failure('unavailable', `no new process listens after ${server.wait} seconds`, {
      why: `the process ${running.pid} may be finishing its requests; its log tells more`,
    })
  }
  // The new process has stopped the old one by this signal.
  await display.text(`Stopping ${server.name} pid: ${running.pid} signal: 15\n`)
  await display.text(`Starting ${server.name} with ${args[0]}\n`)
  return 0
}

async function reload(server: ServerPlan, display: Display): Promise<number> {
  const running = await findRunning(server)
  if (running === undefined) throw new Failure('not-found', 'it is not running')
  const code = running.args ? await check(server, running.args, display) : 0
  if (code !== 0) return code
  await display.text(`Reloading ${server.name} pid: ${running.pid} signal: 1\n`)
  sendSignal(running.pid, 'SIGHUP')
  return 0
}

async function status(server: ServerPlan, display: Display): Promise<number> {
  const pid = await readPidFile(server.pidFile)
  const running = await findRunning(server)
  if (running) {
    await display.text(`${server.name} (pid ${running.pid}) is running\n`)
    return STATUS.runs
  }
  const left = pid === undefined ? '' : `, but its pid file is left: ${server.pidFile}`
  await display.text(`${server.name} is not running${left}\n`)
  return pid === undefined ? STATUS.stopped : STATUS.left
}

/** The pid file is there too, because it tells the process from a stranger that got its id. */
function toArgs({configFile = '', options, pidFile}: ServerPlan): readonly string[] {
  return [configFile, ...options, '--pid-file', pidFile]
}

/** The server that the pid file names, if it runs. */
async function findRunning(server: ServerPlan): Promise<RunningServer | undefined> {
  const pid = await readPidFile(server.pidFile)
  return pid === undefined ? undefined : findServer(server, pid)
}

/** The process, if it is a server of the pid file. */
async function findServer({pidFile}: ServerPlan, pid: number): Promise<RunningServer | undefined> {
  const words = await readCommandLine(pid)
  if (words === undefined) return undefined
  const [line = ''] = words
  if (words.length === 1) return line.includes(`--pid-file ${pidFile}`) ? {pid, args: undefined} : undefined
  return words.includes(pidFile) ? {pid, args: words.slice(2)} : undefined
}

/** Looks again and again. @returns false when the time is over */
async function comesTrue(look: () => Promise<boolean>, seconds: number): Promise<boolean> {
  const end = performance.now() + seconds * 1000
  while (!(await look())) {
    if (performance.now() >= end) return false
    await setTimeout(PAUSE)
  }
  return true
}

/** @throws Failure `denied` for a folder in which no pid file can be written */
async function requireFolder(pidFile: string): Promise<void> {
  const folder = dirname(pidFile)
  try {
    await mkdir(folder, {recursive: true, mode: 0o755})
    await access(folder, constants.W_OK)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new Failure('denied', `cannot write the pid file ${pidFile}`, {
      why,
      advice: 'Name another file with --pid-file, or use sudo.',
    })
  }
}
