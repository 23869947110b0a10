/** Standard output and standard error of the process. */
import {fstatSync, type Stats, statSync, writeSync} from 'node:fs'
import {isatty} from 'node:tty'
import {Failure, tryOrUndefined} from '../model/errors.js'
import {BrokenPipe, type Output} from './io.js'

/** Converts the error of a failed write to the one to throw; undefined ignores it. */
export type WriteErrorHandler = (error: NodeJS.ErrnoException) => Error | undefined

/** Results that cannot be written are lost, unless their reader has closed. */
export function explainWriteError(error: NodeJS.ErrnoException): Error {
  if (error.code === 'EPIPE') return new BrokenPipe()
  return new Failure('failed', 'cannot write the output', {why: error.message, cause: error})
}

/** A note without a reader must not stop the command. */
export function ignoreWriteError(): undefined {}

/** An open descriptor, and the stream of Node for it. */
export interface SystemOutputOptions {
  readonly descriptor: number
  readonly open: () => NodeJS.WriteStream
  readonly onWriteError: WriteErrorHandler
  /** True as long as a slow reader may stop the whole process, because it would react to nothing else. */
  readonly mayBlock: () => boolean
}

/** Writes without the stream of Node where it can: that and what it needs take longer to load than a page of help to print. */
export class SystemOutput implements Output {
  readonly #options: SystemOutputOptions
  #stream: NodeJS.WriteStream | undefined
  #isTerminal: boolean | undefined

  constructor(options: SystemOutputOptions) {
    this.#options = options
  }

  get isTerminal(): boolean {
    this.#isTerminal ??= isTerminal(this.#options.descriptor)
    return this.#isTerminal
  }

  get columns(): number | undefined {
    return this.isTerminal ? this.#getStream().columns : undefined
  }

  write(data: string | Uint8Array): Promise<void> {
    const {onWriteError, mayBlock} = this.#options
    return new Promise((resolve, reject) => {
      const finish = (error?: NodeJS.ErrnoException | null) => {
        const failure = error ? onWriteError(error) : undefined
        if (failure) reject(failure)
        else resolve()
      }
      const isAtOnce = this.#stream === undefined && mayBlock() && !this.isTerminal
      const rest = isAtOnce ? this.#writeAtOnce(data, finish) : data
      if (rest !== undefined) this.#getStream().write(rest, finish)
    })
  }

  /** Writes until the end, or until the reader of a pipe that does not block is too slow. @returns what is not written */
  #writeAtOnce(data: string | Uint8Array, finish: (error?: Error) => void): Uint8Array | undefined {
    let rest = typeof data === 'string' ? Buffer.from(data) : data
    try {
      while (rest.length > 0) rest = rest.subarray(writeSync(this.#options.descriptor, rest))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return rest
      finish(error as Error)
      return undefined
    }
    finish()
    return undefined
  }

  /**
   * Opens the stream and replaces its error listeners. An error is also emitted as an event, which ends the process
   * without a listener, and with that of the command framework, which throws everything except EPIPE.
   */
  #getStream(): NodeJS.WriteStream {
    if (this.#stream === undefined) {
      this.#stream = this.#options.open()
      this.#stream.removeAllListeners('error').on('error', () => {})
    }
    return this.#stream
  }
}

/** Only a device loads the module that knows terminals. */
function isTerminal(descriptor: number): boolean {
  const found = tryOrUndefined(() => {
    const stats = fstatSync(descriptor)
    return stats.isCharacterDevice() && !isNullDevice(stats) && isatty(descriptor)
  })
  return found ?? false
}

/** True for `/dev/null`. @param stats of an open descriptor */
export function isNullDevice(stats: Stats): boolean {
  return stats.isCharacterDevice() && stats.rdev === statSync('/dev/null', {throwIfNoEntry: false})?.rdev
}
