/** Writes chunks to a part file in order and in larger portions, while the next chunks arrive. */
import type {PartFile} from './part-file.js'

/** Bytes written together. One portion may be in flight while the next is collected. */
const WRITE_BYTES = 1024 * 1024

/** A buffered writer; `flush` it at the end. */
export class PartWriter {
  readonly #part: PartFile
  #written: number
  #buffered: Uint8Array[] = []
  #bufferedSize = 0
  #writing: Promise<void> = Promise.resolve()

  /** @param position offset of the first chunk in bytes */
  constructor(part: PartFile, position: number) {
    this.#part = part
    this.#written = position
  }

  /** Offset in bytes up to which the file is complete. */
  get written(): number {
    return this.#written
  }

  /**
   * Adds a chunk, which must not change any more. If it returns a promise, await it before the next chunk.
   * @throws Failure of kind failed when this or an earlier chunk cannot be written
   */
  write(chunk: Uint8Array): Promise<void> | undefined {
    this.#buffered.push(chunk)
    this.#bufferedSize += chunk.length
    return this.#bufferedSize < WRITE_BYTES ? undefined : this.#writeBuffered()
  }

  /**
   * Waits until everything is written.
   * @throws Failure of kind failed when a chunk cannot be written
   */
  async flush(): Promise<void> {
    await this.#writeBuffered()
    await this.#writing
  }

  async #writeBuffered(): Promise<void> {
    await this.#writing
    const [chunks, size] = [this.#buffered, this.#bufferedSize]
    if (size === 0) return
    this.#buffered = []
    this.#bufferedSize = 0
    this.#writing = this.#part.write(chunks, this.#written).then(() => {
      this.#written += size
    })
    this.#writing.catch(() => {})
  }
}
