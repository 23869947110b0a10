/** The proof that what arrives is the image: its size and its digest. */
import type {Readable} from 'node:stream'
import {Digester, toHashName} from '../../data/digest.js'
import {Failure} from '../../model/errors.js'
import type {Image} from '../../model/image.js'

/** What the data must be, as the service tells it. */
interface ExpectedDigest {
  readonly algorithm: string
  /** Hexadecimal, in lower case. */
  readonly digest: string
}

/**
 * Takes the bytes of an image in their order. The multihash of version 2 is proof enough where there is one; else it is
 * the MD5 checksum; and where there is neither, or nobody wants a digest, the size alone.
 */
export class Verifier {
  readonly #image: Image
  readonly #expected: ExpectedDigest | undefined
  readonly #digester: Digester | undefined
  #size = 0

  constructor(image: Image, verify: boolean) {
    this.#image = image
    this.#expected = verify ? findExpectedDigest(image) : undefined
    this.#digester = this.#expected && new Digester([this.#expected.algorithm], image.size ?? undefined)
  }

  /** What is compared beside the size; undefined when nothing is. */
  get algorithm(): string | undefined {
    return this.#expected?.algorithm
  }

  /**
   * Takes a chunk. When there is a promise, await it before the next one.
   * @throws Failure at once when there is more than the image has
   */
  update(chunk: Uint8Array): Promise<void> | undefined {
    this.#size += chunk.length
    const {size} = this.#image
    if (size !== null && this.#size > size) throw this.#mismatch(`more than its ${size} bytes came`)
    return this.#digester?.update(chunk)
  }

  /** Counts bytes that need no digest. */
  skip(bytes: number): void {
    this.#size += bytes
  }

  /** Takes bytes that are on the disk. */
  async updateFrom(data: Readable, onChunk: (bytes: number) => void): Promise<void> {
    for await (const chunk of data as AsyncIterable<Buffer>) {
      await this.update(chunk)
      onChunk(chunk.length)
    }
  }

  /** @throws Failure of kind `unverified` when it was not the image */
  async check(): Promise<void> {
    const {size} = this.#image
    if (size !== null && this.#size !== size) {
      throw this.#mismatch(`it has ${size} bytes, ${this.#size} came`)
    }
    if (this.#expected === undefined || this.#digester === undefined) return
    const {algorithm, digest} = this.#expected
    const {[algorithm]: actual} = await this.#digester.digests()
    if (actual === digest) return
    throw this.#mismatch(`its ${algorithm} is ${digest}, that of what came is ${actual}`)
  }

  /** Nobody wants to know any more. */
  cancel(): void {
    this.#digester?.cancel()
  }

  #mismatch(why: string): Failure {
    return new Failure('unverified', `what came is not the data of image ${this.#image.id}`, {why})
  }
}

function findExpectedDigest({osHashAlgo, osHashValue, checksum}: Image): ExpectedDigest | undefined {
  const algorithm = osHashAlgo ? toHashName(osHashAlgo) : undefined
  if (algorithm !== undefined && osHashValue) return {algorithm, digest: osHashValue.toLowerCase()}
  return checksum ? {algorithm: 'md5', digest: checksum.toLowerCase()} : undefined
}
