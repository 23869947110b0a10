/** A file as a source of data, in place of standard input. */
import {type Stats, statSync} from 'node:fs'
import type {Readable} from 'node:stream'
import type {Input, InputKind} from '../io/io.js'
import {explainReadError} from '../io/read-errors.js'
import {readFilePath} from '../io/streams/open-file.js'
import {usageError} from '../model/errors.js'

/** Inspected on first use; named pipes and devices are read like a pipe. */
export class FileInput implements Input {
  readonly #path: string
  #stats: Stats | undefined

  /** @param path absolute */
  constructor(path: string) {
    this.#path = path
  }

  get kind(): InputKind {
    return this.#stat().isFile() ? 'file' : 'pipe'
  }

  get size(): number | undefined {
    const stats = this.#stat()
    return stats.isFile() ? stats.size : undefined
  }

  open(): Readable {
    return readFilePath(this.#path)
  }

  /** @throws Failure of kind usage for a folder and for a file that cannot be read */
  #stat(): Stats {
    this.#stats ??= readStats(this.#path)
    if (this.#stats.isDirectory()) throw usageError(`${this.#path} is a folder, not an image`)
    return this.#stats
  }
}

function readStats(path: string): Stats {
  try {
    return statSync(path)
  } catch (cause) {
    const why = explainReadError(cause) ?? (cause as Error).message
    throw usageError(`cannot read ${path}`, {why, cause})
  }
}
