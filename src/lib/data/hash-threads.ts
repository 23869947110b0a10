/** Hashes in one thread per algorithm; the threads share the bytes through slots of memory, and are kept for the next data. */
import {Worker} from 'node:worker_threads'

/** Input of a thread at its start. */
export type HashSlots = readonly SharedArrayBuffer[]

/** Messages to a thread: an algorithm at the start of data, the first bytes of a slot, or null at the end of data. */
export type HashMessage = string | {readonly slot: number; readonly length: number} | null

/** Bytes. Large enough that messages cost little compared with hashing. */
const SLOT_SIZE = 1024 * 1024

/** Bounds the bytes that wait for the slowest thread; beyond, the sender waits. */
const SLOT_COUNT = 16

/** Milliseconds for which threads are kept: a start costs as much processor time as 20 MiB of data. */
const KEPT_MS = 5000

/** Threads without data, which do not keep the process alive. One set is enough for uploads that follow each other. */
let idle: HashThreads | undefined

/** Hashes chunks in their order. Must be ended by `digests` or `stop`. */
export class HashThreads {
  readonly #slots: HashSlots
  readonly #threads: readonly HashThread[]
  readonly #freeSlots: number[]
  /** Number of threads that still read each slot. */
  readonly #readers: number[]
  #slot = 0
  #filled = 0
  #wake: () => void = () => {}
  #failure: Error | undefined
  #timer: NodeJS.Timeout | undefined

  private constructor(count: number) {
    this.#slots = Array.from({length: SLOT_COUNT}, () => new SharedArrayBuffer(SLOT_SIZE))
    this.#readers = this.#slots.map(() => 0)
    this.#freeSlots = this.#slots.map((_, slot) => slot)
    const onDone = (slot: number) => this.#release(slot)
    const onFailure = (error: Error) => this.#fail(error)
    this.#threads = Array.from({length: count}, () => new HashThread(this.#slots, onDone, onFailure))
  }

  /** Starts threads, or takes those that have finished with other data. */
  static start(algorithms: readonly string[]): HashThreads {
    const hasEnough = (kept: HashThreads) => kept.#threads.length === algorithms.length
    const threads = idle && hasEnough(idle) ? idle : new HashThreads(algorithms.length)
    if (threads === idle) idle = undefined
    threads.#begin(algorithms)
    return threads
  }

  /**
   * Copies the bytes of a chunk, which may then be reused. If it returns a promise, await it before the next chunk.
   * @throws the error of a thread
   */
  update(chunk: Uint8Array): Promise<void> | undefined {
    for (let rest = chunk; rest.length > 0; ) {
      const part = rest.subarray(0, SLOT_SIZE - this.#filled)
      new Uint8Array(this.#slots[this.#slot]!, this.#filled).set(part)
      this.#filled += part.length
      rest = rest.subarray(part.length)
      if (this.#filled < SLOT_SIZE) return undefined
      this.#passSlot()
      if (!this.#takeSlot()) return this.#updateLater(rest)
    }
    return undefined
  }

  /** Hexadecimal digests of all chunks, in the order of the algorithms. */
  async digests(): Promise<readonly string[]> {
    this.#passSlot()
    try {
      const digests = await Promise.all(this.#threads.map(thread => thread.finish()))
      this.#keep()
      return digests
    } catch (error) {
      this.stop()
      throw error
    }
  }

  /** Ends the threads without digests. */
  stop(): void {
    if (idle === this) idle = undefined
    clearTimeout(this.#timer)
    for (const thread of this.#threads) thread.stop()
  }

  #begin(algorithms: readonly string[]): void {
    clearTimeout(this.#timer)
    this.#takeSlot()
    for (const [index, thread] of this.#threads.entries()) thread.begin(algorithms[index] ?? '')
  }

  /** Keeps the threads for the next data. */
  #keep(): void {
    if (idle !== undefined) {
      this.stop()
      return
    }
    idle = this
    for (const thread of this.#threads) thread.rest()
    this.#timer = setTimeout(() => this.stop(), KEPT_MS).unref()
  }

  #passSlot(): void {
    this.#readers[this.#slot] = this.#threads.length
    for (const thread of this.#threads) thread.hash(this.#slot, this.#filled)
    this.#filled = 0
  }

  /** Takes a free slot. @returns false if there is none, or a thread has failed */
  #takeSlot(): boolean {
    const slot = this.#failure === undefined ? this.#freeSlots.pop() : undefined
    this.#slot = slot ?? this.#slot
    return slot !== undefined
  }

  async #updateLater(rest: Uint8Array): Promise<void> {
    do {
      if (this.#failure !== undefined) throw this.#failure
      await new Promise<void>(resolve => {
        this.#wake = resolve
      })
    } while (!this.#takeSlot())
    await this.update(rest)
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
    if (idle === this) this.stop()
  }
}

class HashThread {
  readonly #worker: Worker
  #digest: Promise<string> = Promise.resolve('')
  #resolve: (digest: string) => void = () => {}
  #reject: (error: Error) => void = () => {}

  constructor(slots: HashSlots, onDone: (slot: number) => void, onFailure: (error: Error) => void) {
    this.#worker = new Worker(new URL('./digest-worker.js', import.meta.url), {workerData: slots})
    this.#worker.on('error', error => {
      this.#reject(error)
      onFailure(error)
    })
    this.#worker.on('message', (message: number | string) => {
      if (typeof message === 'number') onDone(message)
      else this.#resolve(message)
    })
  }

  /** Starts a digest. */
  begin(algorithm: string): void {
    this.#worker.ref()
    this.#digest = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    this.#digest.catch(() => {})
    this.#post(algorithm)
  }

  hash(slot: number, length: number): void {
    this.#post({slot, length})
  }

  /** The digest in hexadecimal. */
  finish(): Promise<string> {
    this.#post(null)
    return this.#digest
  }

  /** Lets the process end although the thread waits. */
  rest(): void {
    this.#worker.unref()
  }

  stop(): void {
    void this.#worker.terminate()
  }

  #post(message: HashMessage): void {
    this.#worker.postMessage(message)
  }
}
