/** The process of a service: its signals, the sockets that it was given, and the processes before and after it. */
import {type ChildProcess, execFile, spawn} from 'node:child_process'
import type {Server} from 'node:net'
import type {Stream} from 'node:stream'
import {isatty} from 'node:tty'
import {Failure} from '../../model/errors.js'
import {removePidFile, writePidFile} from './pid-file.js'

const STDERR = 2
/** Descriptor of the first socket that a process is given, by the convention of systemd (sd_listen_fds(3)). */
const FIRST_SOCKET = 3

/** States of a service, as texts for systemd (sd_notify(3)). */
const STATES = {ready: 'READY=1', reloading: 'RELOADING=1', stopping: 'STOPPING=1'} as const

/** The process whose sockets this one was given, and which goes on until it is stopped. */
interface Predecessor {
  /** Resolves when it has ended. */
  readonly ended: Promise<void>
  /** Lets it finish its requests. Resolves when it has ended. */
  stop(): Promise<void>
}

/** A process that was started to take over. */
interface Successor {
  readonly pid: number
  /** Resolves when it has ended, with the reason. */
  readonly ended: Promise<string>
}

/** The process of a service as those that control it see it. */
export class ControlledProcess {
  /** Descriptors of the listening sockets that systemd or the process before this one has opened. */
  readonly sockets: readonly number[]
  /** Absent: there is none. */
  readonly predecessor?: Predecessor
  readonly #process: NodeJS.Process
  readonly #pidFile: string | undefined
  #onReload = () => {}
  #onRestart = () => {}

  /**
   * @param interruption is told what SIGHUP does, unless the terminal was closed that the process was started in
   * @param pidFile absolute path
   */
  constructor(process: NodeJS.Process, interruption: {onHangup?: () => boolean}, pidFile?: string) {
    this.#process = process
    this.#pidFile = pidFile
    if (pidFile) process.on('exit', () => removePidFile(pidFile, process.pid))
    const {LISTEN_PID: owner = '', LISTEN_FDS: count = ''} = process.env
    const isPredecessor = owner === String(process.ppid) && process.connected
    const isOurs = owner === String(process.pid) || isPredecessor
    this.sockets = Array.from({length: isOurs ? Number(count) || 0 : 0}, (_, n) => FIRST_SOCKET + n)
    // Programs that this one starts must not believe that the sockets are theirs.
    for (const name of ['LISTEN_PID', 'LISTEN_FDS', 'LISTEN_FDNAMES']) delete process.env[name]
    if (isPredecessor) this.predecessor = this.#findPredecessor(process.ppid)
    const wasTerminal = isatty(STDERR)
    interruption.onHangup = () => {
      if (wasTerminal && !isatty(STDERR)) return false
      this.#onReload()
      return true
    }
    process.on('SIGUSR2', () => this.#onRestart())
  }

  /** Sets what SIGHUP does. */
  onReload(handler: () => void): void {
    this.#onReload = handler
  }

  /** Sets what SIGUSR2 does. */
  onRestart(handler: () => void): void {
    this.#onRestart = handler
  }

  /**
   * Tells systemd, if it started the service, the process that waits for the start, and readers of the file with the id.
   * @throws Failure of kind failed when systemd cannot be reached, or the file cannot be written
   */
  async notify(state: keyof typeof STATES): Promise<void> {
    if (state === 'ready') {
      if (this.#pidFile) await writePidFile(this.#pidFile, this.#process.pid)
      this.#process.send?.({glance: state}, undefined, undefined, () => {})
    }
    await this.#notifySystemd(STATES[state], `MAINPID=${this.#process.pid}`)
  }

  /**
   * Starts this program again, with the same arguments and these sockets.
   * @param listeners servers that listen; empty: the new process opens its own
   * @throws Failure of kind failed where that cannot be done
   */
  startSuccessor(listeners: readonly Server[]): Successor {
    const {pid, platform, execPath, execArgv, argv, env} = this.#process
    if (platform === 'win32') throw new Failure('failed', 'Windows does not let a process take over a port')
    if (pid === 1) throw new Failure('failed', 'a container ends with its first process, which this is')
    const child = spawn(execPath, [...execArgv, ...argv.slice(1)], {
      env: {...env, LISTEN_PID: String(pid), LISTEN_FDS: String(listeners.length)},
      stdio: ['ignore', 'inherit', 'inherit', ...listeners.map(toHandle), 'ipc'],
    })
    return {pid: child.pid ?? 0, ended: describeEnd(child)}
  }

  #findPredecessor(pid: number): Predecessor {
    const ended = new Promise<void>(resolve => this.#process.once('disconnect', resolve))
    let stopped: Promise<void> | undefined
    const stop = async () => {
      // Before it ends: the service of systemd ends with its main process.
      await this.#notifySystemd(`MAINPID=${this.#process.pid}`).catch(() => {})
      if (this.#process.ppid === pid) this.#process.kill(pid, 'SIGTERM')
      await ended
    }
    return {
      ended,
      stop: () => {
        stopped ??= stop()
        return stopped
      },
    }
  }

  /** By its program, because Node.js has no sockets of the kind that systemd listens on. */
  async #notifySystemd(...assignments: readonly string[]): Promise<void> {
    if (!this.#process.env['NOTIFY_SOCKET']) return
    await new Promise<void>((resolve, reject) => {
      execFile('systemd-notify', assignments, error => {
        if (error === null) resolve()
        else reject(new Failure('failed', 'cannot notify systemd', {why: error.message, cause: error}))
      })
    })
  }
}

/** The part of a server that a process inherits. */
function toHandle(server: Server): Stream {
  return (server as Server & {readonly _handle: Stream})._handle
}

async function describeEnd(child: ChildProcess): Promise<string> {
  return new Promise(resolve => {
    child.once('error', error => resolve(`could not be started: ${error.message}`))
    child.once('exit', (code, signal) => resolve(`ended with ${signal ?? `exit code ${code}`}`))
  })
}
