/** An image on its way into a file: it has the file's name only when all of it has arrived and was verified. */
import type {Download} from '../api/image-api.js'
import {PartFile, type Target} from '../io/part-file.js'
import {PartWriter} from '../io/part-writer.js'
import {Failure} from '../model/errors.js'
import type {Notes} from '../model/notes.js'
import {ParallelFetch, piecesOf} from './download-parallel.js'
import {Proof} from './download-proof.js'
import {bytesOf, openPart, type Source} from './download-stream.js'
import type {Progress} from './progress.js'

export interface Saving {
  readonly source: Source
  readonly target: Target
  /** Whether it may take the place of a file. */
  readonly replaces: boolean
  /** Go on where an earlier try ended. */
  readonly resume: boolean
  /** Connections at once. */
  readonly ways: number
  readonly verify: boolean
  /** Keep what did not verify. */
  readonly keepFailed: boolean
  readonly progress: Progress
  readonly notes: Notes
}

/**
 * Downloads into `PATH.part`, verifies it, and names it PATH. What had arrived when it fails is left for `resume`.
 * @throws Failure of kind `unverified` when the data is not the image
 */
export async function saveImage(saving: Saving): Promise<void> {
  const part = await PartFile.open(saving.target, saving.resume)
  const {size} = saving.source.image
  const from = size !== null && part.found > size ? 0 : part.found
  try {
    await new Attempt(saving, part).run(from).catch(error => {
      if (from === 0 || !isUnverified(error)) throw error
      saving.notes.note(`${part.name} does not belong to this image; starting over`)
      return new Attempt(saving, part).run(0)
    })
    await part.publish(saving.replaces)
  } catch (error) {
    throw await given(error, part, saving)
  } finally {
    await part.close().catch(() => {})
  }
}

/** One way from what is there to the whole, verified. */
class Attempt {
  readonly #saving: Saving
  readonly #part: PartFile
  #proof: Proof
  /** Bytes that are there without a gap. */
  #position = 0

  constructor(saving: Saving, part: PartFile) {
    this.#saving = saving
    this.#part = part
    this.#proof = new Proof(saving.source.image, saving.verify)
  }

  /** @param from bytes of the file that are taken as they are; they are read again for the proof */
  async run(from: number): Promise<void> {
    const {progress, source} = this.#saving
    try {
      await this.#part.cutTo(from)
      this.#position = from
      await this.#fetch()
      await this.#proof.check()
      source.signal.throwIfAborted()
      progress.done()
    } catch (error) {
      progress.fail()
      this.#proof.cancel()
      await this.#part.cutTo(this.#position).catch(() => {})
      throw error
    }
  }

  async #fetch(): Promise<void> {
    const {source, ways} = this.#saving
    const {size} = source.image
    if (size !== null && this.#position === size) return this.#takeFromDisk()
    if (ways > 1 && size !== null && size > this.#position) return this.#fetchParallel(size)
    return this.#fetchInOrder(await openPart(source, {first: this.#position}))
  }

  async #fetchParallel(size: number): Promise<void> {
    const {source, ways, progress} = this.#saving
    const pieces = piecesOf(this.#position, size, ways)
    const parallel = new ParallelFetch({source, part: this.#part, progress}, pieces)
    const opened = await openPart(source, parallel.firstRange)
    if (opened.from === undefined) return this.#fetchInOrder(opened)
    this.#begin()
    try {
      await parallel.run(ways, opened)
    } finally {
      this.#position = parallel.gapless
    }
    progress.done()
    await this.#takeFromDisk()
  }

  /** A service that gives no parts gives all of it, which then replaces what is there. */
  async #fetchInOrder(opened: Download): Promise<void> {
    const {source, progress} = this.#saving
    if (opened.from === undefined) this.#position = 0
    else await this.#takeFromDisk()
    this.#begin()
    const writer = new PartWriter(this.#part, this.#position)
    try {
      for await (const chunk of bytesOf(source, {first: this.#position}, opened)) {
        const [proving, writing] = [this.#proof.take(chunk), writer.write(chunk)]
        progress.advance(chunk.length)
        if (proving || writing) await Promise.all([proving, writing])
      }
    } finally {
      await writer.flush().finally(() => {
        this.#position = writer.written
      })
    }
  }

  async #takeFromDisk(): Promise<void> {
    if (this.#position === 0 || this.#proof.algorithm === undefined) {
      return this.#proof.skip(this.#position)
    }
    const {progress, source} = this.#saving
    progress.start({name: `Checking ${nameOf(source)}`, total: this.#position, unit: 'bytes'})
    await this.#proof.takeAll(this.#part.read(this.#position), bytes => {
      source.signal.throwIfAborted()
      progress.advance(bytes)
    })
    progress.done()
  }

  #begin(): void {
    const {progress, source} = this.#saving
    const total = source.image.size ?? undefined
    progress.start({name: nameOf(source), total, unit: 'bytes', already: this.#position})
  }
}

export function nameOf({image}: Source): string {
  return image.name || image.id
}

function isUnverified(error: unknown): boolean {
  return error instanceof Failure && error.kind === 'unverified'
}

/** The error, which now also says what became of the part. */
async function given(error: unknown, part: PartFile, {keepFailed}: Saving): Promise<unknown> {
  const isWrong = isUnverified(error)
  const isKept = (isWrong ? keepFailed : true) && (await part.hasBytes())
  if (!isKept) await part.remove().catch(() => {})
  if (!(error instanceof Failure)) return error
  const advice = isKept
    ? isWrong
      ? `What came is in ${part.name}.`
      : `What has arrived is in ${part.name}; --resume goes on from there.`
    : isWrong
      ? 'Nothing was saved. Try again; --keep-failed keeps what came.'
      : undefined
  return advice === undefined ? error : error.advised(advice)
}
