/** Size and digests of data on its way into a store. */
import {availableParallelism} from 'node:os'
import {Transform, type TransformCallback} from 'node:stream'
import {Digester, type Digests} from '../../lib/data/digest.js'
import type {HashAlgorithm, StoredData} from './store.js'

/** Checksummers that may hash in threads at a time. Further ones hash on the main thread, to bound the memory of many uploads. */
const MAX_THREADED = Math.floor(availableParallelism() / 2)

/** Size in bytes, and digests in hexadecimal. */
export type Checksums = Omit<StoredData, 'location'>

/** Counts and hashes chunks. The owner must call `release` in the end. */
export class Checksummer {
  static #threaded = 0
  readonly #isThreaded = Checksummer.#threaded < MAX_THREADED
  readonly #digester: Digester
  readonly #hashAlgo: HashAlgorithm
  #size = 0

  constructor(hashAlgo: HashAlgorithm) {
    this.#hashAlgo = hashAlgo
    this.#digester = new Digester(['md5', hashAlgo], undefined, this.#isThreaded)
    if (this.#isThreaded) Checksummer.#threaded += 1
  }

  /** Adds a chunk, which must not change any more. If it returns a promise, await it before the next chunk. */
  update(chunk: Buffer): Promise<void> | undefined {
    this.#size += chunk.length
    return this.#digester.update(chunk)
  }

  /** Size and digests of all chunks. Call it once, after the last chunk. */
  async checksums(): Promise<Checksums> {
    return {size: this.#size, ...toChecksums(await this.#digester.digests(), this.#hashAlgo)}
  }

  /** Frees the hashing thread. Call it once. */
  release(): void {
    this.#digester.cancel()
    if (this.#isThreaded) Checksummer.#threaded -= 1
  }
}

/** The checksums in what a digester has computed. */
export function toChecksums(digests: Digests, hashAlgo: HashAlgorithm): Omit<Checksums, 'size'> {
  const {md5: checksum = '', [hashAlgo]: hashValue = ''} = digests
  return {checksum, hashAlgo, hashValue}
}

/** Passes data on, and counts and hashes it on the way. */
export class ChecksumPipe extends Transform {
  readonly #sums: Checksummer

  constructor(sums: Checksummer) {
    super()
    this.#sums = sums
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    const hashing = this.#sums.update(chunk)
    if (hashing) hashing.then(() => done(null, chunk), done)
    else done(null, chunk)
  }
}
