/** A stream into an object of S3 that counts and hashes the bytes. */
import {type TransformCallback, Writable} from 'node:stream'
import {Checksummer, type Checksums} from '../checksummer.js'
import type {HashAlgorithm} from '../store.js'
import type {S3Bucket} from './bucket.js'
import {ObjectUpload} from './object-upload.js'
import type {PartSizes} from './part-sizes.js'

const NOTHING = Buffer.alloc(0)

/** Added to a key: the object that is joined from parts, and copied. */
export const JOINED_SUFFIX = '.part'

/**
 * Holds two parts in memory: one that is sent, and the next one, which arrives. The owner must call `release` in the end,
 * and `undo` after a failure.
 */
export class ObjectSink extends Writable {
  readonly #bucket: S3Bucket
  readonly #sizes: PartSizes
  readonly #sums: Checksummer
  readonly #object: ObjectUpload
  #joined: ObjectUpload | undefined
  #number = 0
  #part = NOTHING
  #filled = 0
  /** Memory of a part that was sent. */
  #spare = NOTHING
  #sending: Promise<void> = Promise.resolve()

  /** @param hashAlgo algorithm of the second digest of the data */
  constructor(bucket: S3Bucket, key: string, sizes: PartSizes, hashAlgo: HashAlgorithm) {
    super({highWaterMark: 256 * 1024})
    this.#sums = new Checksummer(hashAlgo)
    this.#bucket = bucket
    this.#sizes = sizes
    this.#object = new ObjectUpload(bucket, key)
    this.#part = Buffer.allocUnsafe(sizes.getSize(0))
  }

  /** Size and digests of all data. Call it once, after the sink has finished. */
  checksums(): Promise<Checksums> {
    return this.#sums.checksums()
  }

  /** Frees the hashing thread. Call it once. */
  release(): void {
    this.#sums.release()
  }

  /** Deletes what was stored, after all requests have ended: a part that arrives after an abort would stay. */
  async undo(): Promise<void> {
    await this.#sending.catch(() => {})
    await this.#joined?.undo()
    await this.#object.undo()
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    const hashing = this.#sums.update(chunk)
    const room = this.#part.length - this.#filled
    if (hashing === undefined && chunk.length <= room) {
      this.#filled += chunk.copy(this.#part, this.#filled)
      done()
    } else Promise.all([hashing, this.#fill(chunk)]).then(() => done(), done)
  }

  override _final(done: TransformCallback): void {
    const before = this.#sending
    this.#sending = before.then(() => this.#end())
    this.#sending.then(() => done(), done)
  }

  async #fill(chunk: Buffer): Promise<void> {
    for (let rest = chunk; rest.length > 0; ) {
      // Only when there is more: data that fills exactly one part is one request.
      if (this.#filled === this.#part.length) await this.#startSending()
      const taken = rest.copy(this.#part, this.#filled)
      this.#filled += taken
      rest = rest.subarray(taken)
    }
  }

  /** Sends the part once the previous one was sent, and does not wait for it. */
  async #startSending(): Promise<void> {
    await this.#sending
    this.#requireGoingOn()
    const part = this.#part
    this.#number += 1
    const size = this.#sizes.getSize(this.#number)
    this.#part = this.#spare.length === size ? this.#spare : Buffer.allocUnsafe(size)
    this.#spare = part
    this.#filled = 0
    this.#sending = this.#send(part)
    this.#sending.catch(error => this.destroy(error))
  }

  async #send(part: Buffer): Promise<void> {
    if (this.#object.parts < this.#sizes.plainParts) return this.#object.add(part)
    this.#joined ??= new ObjectUpload(this.#bucket, this.#object.key + JOINED_SUFFIX)
    await this.#joined.add(part)
    if (this.#joined.parts >= this.#sizes.joinedParts) await this.#copyJoined(this.#joined, NOTHING)
  }

  async #end(): Promise<void> {
    this.#requireGoingOn()
    const last = this.#part.subarray(0, this.#filled)
    if (this.#joined === undefined) return this.#object.complete(last)
    await this.#copyJoined(this.#joined, last)
    await this.#object.complete(NOTHING)
  }

  /** Makes the joined parts one part of the object. */
  async #copyJoined(joined: ObjectUpload, last: Buffer): Promise<void> {
    await joined.complete(last)
    await this.#object.addCopy(joined.key)
    await this.#bucket.delete(joined.key)
    this.#joined = undefined
  }

  #requireGoingOn(): void {
    if (this.destroyed) throw new Error('the upload has ended already')
  }
}
