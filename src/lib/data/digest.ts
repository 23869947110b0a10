/** Computes digests of passing bytes, in separate threads if there are many. */
import type {Hash} from 'node:crypto'
import {createHasher} from './hash-algorithm.js'
import type {HashThreads} from './hash-threads.js'

/** Hexadecimal digests by the name of their algorithm. */
export type Digests = Readonly<Record<string, string>>

const MIB = 1024 * 1024

/** Bytes that are buffered before threads start: fewer are not worth a thread. */
const MIN_BYTES_FOR_THREADS = 8 * MIB

/** Bytes, counted once per algorithm, that are hashed faster here than in threads, which have to start first. */
const MAX_BYTES_WITHOUT_THREADS = 128 * MIB

/** Hashes chunks in their order. Must be ended by `digests` or by `cancel`. */
export class Digester {
  readonly #algorithms: readonly string[]
  readonly #hashes: readonly Hash[] | undefined
  readonly #buffered: Uint8Array[] = []
  #bufferedSize = 0
  #starting: Promise<HashThreads> | undefined
  #threads: HashThreads | undefined

  /**
   * @param algorithms as `createHasher` takes them
   * @param size bytes that will come, if known
   * @param mayStartThreads false hashes everything in this thread
   */
  constructor(algorithms: readonly string[], size = Number.POSITIVE_INFINITY, mayStartThreads = true) {
    this.#algorithms = algorithms
    const isSmall = size * algorithms.length <= MAX_BYTES_WITHOUT_THREADS
    if (isSmall || !mayStartThreads) this.#hashes = algorithms.map(createHasher)
    else if (size !== Number.POSITIVE_INFINITY) this.#start()
  }

  /** True if many bytes will be hashed in threads. */
  get isThreaded(): boolean {
    return this.#hashes === undefined
  }

  /** Adds a chunk, which must not change any more. If it returns a promise, await it before the next chunk. */
  update(chunk: Uint8Array): Promise<void> | undefined {
    if (this.#hashes !== undefined) {
      for (const hash of this.#hashes) hash.update(chunk)
      return undefined
    }
    if (this.#threads !== undefined) return this.#threads.update(chunk)
    if (this.#starting !== undefined) return this.#starting.then(threads => threads.update(chunk))
    this.#buffered.push(chunk)
    this.#bufferedSize += chunk.length
    return this.#bufferedSize > MIN_BYTES_FOR_THREADS ? this.#start().then(() => {}) : undefined
  }

  /**
   * Adds bytes in shared memory, which must not change before the callback. The next ones may be added at once; a promise
   * is rejected with the error of a thread.
   */
  updateShared(bytes: Uint8Array, onHashed: () => void): Promise<void> | undefined {
    if (this.#threads !== undefined) return this.#threads.updateShared(bytes, onHashed)
    if (this.#starting !== undefined)
      return this.#starting.then(threads => threads.updateShared(bytes, onHashed))
    const pause = this.update(this.#hashes === undefined ? Buffer.from(bytes) : bytes)
    onHashed()
    return pause
  }

  /** The digests of all chunks. Call it once, after the last chunk. */
  async digests(): Promise<Digests> {
    const starting = this.#starting
    this.#starting = undefined
    const threads = await starting
    const digests = threads ? await threads.digests() : this.#hashBuffered()
    return Object.fromEntries(this.#algorithms.map((name, index) => [name, digests[index] ?? '']))
  }

  /** Stops without digests; does nothing after `digests`. */
  cancel(): void {
    this.#buffered.length = 0
    this.#starting?.then(threads => threads.stop()).catch(() => {})
  }

  #hashBuffered(): string[] {
    const hashes = this.#hashes ?? this.#algorithms.map(createHasher)
    return hashes.map(hash => {
      for (const chunk of this.#buffered) hash.update(chunk)
      return hash.digest('hex')
    })
  }

  #start(): Promise<HashThreads> {
    const starting = this.#startThreads()
    // Reported when it is used.
    starting.catch(() => {})
    this.#starting = starting
    return starting
  }

  async #startThreads(): Promise<HashThreads> {
    const {HashThreads} = await import('./hash-threads.js')
    const threads = HashThreads.start(this.#algorithms)
    for (const chunk of this.#buffered.splice(0)) await threads.update(chunk)
    this.#threads = threads
    return threads
  }
}
