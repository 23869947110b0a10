/** The reserve: room on the disk of the registry that is kept for the changes that make room. */
import {randomBytes} from 'node:crypto'
import {closeSync, fstatSync, openSync, rmSync, statfsSync, writeSync} from 'node:fs'
import {dirname} from 'node:path'

/** More than the log of the registry grows to; on small disks a part of the disk. */
const MAX_BYTES = 4 * 1024 * 1024
const MAX_DISK_SHARE = 1 / 8
const CHUNK_BYTES = 65_536

/** A file of nothing that is given up when the disk is full, and filled again when there is room. */
export class DiskReserve {
  readonly #path: string
  #isAllocated = false
  #activeRuns = 0

  constructor(path: string) {
    this.#path = path
  }

  /** Takes what is missing, as far as there is room; costs nothing while it is whole. */
  allocate(): void {
    if (this.#isAllocated || this.#activeRuns > 0) return
    try {
      this.#isAllocated = fillFile(this.#path)
    } catch {
      // There is no room. What was written stays, and the next time it may be more.
    }
  }

  /** Gives the room up. */
  release(): void {
    this.#isAllocated = false
    rmSync(this.#path, {force: true})
  }

  /**
   * Does the work; when the disk is full for it, does it again in the room of the reserve.
   * @param onRelease makes the most of that room before the work is done again
   * @param isEntitled asked when the disk is full; false leaves the reserve alone
   */
  async runWithReserve<T>(
    work: () => Promise<T>,
    onRelease: () => Promise<unknown>,
    isEntitled = () => true,
  ): Promise<T> {
    try {
      return await work()
    } catch (error) {
      if (!isDiskFull(error) || !isEntitled()) throw error
    }
    this.#activeRuns += 1
    try {
      this.release()
      await onRelease()
      return await work()
    } finally {
      this.#activeRuns -= 1
      this.allocate()
    }
  }
}

/** Random bytes, since some filesystems compress what they can. Whether the file is whole; throws on a full disk. */
function fillFile(path: string): boolean {
  const {blocks, bsize} = statfsSync(dirname(path))
  const targetSize = Math.min(MAX_BYTES, blocks * bsize * MAX_DISK_SHARE)
  const file = openSync(path, 'a', 0o600)
  try {
    const bytes = randomBytes(CHUNK_BYTES)
    for (let {size} = fstatSync(file); size < targetSize; ) size += writeSync(file, bytes)
    return true
  } finally {
    closeSync(file)
  }
}

/** A quota that is used up comes as an error of input and output. */
function isDiskFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^SQLITE_(FULL|IOERR)/.test(String(error.code))
}
