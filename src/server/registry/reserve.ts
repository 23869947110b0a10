/** The reserve: room on the disk of the registry that is kept for the changes that make room. */
import {randomBytes} from 'node:crypto'
import {closeSync, fstatSync, openSync, rmSync, statfsSync, writeSync} from 'node:fs'
import {dirname} from 'node:path'

/** More than the log of the registry grows to; on small disks a part of the disk. */
const BYTES = 4 * 1024 * 1024
const PART = 1 / 8
const PORTION = 65_536

/** A file of nothing that is given up when the disk is full, and filled again when there is room. */
export class Reserve {
  readonly #path: string
  #whole = false
  #users = 0

  constructor(path: string) {
    this.#path = path
  }

  /** Takes what is missing, as far as there is room; costs nothing while it is whole. */
  take(): void {
    if (this.#whole || this.#users > 0) return
    try {
      this.#whole = fill(this.#path)
    } catch {
      // There is no room. What was written stays, and the next time it may be more.
    }
  }

  /** Gives the room up. */
  give(): void {
    this.#whole = false
    rmSync(this.#path, {force: true})
  }

  /**
   * Does the work; when the disk is full for it, does it again in the room of the reserve.
   * @param between makes the most of that room before the work is done again
   * @param isEntitled asked when the disk is full; false leaves the reserve alone
   */
  async within<T>(
    work: () => Promise<T>,
    between: () => Promise<unknown>,
    isEntitled = () => true,
  ): Promise<T> {
    try {
      return await work()
    } catch (error) {
      if (!isFull(error) || !isEntitled()) throw error
    }
    this.#users += 1
    try {
      this.give()
      await between()
      return await work()
    } finally {
      this.#users -= 1
      this.take()
    }
  }
}

/** Random bytes, since some filesystems compress what they can. Whether the file is whole; throws on a full disk. */
function fill(path: string): boolean {
  const {blocks, bsize} = statfsSync(dirname(path))
  const wanted = Math.min(BYTES, blocks * bsize * PART)
  const file = openSync(path, 'a', 0o600)
  try {
    const bytes = randomBytes(PORTION)
    for (let {size} = fstatSync(file); size < wanted; ) size += writeSync(file, bytes)
    return true
  } finally {
    closeSync(file)
  }
}

/** A quota that is used up comes as an error of input and output. */
function isFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^SQLITE_(FULL|IOERR)/.test(String(error.code))
}
