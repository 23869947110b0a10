/** The only module that touches the process: its streams, its environment and its signals. */
import {fstatSync, readFileSync, type Stats, writeSync} from 'node:fs'
import type {Readable} from 'node:stream'
import {isatty} from 'node:tty'
import {Failure, tryOrUndefined, usageError} from '../model/errors.js'
import {ask, askSecret, type Terminal} from './ask.js'
import {homeFolder} from './home-folder.js'
import type {Input, InputKind, Io, Question} from './io.js'
import {readOpenFile} from './streams/open-file.js'
import {readPipe} from './streams/pipe-stream.js'
import {explainWriteError, ignoreWriteError, isNullDevice, SystemOutput} from './system-output.js'

const STDIN = 0
const STDOUT = 1
const STDERR = 2

/** Exit codes of a process ended by a signal, by the convention of shells. */
const SIGNAL_EXIT_CODES = {SIGINT: 130, SIGTERM: 143, SIGHUP: 129} as const

/** Milliseconds within which a second signal is a duplicate: `timeout` signals the process and its group. */
const DUPLICATE_SIGNAL_MS = 300

/** Variables and folders of this process; unlike `systemIo`, listens to nothing. */
export function systemSurroundings(): Pick<Io, 'env' | 'cwd' | 'home' | 'platform'> {
  return {
    env: process.env,
    get cwd() {
      return currentFolder()
    },
    home: homeFolder(process),
    platform: process.platform,
  }
}

/**
 * The `Io` of this process. Listens for signals once `interrupted` is read: from then on, the first one aborts it and the
 * second one ends the process at once.
 */
export function systemIo(): Io {
  let message: string | undefined
  const surroundings = systemSurroundings()
  let interruption: Interruption | undefined
  const listen = () => {
    interruption ??= createInterruption(() => {
      if (message !== undefined) tryOrUndefined(() => writeSync(STDERR, `${message}\n`))
    })
    return interruption
  }
  // Until then, signals end the process, whatever it waits for.
  const mayBlock = () => interruption === undefined && process.platform !== 'win32'
  return {
    stdin: new SystemInput(),
    stdout: new SystemOutput({
      descriptor: STDOUT,
      open: () => process.stdout,
      onWriteError: explainWriteError,
      mayBlock,
    }),
    stderr: new SystemOutput({
      descriptor: STDERR,
      open: () => process.stderr,
      onWriteError: ignoreWriteError,
      mayBlock,
    }),
    env: surroundings.env,
    home: surroundings.home,
    platform: surroundings.platform,
    get cwd() {
      return surroundings.cwd
    },
    isRoot: process.getuid?.() === 0,
    pid: process.pid,
    get interrupted() {
      return listen().signal
    },
    onForcedExit: text => {
      message = text
    },
    openService: async pidFile => {
      const {ControlledProcess} = await import('./daemons/controlled-process.js')
      return new ControlledProcess(process, listen(), pidFile)
    },
    ask: (question: Question) => ask(question, openTerminal(listen().signal)),
    askSecret: (question: string) => askSecret(question, openTerminal(listen().signal)),
  }
}

/** Starts this program again with these arguments, to go on in the background without a terminal. */
export async function startAgain(args: readonly string[], env: Io['env']): Promise<void> {
  const {spawn} = await import('node:child_process')
  const [program = '', script = ''] = process.argv
  const options = {env: {...env}, detached: true, stdio: 'ignore', windowsHide: true} as const
  spawn(program, [script, ...args], options)
    .on('error', () => {})
    .unref()
}

function openTerminal(interrupted: AbortSignal): Terminal {
  return {input: process.stdin, output: process.stderr, interrupted, signals: process}
}

/** @throws Failure of kind usage for a folder that was deleted */
function currentFolder(): string {
  try {
    return process.cwd()
  } catch (cause) {
    throw usageError('the current folder does not exist', {advice: 'Change to another folder.', cause})
  }
}

/** The interruption by signals. */
interface Interruption {
  readonly signal: AbortSignal
  /** Called at SIGHUP in place of the interruption, unless it returns false. */
  onHangup?: () => boolean
}

/**
 * Listens for signals.
 * @param onForcedExit called before the process ends at once
 */
function createInterruption(onForcedExit: () => void): Interruption {
  const controller = new AbortController()
  const interruption: Interruption = {signal: controller.signal}
  let firstAt = 0
  for (const [signal, code] of Object.entries(SIGNAL_EXIT_CODES)) {
    process.on(signal, () => {
      if (signal === 'SIGHUP' && interruption.onHangup?.()) return
      if (controller.signal.aborted) {
        if (performance.now() - firstAt < DUPLICATE_SIGNAL_MS) return
        onForcedExit()
        process.exit(code)
      }
      firstAt = performance.now()
      controller.abort(new Failure('interrupted', `interrupted by ${signal}`))
    })
  }
  return interruption
}

/** Standard input, inspected on first use only: reading a terminal or a pipe early would change it. */
class SystemInput implements Input {
  #stats: Stats | undefined
  #pipe: Readable | undefined

  get kind(): InputKind {
    const stats = this.#stat()
    if (stats === undefined || isNullDevice(stats)) return 'nothing'
    // Only a terminal loads the module that knows terminals.
    if (stats.isCharacterDevice() && isatty(STDIN)) return 'terminal'
    return stats.isFile() ? 'file' : 'pipe'
  }

  get size(): number | undefined {
    const offset = this.#offset()
    const stats = this.#stat()
    return stats?.isFile() && offset !== undefined ? Math.max(0, stats.size - offset) : undefined
  }

  get isUnreadFile(): boolean {
    return this.kind === 'file' && this.#offset() === 0 && this.size !== 0
  }

  /**
   * Reads a file by position if its offset is known, so that it can be read again and the offset, which other processes
   * share, stays. Reads devices and other files with `read`, and pipes through the event loop.
   * @throws Failure of kind usage for a folder
   */
  open(): Readable {
    const stats = this.#stat()
    if (stats?.isDirectory()) throw usageError('standard input is a folder, not an image')
    if (stats?.isFIFO() || stats?.isSocket()) return this.#openPipe()
    const start = stats?.isFile() ? this.#offset() : undefined
    return readOpenFile(STDIN, start)
  }

  #openPipe(): Readable {
    this.#pipe ??= readPipe(STDIN)
    return this.#pipe
  }

  #stat(): Stats | undefined {
    this.#stats ??= tryOrUndefined(() => fstatSync(STDIN))
    return this.#stats
  }

  /** The offset of the descriptor, which only Linux makes known. */
  #offset(): number | undefined {
    const info = tryOrUndefined(() => readFileSync(`/proc/self/fdinfo/${STDIN}`, 'utf8'))
    const position = info?.match(/^pos:\s*(\d+)/m)?.[1]
    return position === undefined ? undefined : Number(position)
  }
}
