/** Hashes a part file from the disk while it is written out of order: what was just written is still in memory. */
import type {PartFile} from '../../data/part-file.js'
import {SlotRing} from '../../data/portions/slots.js'
import type {Verifier} from './verifier.js'

/** Takes the file in order as far as it is complete. */
export class FileFollower {
  readonly #part: PartFile
  readonly #verifier: Verifier
  readonly #ring = new SlotRing()
  #hashed = 0
  #end = 0
  #running: Promise<void> | undefined
  #isStopped = false

  constructor(part: PartFile, verifier: Verifier) {
    this.#part = part
    this.#verifier = verifier
  }

  /** Hashes in the background up to this offset. */
  advance(end: number): void {
    this.#end = Math.max(this.#end, end)
    if (this.#running || this.#verifier.algorithm === undefined) return
    this.#running = this.#run().then(() => {
      this.#running = undefined
    })
    this.#running.catch(() => {})
  }

  /** Waits until everything up to this offset is hashed. @throws the error of the disk or of the hash */
  async finish(end: number): Promise<void> {
    do {
      this.advance(end)
      await this.#running
    } while (this.#verifier.algorithm !== undefined && this.#hashed < end)
    this.#verifier.count(end)
  }

  /** Hashes no more. */
  async stop(): Promise<void> {
    this.#isStopped = true
    await this.#running?.catch(() => {})
  }

  async #run(): Promise<void> {
    while (this.#hashed < this.#end && !this.#isStopped) {
      const slot = await this.#ring.take()
      const length = await this.#part.readInto(slot.bytes.subarray(0, this.#end - this.#hashed), this.#hashed)
      this.#hashed += length
      const hashing = this.#verifier.updateShared(slot.bytes.subarray(0, length), () => slot.release())
      if (hashing) await hashing
    }
  }
}
