/** A log file that other programs may move, remove or empty, and whose disk may be full. */
import {constants} from 'node:fs'
import {type FileHandle, open} from 'node:fs/promises'
import {usageError} from '../model/errors.js'
import type {Output} from './io.js'

/** Without blocking: a pipe without a reader is an error, and a full one loses lines, but the writer goes on. */
const APPEND = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | (constants.O_NONBLOCK ?? 0)

/** Only the owner may read a file that is created. */
const PRIVATE = 0o600

/**
 * Appends to a file. It is opened for each write: if it was moved or removed, a new one is created. Texts that arrive
 * during a write are written together by the next one.
 */
export class LogFile implements Output {
  readonly isTerminal = false
  readonly columns = undefined
  readonly #path: string
  #waiting: string[] = []
  #next: Promise<void> | undefined
  #last: Promise<void> = Promise.resolve()
  /** The last write ended within a line. */
  #isCut = false

  private constructor(path: string) {
    this.#path = path
  }

  /**
   * Creates the file if absent, and checks that it can be written.
   * @param path absolute
   * @throws Failure of kind usage when it cannot
   */
  static async open(path: string): Promise<LogFile> {
    try {
      await (await open(path, APPEND, PRIVATE)).close()
      return new LogFile(path)
    } catch (cause) {
      const why = toReason(cause)
      throw usageError(`cannot open the log file ${path}`, {
        why,
        advice: 'Name a file that can be written, in a folder that exists.',
        cause,
      })
    }
  }

  /** Resolves when the text is in the file. @throws Error when it cannot be written; the next write tries again */
  write(data: string | Uint8Array): Promise<void> {
    this.#waiting.push(String(data))
    this.#next ??= this.#writeAfter(this.#last)
    return this.#next
  }

  /** Waits until everything is written, or failed. */
  async close(): Promise<void> {
    await (this.#next ?? this.#last).catch(() => {})
  }

  async #writeAfter(last: Promise<void>): Promise<void> {
    await last.catch(() => {})
    const text = this.#waiting.join('')
    this.#waiting = []
    this.#last = this.#next ?? this.#last
    this.#next = undefined
    await this.#append(text)
  }

  async #append(text: string): Promise<void> {
    try {
      const file = await open(this.#path, APPEND, PRIVATE)
      try {
        await this.#writeAll(file, Buffer.from(this.#isCut ? `\n${text}` : text))
      } finally {
        await file.close()
      }
    } catch (cause) {
      throw new Error(`cannot write the log file ${this.#path}: ${toReason(cause)}`, {cause})
    }
  }

  /** Remembers whether a part of the text was written, because a full disk takes what it has space for. */
  async #writeAll(file: FileHandle, bytes: Buffer): Promise<void> {
    for (let written = 0; written < bytes.length; ) {
      written += (await file.write(bytes, written)).bytesWritten
      this.#isCut = written < bytes.length
    }
  }
}

function toReason(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
