/** A store in S3: an object for the data of an upload, named by its key. */
import type {Readable} from 'node:stream'
import {finished} from 'node:stream/promises'
import type {Checksums} from '../checksummer.js'
import {existsError, KeyLocations} from '../data-key.js'
import {pipeToSink} from '../pipe-to-sink.js'
import {
  type ByteRange,
  type DataStream,
  type FindUnused,
  type HashAlgorithm,
  type Store,
  type StoredData,
  StoreMissing,
  StoreUnavailable,
} from '../store.js'
import type {S3Bucket} from './bucket.js'
import {ObjectReader} from './object-reader.js'
import {JOINED_SUFFIX, ObjectSink} from './object-sink.js'
import type {PartSizes} from './part-sizes.js'
import {sweepBucket} from './sweep.js'

/** What a store needs. */
export interface S3StoreOptions {
  readonly bucket: S3Bucket
  /** Name of the bucket, which is in the locations. */
  readonly bucketName: string
  readonly sizes: PartSizes
  /** Algorithm of the second digest of the data. */
  readonly hashAlgo: HashAlgorithm
}

/** The `Store` contract on a bucket. */
export class S3Store implements Store {
  readonly schemes = ['s3']
  readonly #bucket: S3Bucket
  readonly #sizes: PartSizes
  readonly #hashAlgo: HashAlgorithm
  readonly #locations: KeyLocations
  /** Keys that are being written. No other process writes them, because keys are random. */
  readonly #arriving = new Set<string>()

  constructor({bucket, bucketName, sizes, hashAlgo}: S3StoreOptions) {
    this.#bucket = bucket
    this.#sizes = sizes
    this.#hashAlgo = hashAlgo
    this.#locations = new KeyLocations(`s3://${bucketName}/`, isValidKey)
  }

  locate(key: string): string {
    return this.#locations.locate(key)
  }

  owns(location: string): boolean {
    return this.#locations.find(location) !== undefined
  }

  async put(key: string, data: Readable, signal?: AbortSignal): Promise<StoredData> {
    // Before the first `await`: an error event of the source without a listener would end the process.
    const ended = finished(data, {writable: false})
    ended.catch(() => {})
    signal?.throwIfAborted()
    if (!isValidKey(key)) throw new TypeError(`invalid key ${JSON.stringify(key)} for an object`)
    if (this.#arriving.has(key)) throw existsError(key)
    this.#arriving.add(key)
    try {
      if ((await this.#bucket.getSize(key)) !== undefined) throw existsError(key)
      const checksums = await this.#write(key, data, ended, signal)
      return {...checksums, location: this.locate(key)}
    } finally {
      this.#arriving.delete(key)
    }
  }

  async get(location: string, range?: ByteRange): Promise<DataStream> {
    const key = this.#locations.require(location)
    const {body, size} = await this.#bucket.open(key, range)
    const open = async (rest: ByteRange) => (await this.#bucket.open(key, rest)).body
    return {data: new ObjectReader(body, range ?? {first: 0, last: size - 1}, open), size}
  }

  async getSize(location: string): Promise<number> {
    const size = await this.#bucket.getSize(this.#locations.require(location))
    if (size === undefined) throw new StoreMissing('nothing found in S3')
    return size
  }

  async delete(location: string): Promise<boolean> {
    const key = this.#locations.require(location)
    const names = [key, key + JOINED_SUFFIX]
    let hadSome = false
    for (const name of names) {
      if ((await this.#bucket.getSize(name)) === undefined) continue
      await this.#bucket.delete(name)
      hadSome = true
    }
    // Its `put` ends the upload itself, once its request has ended.
    if (this.#arriving.has(key)) return hadSome
    for await (const uploads of this.#bucket.listUploads(key)) {
      for (const upload of uploads.filter(one => names.includes(one.key))) {
        if (await this.#bucket.abortUpload(upload.key, upload.uploadId)) hadSome = true
      }
    }
    return hadSome
  }

  sweep(findUnused: FindUnused): Promise<number> {
    const isArriving = (key: string) => this.#arriving.has(key)
    return sweepBucket(this.#bucket, {findUnused, isArriving})
  }

  async #write(
    key: string,
    data: Readable,
    ended: Promise<void>,
    signal: AbortSignal | undefined,
  ): Promise<Checksums> {
    const sink = new ObjectSink(this.#bucket, key, this.#sizes, this.#hashAlgo)
    try {
      await pipeToSink(data, ended, sink, signal)
      const checksums = await sink.checksums()
      await this.#requireSize(key, checksums.size)
      signal?.throwIfAborted()
      return checksums
    } catch (error) {
      // What cannot be removed now is left for `delete` and `sweep`.
      await sink.undo().catch(() => {})
      throw signal?.aborted ? signal.reason : error
    } finally {
      sink.release()
    }
  }

  /** S3 compares what arrives with the signature of the request, and answers with ETags that are not digests. */
  async #requireSize(key: string, size: number): Promise<void> {
    const stored = await this.#bucket.getSize(key)
    if (stored === size) return
    throw new StoreUnavailable(`S3 has stored ${stored ?? 0} of ${size} bytes`)
  }
}

function isValidKey(key: string): boolean {
  return key !== '' && !key.includes('/') && !key.endsWith(JOINED_SUFFIX)
}
