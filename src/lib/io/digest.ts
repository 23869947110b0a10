/** Digests of bytes that pass by, computed in threads of their own once there are many. */
import {createHash, getHashes, type Hash} from 'node:crypto'
import type {HashThreads} from './hash-threads.js'

/** Hexadecimal digests by the name of their algorithm. */
export type Digests = Readonly<Record<string, string>>

const MIB = 1024 * 1024

/** Bytes that are kept until it is clear whether more come: fewer are not worth a thread. */
const FEW = 8 * MIB

/** Bytes, counted once for each algorithm, that are hashed sooner here than other threads would start and do it. */
const NOT_MANY = 128 * MIB

/** Hashes chunks in their order. Must be ended by `digests` or by `cancel`. */
export class Digester {
  readonly #algorithms: readonly string[]
  readonly #here: readonly Hash[] | undefined
  #held: Uint8Array[] = []
  #heldSize = 0
  #threads: Promise<HashThreads> | undefined

  /**
   * @param size bytes that will come, where that is known
   * @param mayStartThreads else all is hashed where it arrives
   */
  constructor(algorithms: readonly string[], size = Number.POSITIVE_INFINITY, mayStartThreads = true) {
    this.#algorithms = algorithms
    const isLittle = size * algorithms.length <= NOT_MANY
    if (isLittle || !mayStartThreads) this.#here = algorithms.map(name => createHash(name))
  }

  /** Takes a chunk, which must not change any more. When there is a promise, await it before the next one. */
  update(chunk: Uint8Array): Promise<void> | undefined {
    if (this.#here !== undefined) {
      for (const hash of this.#here) hash.update(chunk)
      return undefined
    }
    if (this.#threads !== undefined) return this.#pass(this.#threads, [chunk])
    this.#held.push(chunk)
    this.#heldSize += chunk.length
    if (this.#heldSize <= FEW) return undefined
    const held = this.#held
    this.#held = []
    this.#threads = import('./hash-threads.js').then(({HashThreads}) => new HashThreads(this.#algorithms))
    return this.#pass(this.#threads, held)
  }

  /** Call once, after the last chunk. */
  async digests(): Promise<Digests> {
    const digests = this.#threads ? await (await this.#threads).digests() : this.#fromHeld()
    return Object.fromEntries(this.#algorithms.map((name, index) => [name, digests[index] ?? '']))
  }

  /** Nobody wants the digests any more. */
  cancel(): void {
    this.#held = []
    this.#threads?.then(threads => threads.stop()).catch(() => {})
  }

  #fromHeld(): string[] {
    const hashes = this.#here ?? this.#algorithms.map(name => createHash(name))
    return hashes.map(hash => {
      for (const chunk of this.#held) hash.update(chunk)
      return hash.digest('hex')
    })
  }

  async #pass(starting: Promise<HashThreads>, chunks: readonly Uint8Array[]): Promise<void> {
    const threads = await starting
    for (const chunk of chunks) await threads.take(chunk)
  }
}

/** What the runtime calls an algorithm that services name as Python does (`sha3_512`, `blake2b`); undefined for one it lacks. */
export function hashName(name: string): string | undefined {
  const spelt = name.toLowerCase().replaceAll('_', '-')
  return getHashes().find(known => known.toLowerCase() === spelt || known === `${spelt}512`)
}
