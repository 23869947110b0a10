/** The proof that what arrives is the image: its size and its digest. */
import type {Readable} from 'node:stream'
import {Digester, hashName} from '../io/digest.js'
import {Failure} from '../model/errors.js'
import type {Image} from '../model/image.js'

/** What the data must be, as the service tells it. */
interface Expected {
  readonly algorithm: string
  /** Hexadecimal, in lower case. */
  readonly digest: string
}

/**
 * Takes the bytes of an image in their order. The multihash of version 2 is proof enough where there is one; else it is
 * the MD5 checksum; and where there is neither, or nobody wants a digest, the size alone.
 */
export class Proof {
  readonly #image: Image
  readonly #expected: Expected | undefined
  readonly #digester: Digester | undefined
  #size = 0

  constructor(image: Image, verify: boolean) {
    this.#image = image
    this.#expected = verify ? expectedOf(image) : undefined
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
  take(chunk: Uint8Array): Promise<void> | undefined {
    this.#size += chunk.length
    const {size} = this.#image
    if (size !== null && this.#size > size) throw this.#unverified(`more than its ${size} bytes came`)
    return this.#digester?.update(chunk)
  }

  /** Counts bytes that need no digest. */
  skip(bytes: number): void {
    this.#size += bytes
  }

  /** Takes bytes that are on the disk. */
  async takeAll(data: Readable, onChunk: (bytes: number) => void): Promise<void> {
    for await (const chunk of data as AsyncIterable<Buffer>) {
      await this.take(chunk)
      onChunk(chunk.length)
    }
  }

  /** @throws Failure of kind `unverified` when it was not the image */
  async check(): Promise<void> {
    const {size} = this.#image
    if (size !== null && this.#size !== size) {
      throw this.#unverified(`it has ${size} bytes, ${this.#size} came`)
    }
    if (this.#expected === undefined || this.#digester === undefined) return
    const {algorithm, digest} = this.#expected
    const {[algorithm]: came} = await this.#digester.digests()
    if (came === digest) return
    throw this.#unverified(`its ${algorithm} is ${digest}, that of what came is ${came}`)
  }

  /** Nobody wants to know any more. */
  cancel(): void {
    this.#digester?.cancel()
  }

  #unverified(why: string): Failure {
    return new Failure('unverified', `what came is not the data of image ${this.#image.id}`, {why})
  }
}

function expectedOf({osHashAlgo, osHashValue, checksum}: Image): Expected | undefined {
  const algorithm = osHashAlgo ? hashName(osHashAlgo) : undefined
  if (algorithm !== undefined && osHashValue) return {algorithm, digest: osHashValue.toLowerCase()}
  return checksum ? {algorithm: 'md5', digest: checksum.toLowerCase()} : undefined
}
