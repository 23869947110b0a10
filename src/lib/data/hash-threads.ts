/** Hashes in one thread per algorithm; the threads share the bytes through slots of memory. */
import {Worker} from 'node:worker_threads'

/** Input of a thread at its start. */
export interface HashTask {
  readonly algorithm: string
  readonly slots: readonly SharedArrayBuffer[]
}

/** The first bytes of a slot. */
export interface SlotRange {
  readonly slot: number
  readonly length: number
}

/** Bytes. Large enough that messages cost little compared with hashing. */
const SLOT_SIZE = 1024 * 1024

/** Bounds the bytes that wait for the slowest thread; beyond, the sender waits. */
const SLOT_COUNT = 16

/** Hashes chunks in their order. Must be ended by `digests` or `stop`. */
export class HashThreads {
  readonly #slots: readonly SharedArrayBuffer[]
  readonly #threads: readonly HashThread[]
  readonly #freeSlots: number[] = []
  /** Number of threads that still read each slot. */
  readonly #readers: number[]
  #slot = 0
  #filled = 0
  #wake: () => void = () => {}
  #failure: Error | undefined

  constructor(algorithms: readonly string[]) {
    this.#slots = Array.from({length: SLOT_COUNT}, () => new SharedArrayBuffer(SLOT_SIZE))
    this.#readers = this.#slots.map(() => 0)
    this.#freeSlots = this.#slots.map((_, slot) => slot).slice(1)
    this.#threads = algorithms.map(algorithm => {
      const thread = new HashThread({algorithm, slots: this.#slots}, slot => this.#release(slot))
      thread.digest.catch(error => this.#fail(error))
      return thread
    })
  }

  /**
   * Copies the bytes of a chunk, which may then be reused. One call at a time.
   * @throws the error of a thread
   */
  async update(chunk: Uint8Array): Promise<void> {
    for (let start = 0; start < chunk.length; ) {
      const part = chunk.subarray(start, start + SLOT_SIZE - this.#filled)
      new Uint8Array(this.#slots[this.#slot]!, this.#filled).set(part)
      this.#filled += part.length
      start += part.length
      if (this.#filled === SLOT_SIZE) await this.#nextSlot()
    }
  }

  /** Hexadecimal digests of all chunks, in the order of the algorithms. */
  digests(): Promise<readonly string[]> {
    this.#passSlot()
    for (const thread of this.#threads) thread.finish()
    return Promise.all(this.#threads.map(thread => thread.digest))
  }

  /** Ends the threads without digests. */
  stop(): void {
    for (const thread of this.#threads) thread.stop()
  }

  #passSlot(): void {
    this.#readers[this.#slot] = this.#threads.length
    for (const thread of this.#threads) thread.hash({slot: this.#slot, length: this.#filled})
    this.#filled = 0
  }

  /** Passes the full slot to the threads, and waits for a free one. */
  async #nextSlot(): Promise<void> {
    this.#passSlot()
    while (this.#freeSlots.length === 0 && this.#failure === undefined) {
      await new Promise<void>(resolve => {
        this.#wake = resolve
      })
    }
    if (this.#failure !== undefined) throw this.#failure
    this.#slot = this.#freeSlots.pop() ?? 0
  }

  #release(slot: number): void {
    const readers = (this.#readers[slot] ?? 0) - 1
    this.#readers[slot] = readers
    if (readers > 0) return
    this.#freeSlots.push(slot)
    this.#wake()
  }

  #fail(error: Error): void {
    this.#failure = error
    this.#wake()
  }
}

class HashThread {
  readonly digest: Promise<string>
  readonly #worker: Worker

  constructor(task: HashTask, onDone: (slot: number) => void) {
    const worker = new Worker(new URL('./digest-worker.js', import.meta.url), {workerData: task})
    this.#worker = worker
    this.digest = new Promise((resolve, reject) => {
      worker.on('error', reject)
      worker.on('message', (message: number | string) => {
        if (typeof message === 'number') onDone(message)
        else resolve(message)
      })
    })
  }

  hash(range: SlotRange): void {
    this.#worker.postMessage(range)
  }

  finish(): void {
    this.#worker.postMessage(null)
  }

  stop(): void {
    void this.#worker.terminate()
  }
}
