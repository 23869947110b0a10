/** A reserve of disk space for the changes that free space when the disk of the registry is full. */
import {randomBytes} from 'node:crypto'
import {closeSync, fstatSync, openSync, rmSync, statfsSync, writeSync} from 'node:fs'
import {dirname} from 'node:path'

/** More than the log of the registry grows to; on small disks at most this share of the disk. */
const MAX_BYTES = 4 * 1024 * 1024
const MAX_DISK_SHARE = 1 / 8
const CHUNK_BYTES = 65_536

/** A file that is deleted when the disk is full, and written again when there is space. */
export class DiskReserve {
  readonly #path: string
  #isAllocated = false
  #activeRuns = 0

  constructor(path: string) {
    this.#path = path
  }

  /** Writes the rest of the file, as far as there is space; costs nothing while it is complete. */
  allocate(): void {
    if (this.#isAllocated || this.#activeRuns > 0) return
    try {
      this.#isAllocated = fillFile(this.#path)
    } catch {
      // The disk is full. The next call continues after the bytes that were written.
    }
  }

  /** Deletes the file. */
  release(): void {
    this.#isAllocated = false
    rmSync(this.#path, {force: true})
  }

  /**
   * Does the work; if the disk is full, releases the reserve and does the work again.
   * @param onRelease runs before the work is done again, to free more space
   * @param isEntitled is called when the disk is full; false keeps the reserve
   * @throws the error of the work, if it fails for another reason or fails again
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

/** Writes random bytes, because some filesystems compress zeros. @returns true @throws on a full disk */
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

/** True for a full disk and for an exceeded quota, which is an I/O error. */
function isDiskFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^SQLITE_(FULL|IOERR)/.test(String(error.code))
}
