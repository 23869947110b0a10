/** A file that appears under its name only when it is complete; until then it is `NAME.part` in the same folder. */
import {createReadStream} from 'node:fs'
import {type FileHandle, link, lstat, open, realpath, rename, rm, stat} from 'node:fs/promises'
import {dirname} from 'node:path'
import type {Readable} from 'node:stream'
import type {Io} from '../io/io.js'
import {resolvePath} from '../io/paths.js'
import {Failure, usageError} from '../model/errors.js'

const MIB = 1024 * 1024

/** The file that a download ends in. */
export interface Destination {
  /** Absolute. */
  readonly path: string
  /** The file as messages call it. */
  readonly name: string
  readonly exists: boolean
}

/**
 * The target that the user names. A link is followed, so that the file it points to is replaced.
 * @throws Failure of kind `usage` for a folder, a device or a pipe, which no file can replace
 */
export async function resolveDestination(
  name: string,
  place: Pick<Io, 'cwd' | 'home'>,
): Promise<Destination> {
  const path = resolvePath(name, place)
  const stats = await stat(path).catch(() => undefined)
  if (stats === undefined) return {path, name, exists: false}
  if (stats.isFile()) {
    const real = await realpath(path)
    return {path: real, name: real, exists: true}
  }
  const what = stats.isDirectory() ? 'a folder' : 'no regular file'
  throw usageError(`cannot save the image as ${name}`, {
    why: `it is ${what}`,
    advice: stats.isDirectory() ? 'Name a file in it.' : `To write into it, use > ${name}`,
  })
}

export class PartFile {
  /** The part as messages call it. */
  readonly name: string
  /** Bytes that were there when it was opened. */
  readonly initialSize: number
  readonly #target: Named
  readonly #path: string
  readonly #handle: FileHandle

  private constructor(target: Named, handle: FileHandle, found: number) {
    this.name = toPartPath(target.name)
    this.#path = toPartPath(target.path)
    this.initialSize = found
    this.#target = target
    this.#handle = handle
  }

  /**
   * An empty file, or the one of an earlier time when it is to go on. A new one is never the file that another process
   * may be writing at the same time.
   */
  static async open(target: Named, resume: boolean): Promise<PartFile> {
    const part = toPartPath(target.path)
    return explainErrors(toPartPath(target.name), async () => {
      const existing = resume ? await open(part, 'r+').catch(ignoreMissing) : undefined
      if (existing !== undefined) return new PartFile(target, existing, (await existing.stat()).size)
      await rm(part, {force: true})
      return new PartFile(target, await open(part, 'wx+'), 0)
    })
  }

  /** The first bytes, of which there must be some. */
  read(size: number): Readable {
    return createReadStream(this.#path, {end: size - 1, highWaterMark: MIB})
  }

  async write(chunks: readonly Uint8Array[], position: number): Promise<void> {
    const size = chunks.reduce((sum, chunk) => sum + chunk.length, 0)
    const {bytesWritten} = await explainErrors(this.name, () => this.#handle.writev(chunks, position))
    if (bytesWritten < size) {
      // Rare: the system took a part, as it does when the disk becomes full.
      await this.write([Buffer.concat(chunks).subarray(bytesWritten)], position + bytesWritten)
    }
  }

  /** Forgets what is behind the first so many bytes. */
  async truncate(size: number): Promise<void> {
    await explainErrors(this.name, () => this.#handle.truncate(size))
  }

  async hasBytes(): Promise<boolean> {
    return (await this.#handle.stat().catch(() => undefined))?.size !== 0
  }

  /** Lets go of it, and leaves it for another time. */
  async close(): Promise<void> {
    await this.#handle.close()
  }

  async remove(): Promise<void> {
    const isSame = await this.#isSameFile()
    await this.close()
    if (isSame) await rm(this.#path, {force: true})
  }

  /**
   * Gives it its name, after all of it is on the disk. Whoever looks finds the old file or the complete new one.
   * @param overwrite whether it may take the place of a file
   */
  async publish(overwrite: boolean): Promise<void> {
    await explainErrors(this.name, () => this.#handle.sync())
    if (!(await this.#isSameFile())) throw replacedFailure(this.name)
    await this.close()
    const {path, name} = this.#target
    await explainErrors(name, () => (overwrite ? rename(this.#path, path) : this.#linkTo(path)))
    await syncFolder(dirname(path))
  }

  /** Unlike a renaming, a link never replaces what has come there in the meantime. */
  async #linkTo(target: string): Promise<void> {
    try {
      await link(this.#path, target)
    } catch (error) {
      const exists = await lstat(target).catch(() => undefined)
      if (exists) throw error
      // Some file systems have no links.
      await rename(this.#path, target)
      return
    }
    await rm(this.#path)
  }

  async #isSameFile(): Promise<boolean> {
    const [ours, there] = await Promise.all([this.#handle.stat(), stat(this.#path).catch(() => undefined)])
    return there !== undefined && there.ino === ours.ino && there.dev === ours.dev
  }
}

type Named = Pick<Destination, 'path' | 'name'>

function toPartPath(target: string): string {
  return `${target}.part`
}

/** The name itself must survive a power failure. Not every system lets folders be opened. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined)
  await handle?.sync().catch(() => {})
  await handle?.close()
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}

function replacedFailure(part: string): Failure {
  return new Failure('conflict', `${part} was replaced by another program`, {
    advice: 'Is the same image being downloaded twice to the same place?',
  })
}

/** @throws Failure in place of errors of the file system */
async function explainErrors<T>(file: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    throw new Failure('failed', `cannot write ${file}`, {
      why: error instanceof Error ? error.message : String(error),
      cause: error,
    })
  }
}
