/** Several parts of an image at once, each written where it belongs. */
import type {ByteRange, Download} from '../api/image-api.js'
import type {PartFile} from '../io/part-file.js'
import {PartWriter} from '../io/part-writer.js'
import {bytesOf, openPart, type Source} from './download-stream.js'
import type {Progress} from './progress.js'

const MIB = 1024 * 1024

/** Parts are small enough that all connections end at about the same time, and large enough that asking costs little. */
const SMALLEST_PART = 8 * MIB
const LARGEST_PART = 64 * MIB
const PARTS_PER_WAY = 4

export interface Fetching {
  readonly source: Source
  readonly part: PartFile
  readonly progress: Progress
}

/** A part, and how much of it has arrived. */
interface Piece {
  readonly first: number
  readonly last: number
  arrived: number
}

/** The parts of an image from a position on, for so many ways at once. */
export function piecesOf(from: number, size: number, ways: number): readonly Piece[] {
  const even = Math.ceil((size - from) / (ways * PARTS_PER_WAY))
  const length = Math.min(LARGEST_PART, Math.max(SMALLEST_PART, even))
  const count = Math.ceil((size - from) / length)
  return Array.from({length: count}, (_, index) => {
    const first = from + index * length
    return {first, last: Math.min(size, first + length) - 1, arrived: 0}
  })
}

export class ParallelFetch {
  readonly #fetching: Fetching
  readonly #pieces: readonly Piece[]
  readonly #open = new Set<Download>()
  #next = 0
  #failure: {readonly error: unknown} | undefined

  constructor(fetching: Fetching, pieces: readonly Piece[]) {
    this.#fetching = fetching
    this.#pieces = pieces
  }

  /** The range to open first: what comes tells whether the service gives parts. */
  get firstRange(): ByteRange {
    const {first = 0, last = 0} = this.#pieces[0] ?? {}
    return {first, last}
  }

  /** Bytes from the beginning of the file without a gap, whatever has arrived behind them. */
  get gapless(): number {
    const open = this.#pieces.find(({first, last, arrived}) => arrived < last + 1 - first)
    return open === undefined ? (this.#pieces.at(-1)?.last ?? -1) + 1 : open.first + open.arrived
  }

  /**
   * Fetches all of it over so many connections.
   * @param first the answer to `firstRange`, which was the part that was asked for
   * @throws the first failure, after every connection has been let go
   */
  async run(ways: number, first: Download): Promise<void> {
    await Promise.all(Array.from({length: ways}, (_, way) => this.#work(way === 0 ? first : undefined)))
    if (this.#failure) throw this.#failure.error
  }

  async #work(first: Download | undefined): Promise<void> {
    let opened = first
    for (let piece = this.#take(); piece !== undefined; piece = this.#take()) {
      try {
        await this.#fetch(piece, opened)
      } catch (error) {
        this.#stop(error)
      }
      opened = undefined
    }
  }

  #take(): Piece | undefined {
    return this.#failure ? undefined : this.#pieces[this.#next++]
  }

  async #fetch(piece: Piece, opened: Download | undefined): Promise<void> {
    const {source, part, progress} = this.#fetching
    const range = {first: piece.first, last: piece.last}
    const download = opened ?? (await openPart(source, range))
    this.#open.add(download)
    const writer = new PartWriter(part, piece.first)
    try {
      for await (const chunk of bytesOf(source, range, download)) {
        if (this.#failure) return
        await writer.write(chunk)
        progress.advance(chunk.length)
      }
    } finally {
      this.#open.delete(download)
      await writer.flush().finally(() => {
        piece.arrived = writer.written - piece.first
      })
    }
  }

  /** Ends the others, which may be waiting for bytes. */
  #stop(error: unknown): void {
    this.#failure ??= {error}
    const reason = error instanceof Error ? error : new Error(String(error))
    for (const {data} of this.#open) data.destroy(reason)
  }
}
