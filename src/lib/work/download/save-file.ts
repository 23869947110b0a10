/** Downloads an image into a file, which gets its name only once all data has arrived and was verified. */
import type {Download} from '../../api/image-api.js'
import type {Destination} from '../../data/destination.js'
import {PartFile} from '../../data/part-file.js'
import {PartWriter} from '../../data/part-writer.js'
import {Failure} from '../../model/errors.js'
import type {Notes} from '../../model/notes.js'
import type {Progress} from '../progress/progress.js'
import {FileFollower} from './follow-file.js'
import {ParallelFetch, splitRange} from './parallel.js'
import {readSlots} from './read-slots.js'
import {type DownloadSource, openRange, RangeReader} from './stream.js'
import {Verifier} from './verifier.js'

/** Source, target and options of a download into a file. */
export interface SaveOptions {
  readonly source: DownloadSource
  readonly target: Destination
  /** An existing file may be replaced. */
  readonly overwrite: boolean
  /** Continue where an earlier download ended. */
  readonly resume: boolean
  /** Number of connections at the same time. */
  readonly connections: number
  readonly verify: boolean
  /** Keep data that failed verification. */
  readonly keepFailed: boolean
  readonly progress: Progress
  readonly notes: Notes
}

/**
 * Downloads into `PATH.part`, verifies it, and renames it to PATH. After a failure, the data so far is kept for
 * `resume`.
 * @throws Failure of kind `unverified` if the data does not match the image
 */
export async function saveImage(options: SaveOptions): Promise<void> {
  const part = await PartFile.open(options.target, options.resume)
  const {size} = options.source.image
  const from = size !== null && part.initialSize > size ? 0 : part.initialSize
  try {
    await new DownloadAttempt(options, part).run(from).catch(error => {
      if (from === 0 || !isUnverified(error)) throw error
      options.notes.note(`${part.name} does not belong to this image; starting over`)
      return new DownloadAttempt(options, part).run(0)
    })
    await part.publish(options.overwrite)
  } catch (error) {
    throw await withPartAdvice(error, part, options)
  } finally {
    await part.close().catch(() => {})
  }
}

/** One download from a position to the end, with verification of the whole. */
class DownloadAttempt {
  readonly #options: SaveOptions
  readonly #part: PartFile
  #verifier: Verifier
  /** Bytes from the beginning of the file without a gap. */
  #position = 0

  constructor(options: SaveOptions, part: PartFile) {
    this.#options = options
    this.#part = part
    this.#verifier = new Verifier(options.source.image, options.verify)
  }

  /** @param from bytes of the file that are kept; they are read again for verification */
  async run(from: number): Promise<void> {
    const {progress, source} = this.#options
    try {
      await this.#part.truncate(from)
      this.#position = from
      await this.#fetch()
      await this.#verifier.check()
      source.signal.throwIfAborted()
      progress.complete()
    } catch (error) {
      progress.fail()
      this.#verifier.cancel()
      await this.#part.truncate(this.#position).catch(() => {})
      throw error
    }
  }

  async #fetch(): Promise<void> {
    const {source, connections} = this.#options
    const {size} = source.image
    if (size !== null && this.#position === size) return this.#hashFromDisk()
    if (connections > 1 && size !== null && size > this.#position) return this.#fetchParallel(size)
    return this.#fetchInOrder(await openRange(source, {first: this.#position}))
  }

  async #fetchParallel(size: number): Promise<void> {
    const {source, connections, progress} = this.#options
    const pieces = splitRange(this.#position, size, connections)
    const follower = new FileFollower(this.#part, this.#verifier)
    const onWritten = (end: number) => follower.advance(end)
    const parallel = new ParallelFetch({source, part: this.#part, progress, onWritten}, pieces)
    const opened = await openRange(source, parallel.firstRange)
    if (opened.from === undefined) return this.#fetchInOrder(opened)
    this.#startProgress()
    try {
      await parallel.run(connections, opened)
      await follower.finish(parallel.contiguousEnd)
    } finally {
      this.#position = parallel.contiguousEnd
      await follower.stop()
    }
  }

  /** A service without ranges sends the whole image, which replaces the existing bytes. */
  async #fetchInOrder(opened: Download): Promise<void> {
    const {source, progress} = this.#options
    if (opened.from === undefined) this.#position = 0
    else await this.#hashFromDisk()
    this.#startProgress()
    const reader = new RangeReader(source, {first: this.#position}, opened)
    const writer = new PartWriter(this.#part, this.#position)
    try {
      const count = (bytes: number) => {
        this.#verifier.count(bytes)
        progress.advance(bytes)
      }
      for await (const {slot, bytes} of readSlots(reader, count)) {
        const writing = writer.write(bytes, slot)
        const hashing = this.#verifier.updateShared(bytes, () => slot.release())
        if (hashing || writing) await Promise.all([hashing, writing])
      }
    } finally {
      await writer.flush().finally(() => {
        this.#position = writer.written
      })
    }
  }

  async #hashFromDisk(): Promise<void> {
    if (this.#position === 0 || this.#verifier.algorithm === undefined) {
      return this.#verifier.count(this.#position)
    }
    const {progress, source} = this.#options
    const name = `Checking ${displayName(source)}`
    progress.start({name, total: this.#position, unit: 'bytes', isCheck: true})
    await this.#verifier.updateFrom(this.#part.read(this.#position), bytes => {
      source.signal.throwIfAborted()
      progress.advance(bytes)
    })
    progress.complete()
  }

  #startProgress(): void {
    const {progress, source} = this.#options
    const total = source.image.size ?? undefined
    progress.start({name: displayName(source), total, unit: 'bytes', initial: this.#position})
  }
}

/** The name of the image, or its id. */
export function displayName({image}: DownloadSource): string {
  return image.name || image.id
}

function isUnverified(error: unknown): boolean {
  return error instanceof Failure && error.kind === 'unverified'
}

/** Keeps or deletes the `.part` file. @returns the error, with advice on that file */
async function withPartAdvice(error: unknown, part: PartFile, {keepFailed}: SaveOptions): Promise<unknown> {
  const isMismatch = isUnverified(error)
  const isKept = (isMismatch ? keepFailed : true) && (await part.hasBytes())
  if (!isKept) await part.remove().catch(() => {})
  if (!(error instanceof Failure)) return error
  const advice = isKept
    ? isMismatch
      ? `The data is in ${part.name}.`
      : `The data so far is in ${part.name}; --resume continues from there.`
    : isMismatch
      ? 'Nothing was saved. Try again, or keep the data with --keep-failed.'
      : undefined
  return advice === undefined ? error : error.withAdvice(advice)
}
