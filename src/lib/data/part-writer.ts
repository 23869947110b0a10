/** Writes chunks into a part file one behind the other, gathered, while the next ones arrive. */
import type {PartFile} from './part-file.js'

/** Bytes that go to the system together. One such portion may be on its way while another is gathered. */
const WRITE_BYTES = 1024 * 1024

export class PartWriter {
  readonly #part: PartFile
  #written: number
  #buffered: Uint8Array[] = []
  #bufferedSize = 0
  #writing: Promise<void> = Promise.resolve()

  /** @param position where the first chunk belongs */
  constructor(part: PartFile, position: number) {
    this.#part = part
    this.#written = position
  }

  /** The position up to which the file has everything. */
  get written(): number {
    return this.#written
  }

  /**
   * Takes a chunk, which must not change any more. When there is a promise, await it before the next one.
   * @throws Failure when this or an earlier chunk could not be written
   */
  write(chunk: Uint8Array): Promise<void> | undefined {
    this.#buffered.push(chunk)
    this.#bufferedSize += chunk.length
    return this.#bufferedSize < WRITE_BYTES ? undefined : this.#writeBuffered()
  }

  /** Waits until all of it is written. */
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
