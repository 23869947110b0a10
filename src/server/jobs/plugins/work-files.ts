/** Files of imports that are under way, in a folder that is emptied when the service starts. */
import {randomUUID} from 'node:crypto'
import {createReadStream, createWriteStream} from 'node:fs'
import {rm, stat} from 'node:fs/promises'
import {join} from 'node:path'
import type {Readable} from 'node:stream'
import {pipeline} from 'node:stream/promises'
import type {DataReader} from '../../images/content.js'
import {translateDiskError} from '../../images/errors.js'
import {makeDirectory} from '../../stores/files.js'

/** Reads files by their paths, as stores do by locations. */
export const FILES: DataReader = {
  get: async (path, range) => {
    const {size} = await stat(path)
    return {data: createReadStream(path, range && {start: range.first, end: range.last}), size}
  },
}

/** A file with data. */
export interface WrittenFile {
  readonly path: string
  /** Bytes. */
  readonly size: number
}

/** The files of one import. */
export class WorkFiles {
  readonly #folder: string
  readonly #paths: string[] = []

  /** @param folder created if absent, for its owner only */
  constructor(folder: string) {
    this.#folder = folder
  }

  /** The path of a new file, which is removed with the others. */
  async create(): Promise<string> {
    await makeDirectory(this.#folder)
    const path = join(this.#folder, randomUUID())
    this.#paths.push(path)
    return path
  }

  /**
   * Writes data into a new file.
   * @throws the error of the data, as `translateDiskError`, or the reason of the signal
   */
  async write(data: Readable, signal: AbortSignal): Promise<WrittenFile> {
    const path = await this.create()
    try {
      await pipeline(data, createWriteStream(path, {flags: 'wx', mode: 0o600}), {signal})
    } catch (error) {
      signal.throwIfAborted()
      throw translateDiskError(error, 'data')
    }
    return {path, size: (await stat(path)).size}
  }

  /** Removes one file, or all of them. */
  async remove(...paths: string[]): Promise<void> {
    for (const path of paths.length > 0 ? paths : this.#paths) await rm(path, {force: true})
  }
}
