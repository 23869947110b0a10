/** One object on its way to S3: in one request, or in parts. */
import type {S3Bucket} from './bucket.js'

/** Parts that an object can have. */
const MAX_PARTS = 10_000

/** Writes an object; one request at a time. */
export class ObjectUpload {
  readonly #bucket: S3Bucket
  /** Name of the object. */
  readonly key: string
  readonly #etags: string[] = []
  #uploadId: string | undefined
  #isEnding = false

  constructor(bucket: S3Bucket, key: string) {
    this.#bucket = bucket
    this.key = key
  }

  /** Number of the parts so far. */
  get parts(): number {
    return this.#etags.length
  }

  /** Adds a part; all but the last need at least 5 MiB. @throws an error of code EFBIG when there are 10,000 */
  async add(bytes: Buffer): Promise<void> {
    await this.#addPart(address => this.#bucket.putPart(address, bytes))
  }

  /** Adds a copy of another object as a part. @throws as `add` */
  async addCopy(source: string): Promise<void> {
    await this.#addPart(address => this.#bucket.copyPart(address, source))
  }

  /** Ends the object with further bytes, which may be none. */
  async complete(last: Buffer): Promise<void> {
    if (this.#uploadId !== undefined && last.length > 0) await this.add(last)
    this.#isEnding = true
    if (this.#uploadId === undefined) await this.#bucket.put(this.key, last)
    else await this.#bucket.completeUpload(this.key, this.#uploadId, this.#etags)
  }

  /** Deletes what was written. Call it after all other calls have ended. */
  async undo(): Promise<void> {
    if (this.#uploadId !== undefined) await this.#bucket.abortUpload(this.key, this.#uploadId)
    if (this.#isEnding) await this.#bucket.delete(this.key)
  }

  async #addPart(send: (address: {key: string; uploadId: string; number: number}) => Promise<string>) {
    const number = this.parts + 1
    if (number > MAX_PARTS) throw Object.assign(new Error('EFBIG: too many parts'), {code: 'EFBIG'})
    this.#uploadId ??= await this.#bucket.startUpload(this.key)
    this.#etags.push(await send({key: this.key, uploadId: this.#uploadId, number}))
  }
}
