/** Downloads an image: into a file, or to standard output. */
import type {ImageApi} from '../api/image-api.js'
import type {Output} from '../io/io.js'
import type {Target} from '../io/part-file.js'
import {Failure, usageError} from '../model/errors.js'
import type {Image} from '../model/image.js'
import type {Notes} from '../model/notes.js'
import type {Change, Outcome} from './change.js'
import {nameOf, saveImage} from './download-file.js'
import {Proof} from './download-proof.js'
import {bytesOf, openPart, type Source} from './download-stream.js'
import type {Progress} from './progress.js'
import {sizeText} from './progress-text.js'
import {withImage} from './resolve.js'

export interface DownloadSettings {
  readonly verify: boolean
  readonly progress: Progress
  readonly signal: AbortSignal
  readonly notes: Notes
}

export interface FileSettings extends DownloadSettings {
  readonly resume: boolean
  readonly parallel: number
  readonly keepFailed: boolean
}

/** Downloads an image into a file. A file that is there is replaced only after a yes. */
export function downloadToFile(word: string, target: Target, settings: FileSettings): Change {
  const {name, exists} = target
  return {
    plan: () => [`Download image ${word} to ${name}${exists ? ', in place of the file that is there' : ''}`],
    ...(exists ? {question: async () => `Replace ${name}?`} : {}),
    refusal: `Not replacing ${name}`,
    async *perform(api, consent) {
      const source = await sourceOf(api, word, settings)
      const replaces = exists || consent.isGiven
      const {parallel: ways, ...rest} = settings
      await saveImage({...rest, source, target, replaces, ways})
      const {id} = source.image
      yield {lines: [`Downloaded image ${id} to ${name}`], record: {id, file: name}}
      yield* unproven(source.image, settings)
    },
  }
}

/** Downloads an image to an output that other programs read. Data is verified, but it has left when that ends. */
export function downloadToOutput(word: string, output: Output, settings: DownloadSettings): Change {
  return {
    plan: () => [`Download image ${word} to standard output`],
    check() {
      if (output.isTerminal) throw notForTerminals(word)
    },
    async *perform(api) {
      const source = await sourceOf(api, word, settings)
      const proof = new Proof(source.image, settings.verify)
      try {
        await pour(source, output, proof, settings.progress)
        await proof.check()
      } catch (error) {
        proof.cancel()
        throw error instanceof Failure && error.kind === 'unverified'
          ? error.with({advice: 'Do not use what was written to standard output.'})
          : error
      }
      settings.progress.done()
      yield* unproven(source.image, settings)
    },
  }
}

async function pour(source: Source, output: Output, proof: Proof, progress: Progress): Promise<void> {
  const opened = await openPart(source, {first: 0})
  progress.start({name: nameOf(source), total: source.image.size ?? undefined, unit: 'bytes'})
  for await (const chunk of bytesOf(source, {first: 0}, opened)) {
    const turn = proof.take(chunk)
    await orInterrupted(output.write(chunk), source.signal)
    progress.advance(chunk.length)
    if (turn) await turn
  }
}

/** A reader that has stopped reading must not keep us from ending. */
async function orInterrupted(writing: Promise<void>, signal: AbortSignal): Promise<void> {
  let interrupt = () => {}
  const interrupted = new Promise<never>((_, reject) => {
    interrupt = () => reject(signal.reason)
    signal.addEventListener('abort', interrupt)
  })
  try {
    await Promise.race([writing, interrupted])
  } finally {
    signal.removeEventListener('abort', interrupt)
  }
}

async function sourceOf(api: ImageApi, word: string, {signal, notes}: DownloadSettings): Promise<Source> {
  const image = await withImage(api, word, id => api.show(id))
  assertHasData(image)
  const onBreak = (position: number) =>
    notes.note(`the connection broke after ${sizeText(position)}; going on from there`)
  return {api, image, signal, onBreak}
}

function notForTerminals(word: string): Failure {
  return usageError('refusing to write image data to a terminal', {
    advice: `Name a file: glance download ${word} --file PATH, or send it on: glance download ${word} | PROGRAM`,
  })
}

/** What an image without data should get, by its status. */
const WITHOUT_DATA: Readonly<Record<string, string>> = {
  queued: 'Bring its data: glance update ID < FILE',
  saving: 'Its data is arriving. Try again later.',
  uploading: 'Its data is arriving. Try again later.',
  importing: 'Its data is arriving. Try again later.',
  killed: 'Its upload failed. Add it again.',
  deleted: 'It is gone.',
  pending_delete: 'It is about to go.',
}

function assertHasData({id, status}: Image): void {
  const advice = WITHOUT_DATA[status]?.replace('ID', id)
  if (advice === undefined) return
  throw new Failure('conflict', `cannot download image ${id}`, {
    why: `it has no data: its status is ${status}`,
    advice,
  })
}

function* unproven({checksum, osHashValue}: Image, {verify}: DownloadSettings): Iterable<Outcome> {
  if (verify && !checksum && !osHashValue) {
    yield {note: 'the service tells no checksum of this image; only its size was compared'}
  }
}
