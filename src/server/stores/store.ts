/** The store as an interface: where the data of images lies. */
import type {Readable} from 'node:stream'

/** What was stored. */
export interface StoredData {
  /** URI under which this store finds the data again. */
  readonly location: string
  /** Bytes. */
  readonly size: number
  /** MD5 in hexadecimal. */
  readonly checksum: string
  /** SHA-512 in hexadecimal. */
  readonly sha512: string
}

/** A part of the data: bytes from the first to the last, both counted from 0 and both in it. */
export interface ByteRange {
  readonly first: number
  readonly last: number
}

/** Data on its way out of a store. */
export interface DataStream {
  readonly data: Readable
  /** Bytes of the whole, when the store knows. */
  readonly size: number | undefined
}

/**
 * Contract, kept by every store that can be written and checked by one suite:
 *
 * - `put` holds no more than 32 MiB in memory, whatever the size of the data.
 * - After `put` resolved the data survives a crash of the machine. When it rejects, or the process dies before, nothing
 *   remains that `get` would find; what a dead process left behind is removed by `sweep`.
 * - `put` never overwrites: the same id twice is an error of code EEXIST.
 * - `put` never destroys its source, so that who sends the data can still be answered; when it rejects, the caller drains
 *   or destroys what is left.
 * - A full device is an error of code ENOSPC.
 */
export interface Store extends ReadableStore {
  /**
   * Takes the data to its end. Rejects with the error of the source when that breaks off, or with the reason of the signal.
   */
  put(id: string, data: Readable, signal?: AbortSignal): Promise<StoredData>
  /** Removes the data. False when it was gone already. */
  delete(location: string): Promise<boolean>
  /**
   * Removes what interrupted uploads of a dead process left behind; gives how many files. Only at start.
   * @param unfinished ids whose upload never came to an answer; data that was stored for them is removed as well
   */
  sweep(unfinished?: readonly string[]): Promise<number>
}

/** What can be read of any store. */
export interface ReadableStore {
  /** URI schemes of the locations it understands, without the colon. */
  readonly schemes: readonly string[]
  /**
   * The data, or that part of it, which must lie within. `StoreMissing` when there is none, `StoreUnreachable` when nobody
   * answers.
   */
  get(location: string, range?: ByteRange): Promise<DataStream>
  /** Bytes at the location, without fetching them. Same errors as `get`. */
  getSize(location: string): Promise<number>
}

/** A store of others that is only read from, such as the web. Its `get` and `sizeOf` keep to what `check` allows. */
export interface RemoteStore extends ReadableStore {
  /** `StoreForbidden` when nothing is to be fetched from that location, which is not asked itself. */
  check(location: string): Promise<void>
}

export class StoreMissing extends Error {
  override readonly name = 'StoreMissing'
}

export class StoreUnreachable extends Error {
  override readonly name = 'StoreUnreachable'
}

/** The location is one that the service does not fetch from for a caller. */
export class StoreForbidden extends Error {
  override readonly name = 'StoreForbidden'
}
