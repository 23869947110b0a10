/** Hashes in one thread per algorithm; the threads share the memory of the bytes, and are kept for the next data. */
import {Worker} from 'node:worker_threads'
import {type Slot, SlotRing} from './portions/slots.js'

/** Messages to a thread: an algorithm at the start of data, bytes in shared memory, or null at the end of data. */
export type HashMessage = string | Uint8Array | null

/** What a thread reports: a number of portions that are hashed, or the digest of the data. */
export type HashReport = number | string

/** Milliseconds for which threads are kept: a start costs as much processor time as 20 MiB of data. */
const KEPT_MS = 5000

/** Threads without data, which do not keep the process alive. One set is enough for uploads that follow each other. */
let idle: HashThreads | undefined

/** Hashes chunks in their order. Must be ended by `digests` or `stop`. */
export class HashThreads {
  readonly #threads: readonly HashThread[]
  /** Memory for chunks that are not in shared memory, which are gathered in `#slot`. */
  readonly #ring = new SlotRing()
  #slot: Slot | undefined
  #filled = 0
  #failure: Error | undefined
  #timer: NodeJS.Timeout | undefined

  private constructor(count: number) {
    const onFailure = (error: Error) => {
      this.#failure = error
      if (idle === this) this.stop()
    }
    this.#threads = Array.from({length: count}, () => new HashThread(onFailure))
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
   * The promise is rejected with the error of a thread.
   */
  update(chunk: Uint8Array): Promise<void> | undefined {
    if (this.#failure !== undefined) return Promise.reject(this.#failure)
    for (let rest = chunk; rest.length > 0; ) {
      const slot = this.#slot ?? this.#ring.take()
      if (slot instanceof Promise) return this.#updateLater(slot, rest)
      this.#slot = slot
      const part = rest.subarray(0, slot.bytes.length - this.#filled)
      slot.bytes.set(part, this.#filled)
      this.#filled += part.length
      rest = rest.subarray(part.length)
      if (this.#filled === slot.bytes.length) this.#passSlot()
    }
    return undefined
  }

  /**
   * Hashes bytes in shared memory, which must not change before the callback. The promise is rejected with the error of a
   * thread.
   */
  updateShared(bytes: Uint8Array, onHashed: () => void): Promise<void> | undefined {
    this.#passSlot()
    let running = this.#threads.length
    const onDone = () => {
      running -= 1
      if (running === 0) onHashed()
    }
    for (const thread of this.#threads) thread.hash(bytes, onDone)
    return this.#failure && Promise.reject(this.#failure)
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

  /** Passes what was gathered to the threads. */
  #passSlot(): void {
    const slot = this.#slot
    if (slot === undefined) return
    const bytes = slot.bytes.subarray(0, this.#filled)
    this.#slot = undefined
    this.#filled = 0
    void this.updateShared(bytes, () => slot.release())?.catch(() => {})
  }

  async #updateLater(taking: Promise<Slot>, rest: Uint8Array): Promise<void> {
    this.#slot = await taking
    await this.update(rest)
  }
}

class HashThread {
  readonly #worker: Worker
  /** The callbacks of the bytes that were not hashed yet. */
  #onHashed: (() => void)[] = []
  #hasFailed = false
  #digest: Promise<string> = Promise.resolve('')
  #resolve: (digest: string) => void = () => {}
  #reject: (error: Error) => void = () => {}

  constructor(onFailure: (error: Error) => void) {
    this.#worker = new Worker(new URL('./digest-worker.js', import.meta.url))
    this.#worker.on('error', error => {
      this.#hasFailed = true
      this.#reject(error)
      onFailure(error)
      for (const callback of this.#onHashed.splice(0)) callback()
    })
    this.#worker.on('message', (report: HashReport) => {
      if (typeof report === 'string') this.#resolve(report)
      else for (const callback of this.#onHashed.splice(0, report)) callback()
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

  /** @param onHashed called also if the thread has failed */
  hash(bytes: Uint8Array, onHashed: () => void): void {
    if (this.#hasFailed) {
      onHashed()
      return
    }
    this.#onHashed.push(onHashed)
    this.#post(bytes)
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
