/** Digests of bytes that pass by, computed in threads of their own once there are many. */
import {createHash} from 'node:crypto'
import type {HashThreads} from './hash-threads.js'

/** Hexadecimal digests by the name of their algorithm. */
export type Digests = Readonly<Record<string, string>>

/** Bytes up to which the main thread is done before another one has started. */
const FEW = 8 * 1024 * 1024

/** Hashes chunks in their order. Must be ended by `digests` or by `cancel`. */
export class Digester {
  readonly #algorithms: readonly string[]
  #held: Uint8Array[] = []
  #heldSize = 0
  #threads: Promise<HashThreads> | undefined

  constructor(algorithms: readonly string[]) {
    this.#algorithms = algorithms
  }

  /** Takes a chunk, which must not change any more. When there is a promise, await it before the next one. */
  update(chunk: Uint8Array): Promise<void> | undefined {
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
    void this.#threads?.then(threads => threads.stop())
  }

  #fromHeld(): string[] {
    return this.#algorithms.map(name => {
      const hash = createHash(name)
      for (const chunk of this.#held) hash.update(chunk)
      return hash.digest('hex')
    })
  }

  async #pass(starting: Promise<HashThreads>, chunks: readonly Uint8Array[]): Promise<void> {
    const threads = await starting
    for (const chunk of chunks) await threads.take(chunk)
  }
}
