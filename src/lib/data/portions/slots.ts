/** Memory for passing bytes, which is used again: fresh memory costs more than a copy of the bytes. */

/** Bytes. Large enough that a read, a write and a message cost little compared with the bytes. */
const SLOT_BYTES = 1024 * 1024

/** Bounds the bytes that wait for the slowest user; beyond, the source waits. */
const SLOT_COUNT = 16

/** A piece of memory that threads can read. It is free when all users have released it. */
export class Slot {
  readonly bytes: Buffer
  readonly #onFree: (slot: Slot) => void
  #users = 0

  constructor(size: number, onFree: (slot: Slot) => void) {
    this.bytes = Buffer.from(new SharedArrayBuffer(size))
    this.#onFree = onFree
  }

  /** Adds a user, who must call `release` once. */
  retain(): this {
    this.#users += 1
    return this
  }

  release(): void {
    this.#users -= 1
    if (this.#users === 0) this.#onFree(this)
  }
}

/** The slots of one transfer. */
export class SlotRing {
  /** Called when a slot is free again. */
  onFree: () => void = () => {}
  readonly #size: number
  readonly #maxCount: number
  /** The last one used comes first: its bytes may still be in the cache of the processor. */
  readonly #free: Slot[] = []
  #count = 0
  #wake: () => void = () => {}

  /** @param size bytes of a slot */
  constructor(size = SLOT_BYTES, maxCount = SLOT_COUNT) {
    this.#size = size
    this.#maxCount = maxCount
  }

  /** A slot, retained once; if all are in use, a promise of the next that is released. One call at a time. */
  take(): Slot | Promise<Slot> {
    return this.takeFree() ?? this.#takeLater()
  }

  /** A slot, retained once; undefined if all are in use. */
  takeFree(): Slot | undefined {
    const slot = this.#free.pop() ?? this.#create()
    return slot?.retain()
  }

  #create(): Slot | undefined {
    if (this.#count === this.#maxCount) return undefined
    this.#count += 1
    return new Slot(this.#size, slot => {
      this.#free.push(slot)
      this.#wake()
      this.onFree()
    })
  }

  async #takeLater(): Promise<Slot> {
    await new Promise<void>(resolve => {
      this.#wake = resolve
    })
    return this.take()
  }
}
