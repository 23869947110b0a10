/** Downloads an image: into a file, or to standard output. */
import type {ImageApi} from '../../api/image-api.js'
import type {Destination} from '../../data/destination.js'
import type {Output} from '../../io/io.js'
import {Failure, usageError} from '../../model/errors.js'
import type {Notes} from '../../model/notes.js'
import type {ApiProvider, Change, PlanStep} from '../changes/change.js'
import type {Progress} from '../progress/progress.js'
import {rejectOnAbort} from '../reject-on-abort.js'
import {hasImageData} from './existing-file.js'
import {readSlots} from './read-slots.js'
import {displayName, saveImage} from './save-file.js'
import {findSource, warnIfUnverified} from './source.js'
import {type DownloadSource, openRange, RangeReader} from './stream.js'
import {Verifier} from './verifier.js'

/** Settings of every download. */
export interface DownloadSettings {
  readonly verify: boolean
  readonly progress: Progress
  readonly signal: AbortSignal
  readonly notes: Notes
}

/** Settings of a download into a file; see `SaveOptions`. */
export interface FileDownloadSettings extends DownloadSettings {
  readonly resume: boolean
  /** Number of connections at the same time. */
  readonly parallel: number
  readonly keepFailed: boolean
}

/**
 * Downloads an image into a file. An existing file is replaced only after confirmation; to resume a download that is
 * complete only verifies the file.
 */
export function downloadToFile(
  nameOrId: string,
  target: Destination,
  settings: FileDownloadSettings,
): Change {
  const {name, exists} = target
  let inspection: Promise<Inspection> | undefined
  const inspect = (api: ImageApi) => {
    inspection ??= inspectTarget(api, nameOrId, target, settings)
    return inspection
  }
  const isComplete = async (open: ApiProvider) =>
    exists && settings.resume && (await inspect(await open())).isComplete
  return {
    async *plan(open) {
      yield (await isComplete(open)) ? planToKeep(nameOrId, target) : planToDownload(nameOrId, target)
    },
    isDone: isComplete,
    ...(exists ? {question: async () => ({text: `Replace ${name}?`})} : {}),
    refusal: `not replacing ${name}`,
    async *perform(api, consent) {
      const found = await inspect(api)
      const {id} = found.source.image
      if (found.isComplete) {
        yield {lines: [`Image ${id} is complete in ${name}`], record: {id, file: name}}
        return
      }
      const {parallel: connections, ...rest} = settings
      const overwrite = exists || consent.isGiven
      await saveImage({...rest, source: found.source, target, overwrite, connections})
      yield {lines: [`Downloaded image ${id} to ${name}`], record: {id, file: name}}
      warnIfUnverified(found.source.image, settings)
    },
  }
}

function planToKeep(image: string, {name: file}: Destination): PlanStep {
  return {
    lines: [`Keep ${file}, which has the data of image ${image}`],
    record: {action: 'keep', kind: 'image', image, file},
  }
}

function planToDownload(image: string, {name: file, exists: replaces}: Destination): PlanStep {
  return {
    lines: [`Download image ${image} to ${file}${replaces ? ', replacing the existing file' : ''}`],
    record: {action: 'download', kind: 'image', image, file, replaces},
  }
}

/** An image, and its target as it was found. */
interface Inspection {
  readonly source: DownloadSource
  /** The target has all data of the image. Known only when a download is resumed. */
  readonly isComplete: boolean
}

async function inspectTarget(
  api: ImageApi,
  nameOrId: string,
  target: Destination,
  settings: FileDownloadSettings,
): Promise<Inspection> {
  const source = await findSource(api, nameOrId, settings)
  const isComplete =
    settings.resume && target.exists && (await hasImageData(target, source, settings.progress))
  return {source, isComplete}
}

/** Downloads an image to standard output. The data is verified after it was written. */
export function downloadToOutput(nameOrId: string, output: Output, settings: DownloadSettings): Change {
  return {
    plan: () => [
      {
        lines: [`Download image ${nameOrId} to standard output`],
        record: {action: 'download', kind: 'image', image: nameOrId, file: null},
      },
    ],
    check() {
      if (output.isTerminal) throw terminalOutputError(nameOrId)
    },
    async *perform(api) {
      const source = await findSource(api, nameOrId, settings)
      await copyToOutput(source, output, settings).catch(error => {
        throw error instanceof Failure && error.kind === 'unverified'
          ? error.with({advice: 'Do not use what was written to standard output.'})
          : error
      })
      settings.progress.complete()
      warnIfUnverified(source.image, settings)
      yield* []
    },
  }
}

async function copyToOutput(
  source: DownloadSource,
  output: Output,
  {progress, verify}: DownloadSettings,
): Promise<void> {
  const opened = await openRange(source, {first: 0})
  progress.start({name: displayName(source), total: source.image.size ?? undefined, unit: 'bytes'})
  const verifier = new Verifier(source.image, verify)
  const count = (length: number) => {
    verifier.count(length)
    progress.advance(length)
  }
  try {
    for await (const {slot, bytes} of readSlots(new RangeReader(source, {first: 0}, opened), count)) {
      slot.retain()
      const hashing = verifier.updateShared(bytes, () => slot.release())
      // A reader that has stopped reading must not prevent an interruption.
      await rejectOnAbort(output.write(bytes), source.signal)
      slot.release()
      if (hashing) await hashing
    }
    await verifier.check()
  } finally {
    verifier.cancel()
  }
}

function terminalOutputError(nameOrId: string): Failure {
  return usageError('refusing to write image data to a terminal', {
    advice: `Write it to a file: glance download ${nameOrId} --file PATH, or to a pipe: glance download ${nameOrId} | PROGRAM`,
  })
}
