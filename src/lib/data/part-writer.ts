/** Writes portions to a part file in order, while the next ones arrive. */
import type {PartFile} from './part-file.js'
import type {Slot} from './portions/slots.js'

/** Writes that may wait for each other: bounds the memory of a writer with a slow disk. */
const MAX_PENDING = 4

/** `flush` it at the end. */
export class PartWriter {
  readonly #part: PartFile
  readonly #onWritten: () => void
  #end: number
  #written: number
  #pending = 0
  #writing: Promise<void> = Promise.resolve()

  /**
   * @param position offset of the first portion in bytes
   * @param onWritten called after each portion
   */
  constructor(part: PartFile, position: number, onWritten: () => void = () => {}) {
    this.#part = part
    this.#end = position
    this.#written = position
    this.#onWritten = onWritten
  }

  /** Offset in bytes up to which the file is complete. */
  get written(): number {
    return this.#written
  }

  /**
   * Writes the bytes of a slot, and retains it until then. If it returns a promise, await it before the next one.
   * @throws Failure of kind failed when this or an earlier portion cannot be written
   */
  write(bytes: Uint8Array, slot: Slot): Promise<void> | undefined {
    const position = this.#end
    slot.retain()
    this.#end += bytes.length
    this.#pending += 1
    this.#writing = this.#writing
      .then(() => this.#part.write([bytes], position))
      .then(() => {
        this.#written += bytes.length
        this.#onWritten()
      })
      .finally(() => {
        this.#pending -= 1
        slot.release()
      })
    this.#writing.catch(() => {})
    return this.#pending < MAX_PENDING ? undefined : this.#writing
  }

  /**
   * Waits until everything is written.
   * @throws Failure of kind failed when a portion cannot be written
   */
  async flush(): Promise<void> {
    await this.#writing
  }
}
