/** Verifies downloaded data by its size and digest. */
import type {Readable} from 'node:stream'
import {Digester} from '../../data/digest.js'
import {type ReportedDigest, reportedDigests} from '../../data/hash-algorithm.js'
import {Failure} from '../../model/errors.js'
import type {Image} from '../../model/image.js'

/**
 * Takes the bytes of an image in order. Compares the multihash of version 2 or, without one, the MD5 checksum; the size
 * alone if there is neither, or verification is off.
 */
export class Verifier {
  readonly #image: Image
  readonly #expected: ReportedDigest | undefined
  readonly #digester: Digester | undefined
  #size = 0

  constructor(image: Image, verify: boolean) {
    this.#image = image
    this.#expected = verify ? reportedDigests(image).at(-1) : undefined
    this.#digester = this.#expected && new Digester([this.#expected.algorithm], image.size ?? undefined)
  }

  /** The digest to compare; undefined if only the size is compared. */
  get algorithm(): string | undefined {
    return this.#expected?.algorithm
  }

  /**
   * Counts bytes, before they are hashed.
   * @throws Failure as soon as there are more bytes than the image has
   */
  count(bytes: number): void {
    this.#size += bytes
    const {size} = this.#image
    if (size !== null && this.#size > size) throw this.#mismatch(`more than its ${size} bytes arrived`)
  }

  /** Hashes a chunk that was counted. A returned promise must be awaited before the next one. */
  update(chunk: Uint8Array): Promise<void> | undefined {
    return this.#digester?.update(chunk)
  }

  /** Hashes bytes in shared memory, which must not change before the callback. Otherwise as `update`. */
  updateShared(bytes: Uint8Array, onHashed: () => void): Promise<void> | undefined {
    if (this.#digester !== undefined) return this.#digester.updateShared(bytes, onHashed)
    onHashed()
    return undefined
  }

  /** Takes bytes from the disk. @param onChunk receives the size of each chunk */
  async updateFrom(data: Readable, onChunk: (bytes: number) => void): Promise<void> {
    for await (const chunk of data as AsyncIterable<Buffer>) {
      this.count(chunk.length)
      await this.update(chunk)
      onChunk(chunk.length)
    }
  }

  /** @throws Failure of kind `unverified` if the data does not match the image */
  async check(): Promise<void> {
    const {size} = this.#image
    if (size !== null && this.#size !== size) {
      throw this.#mismatch(`it has ${size} bytes, ${this.#size} arrived`)
    }
    if (this.#expected === undefined || this.#digester === undefined) return
    const {name, algorithm, digest} = this.#expected
    const {[algorithm]: actual} = await this.#digester.digests()
    if (actual === digest) return
    throw this.#mismatch(`its ${name} is ${digest}, that of the downloaded data is ${actual}`)
  }

  /** Stops hashing. */
  cancel(): void {
    this.#digester?.cancel()
  }

  #mismatch(why: string): Failure {
    return new Failure('unverified', `the downloaded data does not match image ${this.#image.id}`, {why})
  }
}
