/** A file that gets its name only when it is complete; until then it is `NAME.part` in the same folder. */
import {constants} from 'node:fs'
import {type FileHandle, link, lstat, open, rename, rm} from 'node:fs/promises'
import {userInfo} from 'node:os'
import {dirname} from 'node:path'
import type {Readable} from 'node:stream'
import {Failure} from '../model/errors.js'
import type {Destination} from './destination.js'

const MIB = 1024 * 1024

/** An open part; `publish`, `close` or `remove` it at the end. Its methods throw a `Failure` for errors of the file system. */
export class PartFile {
  /** Name of the part in messages. */
  readonly name: string
  /** Bytes in the part when it was opened. */
  readonly initialSize: number
  readonly #target: Target
  readonly #path: string
  readonly #handle: FileHandle

  private constructor(target: Target, handle: FileHandle, found: number) {
    this.name = toPartPath(target.name)
    this.#path = toPartPath(target.path)
    this.initialSize = found
    this.#target = target
    this.#handle = handle
  }

  /**
   * Opens a new part, or an existing one to resume it. A new one is never a file that another process may be writing.
   * @throws Failure of kind conflict when the existing one may be another file: a link, or a file of another user
   */
  static async open(target: Target, resume: boolean): Promise<PartFile> {
    const part = toPartPath(target.path)
    const name = toPartPath(target.name)
    return explainErrors(name, async () => {
      const existing = resume ? await openExisting(part, name) : undefined
      if (existing !== undefined) return new PartFile(target, existing, (await existing.stat()).size)
      await rm(part, {force: true})
      return new PartFile(target, await open(part, 'wx+'), 0)
    })
  }

  /** Streams the first `size` bytes, of which there must be at least one. */
  read(size: number): Readable {
    return this.#handle.createReadStream({start: 0, end: size - 1, highWaterMark: MIB, autoClose: false})
  }

  /** Reads bytes at a position, of which there must be some. @returns the number of bytes, at least one */
  async readInto(target: Uint8Array, position: number): Promise<number> {
    const {bytesRead} = await this.#handle.read(target, 0, target.length, position)
    if (bytesRead === 0) throw replacedFailure(this.name)
    return bytesRead
  }

  /** Writes the chunks from a position in bytes. */
  async write(chunks: readonly Uint8Array[], position: number): Promise<void> {
    const size = chunks.reduce((sum, chunk) => sum + chunk.length, 0)
    const {bytesWritten} = await explainErrors(this.name, () => this.#handle.writev(chunks, position))
    if (bytesWritten < size) {
      // Rare: the system wrote only some of the bytes, as it does when the disk becomes full.
      await this.write([Buffer.concat(chunks).subarray(bytesWritten)], position + bytesWritten)
    }
  }

  /** Discards everything after the first `size` bytes. */
  async truncate(size: number): Promise<void> {
    await explainErrors(this.name, () => this.#handle.truncate(size))
  }

  async hasBytes(): Promise<boolean> {
    return (await this.#handle.stat().catch(() => undefined))?.size !== 0
  }

  /** Closes the part and keeps it for a later attempt. */
  async close(): Promise<void> {
    await this.#handle.close()
  }

  /** Closes and deletes the part, unless another file has taken its place. */
  async remove(): Promise<void> {
    const isSame = await this.#isSameFile()
    await this.close()
    if (isSame) await rm(this.#path, {force: true})
  }

  /**
   * Gives the part its final name once it is on disk. Other processes see the old file or the complete new one.
   * @param overwrite replaces an existing file
   * @throws Failure of kind conflict when another file has taken the place of the part
   */
  async publish(overwrite: boolean): Promise<void> {
    await explainErrors(this.name, () => this.#handle.sync())
    if (!(await this.#isSameFile())) throw replacedFailure(this.name)
    await this.close()
    const {path, name} = this.#target
    await explainErrors(name, () => (overwrite ? rename(this.#path, path) : this.#linkTo(path)))
    await syncFolder(dirname(path))
  }

  /** Links instead of renaming, because a link never replaces a file created meanwhile. */
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
    const [ours, found] = await Promise.all([this.#handle.stat(), lstat(this.#path).catch(() => undefined)])
    return found !== undefined && found.ino === ours.ino && found.dev === ours.dev
  }
}

type Target = Pick<Destination, 'path' | 'name'>

function toPartPath(target: string): string {
  return `${target}.part`
}

/** Makes the name survive a power failure. Not every system can open folders. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined)
  await handle?.sync().catch(() => {})
  await handle?.close()
}

/** Opens the part without following a link; undefined if there is none. A named pipe must not block. */
async function openExisting(path: string, name: string): Promise<FileHandle | undefined> {
  const {O_RDWR, O_NOFOLLOW = 0, O_NONBLOCK = 0} = constants
  const stats = await lstat(path).catch(ignoreMissing)
  if (stats === undefined) return undefined
  if (!stats.isFile()) throw foreignFailure(name, 'it is not a regular file')
  const handle = await open(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK)
  const {nlink, uid} = await handle.stat()
  const owner = findUserId()
  if (nlink === 1 && (owner === undefined || uid === owner)) return handle
  await handle.close()
  throw foreignFailure(name, nlink === 1 ? 'it belongs to another user' : 'it has other hard links')
}

/** Undefined on Windows, and for a user whom the system has no entry for. */
function findUserId(): number | undefined {
  try {
    const {uid} = userInfo()
    return uid === -1 ? undefined : uid
  } catch {
    return undefined
  }
}

function foreignFailure(part: string, why: string): Failure {
  return new Failure('conflict', `cannot resume ${part}`, {
    why,
    advice: 'Remove it, or leave out --resume to start over with a new file.',
  })
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}

function replacedFailure(part: string): Failure {
  return new Failure('conflict', `${part} was replaced by another program`, {
    advice: 'Do not download two images to the same file at once.',
  })
}

/** @throws Failure of kind failed in place of errors of the file system */
async function explainErrors<T>(file: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    if (error instanceof Failure) throw error
    throw new Failure('failed', `cannot write ${file}`, {
      why: error instanceof Error ? error.message : String(error),
      cause: error,
    })
  }
}
