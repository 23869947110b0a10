/** The interface of stores, which hold the data of images. */
import type {Readable} from 'node:stream'

/** Result of `put`. */
export interface StoredData {
  /** URI under which this store finds the data again. */
  readonly location: string
  /** Bytes. */
  readonly size: number
  /** MD5 in hexadecimal. */
  readonly checksum: string
  /** Algorithm of the second digest. */
  readonly hashAlgo: HashAlgorithm
  /** In hexadecimal. */
  readonly hashValue: string
}

/** An algorithm of the second digest of all data, by the name that clients see. */
export type HashAlgorithm = keyof typeof HASH_BYTES

/** Bytes of a digest, by its algorithm. */
export const HASH_BYTES = {sha256: 32, sha384: 48, sha512: 64} as const

/** The algorithm of services whose settings name none. */
export const DEFAULT_HASH: HashAlgorithm = 'sha512'

/** A range of bytes from the first to the last, both inclusive and counted from 0. */
export interface ByteRange {
  readonly first: number
  readonly last: number
}

/** Data read from a store. */
export interface DataStream {
  readonly data: Readable
  /** Bytes of the whole data; undefined when the store does not know. */
  readonly size: number | undefined
}

/** Memory that takes data in place of a stream, so that the data is not copied. */
export interface DataMemory {
  /** Called when there may be memory again. */
  onFree: () => void
  /** Memory for the next bytes; undefined while there is none. */
  lend(): Uint8Array | undefined
  /** Takes the first bytes of the memory that was lent last. */
  fill(length: number): void
  /** Copies bytes, also while there is no memory: send no more then until `onFree` is called. */
  append(bytes: Uint8Array): void
}

/** Data for a store, which may know its size, and may be read without the stream; then it only ends or fails as one. */
export interface DataSource extends Readable {
  /** Bytes, if known. */
  readonly announcedSize?: number | undefined
  /**
   * Puts all data into the memory. Call it before the stream is read.
   * @returns a function that ends the use of the memory at once; undefined if the stream must be read
   */
  readInto?(memory: DataMemory): (() => void) | undefined
}

/**
 * A store that can be written. Contract of every implementation; `storeContract` checks all of it but the limit of memory
 * and the crash of the machine:
 *
 * - `put` holds no more than 32 MiB in memory, whatever the size of the data.
 * - After `put` resolved the data survives a crash of the machine. When it rejects, nothing remains that `get` would find;
 *   `delete` and `sweep` remove the leftovers of an upload that could not be undone, or of a dead process.
 * - `put` never overwrites: the same key twice is an error of code EEXIST.
 * - `put` never destroys its source, so that the sender can still get a response; when it rejects, the caller drains or
 *   destroys the source.
 * - A full device is an error of code ENOSPC. A store on another server throws `StoreUnavailable` while it cannot be used.
 */
export interface Store extends ReadableStore {
  /** The location that `put` returns for the key, so that it can be recorded before the data exists. */
  locate(key: string): string
  /** True for a location of this store, whether or not there is data. */
  owns(location: string): boolean
  /**
   * Stores the data. Rejects with the error of the source if it fails, or with the reason of the signal.
   * @param key name of the data, see `createDataKey`
   * @param announced bytes that the sender announced; there may be fewer or more
   */
  put(key: string, data: Readable, signal?: AbortSignal, announced?: number): Promise<StoredData>
  /**
   * Deletes the data, and the leftovers of a `put` that was interrupted; returns false if there was nothing.
   * @throws StoreMissing for a location of another store
   */
  delete(location: string): Promise<boolean>
  /**
   * Deletes the data that is not used, and the leftovers of interrupted uploads to it. Rejects with the first error of a
   * deletion, after all other deletions.
   * @param findUnused asked for all keys, some at a time
   * @returns the number of removed files
   */
  sweep(findUnused: FindUnused): Promise<number>
}

/** Returns those of the keys whose data may be deleted. */
export type FindUnused = (keys: readonly string[]) => Promise<readonly string[]>

/** The reading side of a store. */
export interface ReadableStore {
  /** URI schemes of the locations it understands, without the colon. */
  readonly schemes: readonly string[]
  /**
   * Opens the data, or a range of it.
   * @param range must be within the data
   * @throws StoreMissing when there is no data, StoreUnreachable when its server cannot be read, StoreForbidden when `check`
   *   would refuse the location
   */
  get(location: string, range?: ByteRange): Promise<DataStream>
  /** Bytes at the location, without transferring them. @throws as `get` */
  getSize(location: string): Promise<number>
}

/** A read-only store on other servers, for example the web. `get` and `getSize` refuse what `check` refuses. */
export interface RemoteStore extends ReadableStore {
  /** Checks a location without contacting its server. @throws StoreForbidden when it must not be fetched */
  check(location: string): Promise<void>
  /** @param signal ends the wait for the server */
  get(location: string, range?: ByteRange, signal?: AbortSignal): Promise<DataStream>
}

/** The location has no data. */
export class StoreMissing extends Error {
  override readonly name = 'StoreMissing'
}

/** The server of the location cannot be read. */
export class StoreUnreachable extends Error {
  override readonly name = 'StoreUnreachable'
}

/** The store cannot be used at present. The message is the reason, and does not name hosts or users. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable'
}

/** The service does not fetch from the location for its callers. */
export class StoreForbidden extends Error {
  override readonly name = 'StoreForbidden'
}
