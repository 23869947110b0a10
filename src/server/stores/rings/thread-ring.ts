/** A ring whose slots are shared with two threads, one for each digest; both are kept for the next data. */
import {createHash} from 'node:crypto'
import {availableParallelism} from 'node:os'
import {Worker} from 'node:worker_threads'
import type {Ring, RingDigests} from './ring.js'

/** Memory that the threads share with the sender. */
export interface SharedRing {
  readonly slots: readonly SharedArrayBuffer[]
  /** The numbers at the places of `PLACE`, and from `PLACE.lengths` on the lengths of what was passed. */
  readonly numbers: Int32Array
}

/** Input of a thread at its start. */
export interface RingThreadData extends SharedRing {
  readonly algorithm: string
  /** Place of the number of slots that this thread has hashed. */
  readonly place: number
}

/** What a thread reports: its digest at the end of data, or undefined once slots are free that were awaited. */
export type RingReport = string | undefined

/** Places of shared numbers: slots passed, slots to be hashed before the sender is woken (0 for none), slots hashed. */
export const PLACE = {passed: 0, awaited: 1, md5: 2, sha512: 3, lengths: 4} as const

/** Lengths that are kept: more than slots, because the end of data has a length as well. */
export const LENGTH_COUNT = 32

/** In place of a length: the data has ended. */
export const END = -1

/** Bytes. */
const SLOT_SIZE = 1024 * 1024
const SLOT_COUNT = 16
/** Slots that are filled before the threads start: less data is hashed faster than threads start. */
const SLOTS_WITHOUT_THREADS = 8
/** Slots that are free when a sender is woken that found none: waking it for each slot would cost more. */
const FREE_AT_WAKING = 4
/** Rings in use at a time, to bound the memory and the threads of many uploads. */
const MAX_RINGS = Math.max(1, Math.floor(availableParallelism() / 2))
/** Milliseconds for which threads are kept: a start costs as much processor time as 20 MiB of data. */
const KEPT_MS = 5000

/** Hashes in threads that wait for slots without an event loop, so that a slot costs no message. */
export class ThreadRing implements Ring {
  static #used = 0
  static #idle: ThreadRing | undefined

  onFree: () => void = () => {}
  readonly #slots = Array.from({length: SLOT_COUNT}, () => new SharedArrayBuffer(SLOT_SIZE))
  readonly #numbers = new Int32Array(new SharedArrayBuffer(4 * (PLACE.lengths + LENGTH_COUNT)))
  #threads: readonly RingThread[] = []
  /** Slots passed before the data began, and until now; ends of data count as slots. */
  #before = 0
  #passed = 0
  #released = 0
  #failure: Error | undefined
  #timer: NodeJS.Timeout | undefined

  /** Takes a ring that has finished with other data, or a new one; undefined when too many are in use. */
  static acquire(): ThreadRing | undefined {
    if (ThreadRing.#used >= MAX_RINGS) return undefined
    const ring = ThreadRing.#idle ?? new ThreadRing()
    ThreadRing.#idle = undefined
    ThreadRing.#used += 1
    ring.#begin()
    return ring
  }

  take(): Uint8Array | undefined {
    if (this.#failure) throw this.#failure
    if (!this.#isFull()) return new Uint8Array(this.#slots[this.#passed % SLOT_COUNT]!)
    const awaited = this.#passed - SLOT_COUNT + FREE_AT_WAKING
    Atomics.store(this.#numbers, PLACE.awaited, awaited)
    // The threads may have hashed them meanwhile; then the file is what is waited for, which calls `release`.
    if (this.#countHashed() >= awaited) Atomics.store(this.#numbers, PLACE.awaited, 0)
    return this.#isFull() ? undefined : this.take()
  }

  pass(length: number): void {
    this.#numbers[PLACE.lengths + (this.#passed % LENGTH_COUNT)] = length
    this.#passed += 1
    Atomics.store(this.#numbers, PLACE.passed, this.#passed)
    Atomics.notify(this.#numbers, PLACE.passed)
    const isMuch = this.#passed - this.#before >= SLOTS_WITHOUT_THREADS
    if (isMuch && this.#threads.length === 0) {
      this.#threads = [this.#startThread('md5'), this.#startThread('sha512')]
    }
  }

  release(): void {
    this.#released += 1
    this.onFree()
  }

  async digests(): Promise<RingDigests> {
    try {
      return this.#threads.length > 0 ? await this.#endThreads() : this.#hashHere()
    } catch (error) {
      this.#failure = error as Error
      throw error
    } finally {
      this.#end(true)
    }
  }

  stop(): void {
    this.#end(false)
  }

  #begin(): void {
    clearTimeout(this.#timer)
    this.#before = this.#passed
    for (const {worker} of this.#threads) worker.ref()
  }

  #end(isReusable: boolean): void {
    this.onFree = () => {}
    ThreadRing.#used -= 1
    if (isReusable && !this.#failure && !ThreadRing.#idle) this.#keep()
    else this.#terminate()
  }

  #keep(): void {
    ThreadRing.#idle = this
    for (const {worker} of this.#threads) worker.unref()
    this.#timer = setTimeout(() => this.#terminate(), KEPT_MS).unref()
  }

  #terminate(): void {
    if (ThreadRing.#idle === this) ThreadRing.#idle = undefined
    clearTimeout(this.#timer)
    for (const {worker} of this.#threads) void worker.terminate()
  }

  #countHashed(): number {
    const [md5, sha512] = [PLACE.md5, PLACE.sha512].map(place => Atomics.load(this.#numbers, place))
    return Math.min(md5!, sha512!)
  }

  #isFull(): boolean {
    return this.#passed - Math.min(this.#released, this.#countHashed()) >= SLOT_COUNT
  }

  async #endThreads(): Promise<RingDigests> {
    if (this.#failure) throw this.#failure
    const digests = Promise.all(this.#threads.map(thread => thread.receiveDigest()))
    this.pass(END)
    this.#released += 1
    const [md5 = '', sha512 = ''] = await digests
    return {md5, sha512}
  }

  /** Hashes data that was too short for threads. */
  #hashHere(): RingDigests {
    const [md5, sha512] = [createHash('md5'), createHash('sha512')]
    for (let n = this.#before; n < this.#passed; n++) {
      const length = this.#numbers[PLACE.lengths + (n % LENGTH_COUNT)]
      const bytes = new Uint8Array(this.#slots[n % SLOT_COUNT]!, 0, length)
      for (const hash of [md5, sha512]) hash.update(bytes)
    }
    for (const place of [PLACE.md5, PLACE.sha512]) Atomics.store(this.#numbers, place, this.#passed)
    return {md5: md5.digest('hex'), sha512: sha512.digest('hex')}
  }

  #startThread(algorithm: 'md5' | 'sha512'): RingThread {
    const data = {slots: this.#slots, numbers: this.#numbers, algorithm, place: PLACE[algorithm]}
    const onFailure = (error: Error) => {
      this.#failure = error
      this.onFree()
      if (ThreadRing.#idle === this) this.#terminate()
    }
    return new RingThread(data, () => this.onFree(), onFailure)
  }
}

class RingThread {
  readonly worker: Worker
  #resolve: (digest: string) => void = () => {}
  #reject: (error: Error) => void = () => {}

  constructor(workerData: RingThreadData, onFree: () => void, onFailure: (error: Error) => void) {
    this.worker = new Worker(new URL('./ring-thread.js', import.meta.url), {workerData})
    this.worker.on('message', (report: RingReport) => {
      if (report === undefined) onFree()
      else this.#resolve(report)
    })
    this.worker.on('error', error => {
      this.#reject(error)
      onFailure(error)
    })
  }

  /** The digest at the end of the data. */
  receiveDigest(): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
  }
}
