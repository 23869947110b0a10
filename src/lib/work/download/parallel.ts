/** Downloads several ranges of an image at the same time into one file. */
import type {ByteRange, Download} from '../../api/image-api.js'
import type {PartFile} from '../../data/part-file.js'
import {PartWriter} from '../../data/part-writer.js'
import type {Progress} from '../progress/progress.js'
import {readSlots} from './read-slots.js'
import {type DownloadSource, openRange, RangeReader} from './stream.js'

const MIB = 1024 * 1024

/** Bytes. Small enough that all connections end at about the same time, large enough that requests cost little. */
const MIN_PART_SIZE = 8 * MIB
const MAX_PART_SIZE = 64 * MIB
const PARTS_PER_CONNECTION = 4

/** The image, the file and the progress that all connections share. */
export interface FetchContext {
  readonly source: DownloadSource
  readonly part: PartFile
  readonly progress: Progress
  /** Called with the offset up to which the file has no gap, when it has changed. */
  readonly onWritten: (end: number) => void
}

/** A range of the file, and the number of bytes of it that have arrived. */
interface Piece {
  readonly first: number
  readonly last: number
  received: number
}

/** Splits the image, from a position on, into ranges for this number of connections. */
export function splitRange(from: number, size: number, connections: number): readonly Piece[] {
  const evenLength = Math.ceil((size - from) / (connections * PARTS_PER_CONNECTION))
  const length = Math.min(MAX_PART_SIZE, Math.max(MIN_PART_SIZE, evenLength))
  const count = Math.ceil((size - from) / length)
  return Array.from({length: count}, (_, index) => {
    const first = from + index * length
    return {first, last: Math.min(size, first + length) - 1, received: 0}
  })
}

/** Downloads the ranges of an image over several connections. */
export class ParallelFetch {
  readonly #context: FetchContext
  readonly #pieces: readonly Piece[]
  readonly #readers = new Set<RangeReader>()
  #nextIndex = 0
  #failure: {readonly error: unknown} | undefined

  constructor(context: FetchContext, pieces: readonly Piece[]) {
    this.#context = context
    this.#pieces = pieces
  }

  /** The range to request first: the reply shows if the service supports ranges. */
  get firstRange(): ByteRange {
    const {first = 0, last = 0} = this.#pieces[0] ?? {}
    return {first, last}
  }

  /** Bytes from the beginning of the file without a gap. */
  get contiguousEnd(): number {
    const open = this.#pieces.find(({first, last, received}) => received < last + 1 - first)
    return open === undefined ? (this.#pieces.at(-1)?.last ?? -1) + 1 : open.first + open.received
  }

  /**
   * Downloads all ranges over this number of connections.
   * @param first the reply to `firstRange`
   * @throws the first failure, after every connection has been closed
   */
  async run(connections: number, first: Download): Promise<void> {
    await Promise.all(
      Array.from({length: connections}, (_, worker) => this.#runWorker(worker === 0 ? first : undefined)),
    )
    if (this.#failure) throw this.#failure.error
  }

  async #runWorker(first: Download | undefined): Promise<void> {
    let opened = first
    for (let piece = this.#takePiece(); piece !== undefined; piece = this.#takePiece()) {
      try {
        await this.#fetchPiece(piece, opened)
      } catch (error) {
        this.#abort(error)
      }
      opened = undefined
    }
  }

  #takePiece(): Piece | undefined {
    return this.#failure ? undefined : this.#pieces[this.#nextIndex++]
  }

  async #fetchPiece(piece: Piece, opened: Download | undefined): Promise<void> {
    const {source, part, progress} = this.#context
    const range = {first: piece.first, last: piece.last}
    const download = opened ?? (await openRange(source, range))
    const reader = new RangeReader(source, range, download)
    this.#readers.add(reader)
    const writer = new PartWriter(part, piece.first, () => {
      piece.received = writer.written - piece.first
      this.#context.onWritten(this.contiguousEnd)
    })
    try {
      for await (const {slot, bytes} of readSlots(reader, length => progress.advance(length))) {
        const writing = writer.write(bytes, slot)
        slot.release()
        if (writing) await writing
        if (this.#failure) return
      }
    } finally {
      this.#readers.delete(reader)
      await writer.flush()
    }
  }

  /** Ends the other connections, which may be waiting for bytes. */
  #abort(error: unknown): void {
    this.#failure ??= {error}
    const reason = error instanceof Error ? error : new Error(String(error))
    for (const reader of this.#readers) reader.close(reason)
  }
}
