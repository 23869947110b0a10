/** Reads the data of an image: as a stream, or into a file. */
import {resolve} from 'node:path'
import {Readable} from 'node:stream'
import {fileURLToPath} from 'node:url'
import {resolveDestination} from '../data/destination.js'
import {Failure, usageError} from '../model/errors.js'
import type {Image} from '../model/image.js'
import {hasImageData} from '../work/download/existing-file.js'
import {saveImage} from '../work/download/save-file.js'
import {findSource, readVerified, warnIfUnverified} from '../work/download/source.js'
import {openRange, streamBytes} from '../work/download/stream.js'
import type {CallContext} from './call-context.js'
import {checkReadOptions, checkSaveOptions} from './check-options.js'
import {requireText, toImageText} from './check-values.js'
import type {ImageRef, ReadOptions, SaveFileOptions, TransferState} from './options.js'
import {toProgress} from './progress.js'

/** An image and its data. */
export interface ImageWithData {
  readonly image: Image
  /** The bytes, or the `range` of them. Read them to their end, or destroy the stream. */
  readonly data: Readable
}

/** The data of an image as a stream, which fails at its end if the data does not match the image. */
export async function readImage(
  {access, notes}: CallContext,
  ref: ImageRef,
  options: ReadOptions,
): Promise<ImageWithData> {
  checkReadOptions(options)
  const {range, verify = true} = options
  const text = toImageText(ref)
  const {api, signal} = await access.forCall(options)
  const source = await findSource(api, text, {signal, notes})
  const opened = await openRange(source, range ?? {first: 0})
  const chunks = range ? streamBytes(source, range, opened) : readVerified(source, opened, {verify})
  const data = Readable.from(reportBytes(chunks, source.image, options), {objectMode: false})
  // A stream that is destroyed before it was read has not started to read.
  data.once('close', () => opened.data.destroy())
  warnIfUnverified(source.image, {verify: verify && !range, notes})
  return {image: source.image, data}
}

async function* reportBytes(
  chunks: AsyncIterable<Buffer>,
  {size}: Image,
  options: ReadOptions,
): AsyncGenerator<Buffer> {
  const {range} = options
  const progress = toProgress(options)
  const end = range?.last === undefined ? size : Math.min(range.last + 1, size ?? range.last + 1)
  const total = end === null ? undefined : Math.max(0, end - (range?.first ?? 0))
  progress.start({name: '', total, unit: 'bytes'})
  for await (const chunk of chunks) {
    progress.advance(chunk.length)
    yield chunk
  }
}

/** Downloads an image into a file, which gets its name once it is complete and verified. */
export async function saveImageFile(
  {access, notes}: CallContext,
  ref: ImageRef,
  path: string | URL,
  options: SaveFileOptions,
): Promise<Image> {
  checkSaveOptions(options)
  const {overwrite = false, resume = false, verify = true, keepFailed = false, parallel = 1} = options
  const text = toImageText(ref)
  const name = toPath(path)
  const {api, signal} = await access.forCall(options)
  const {progress, finish} = trackProgress(options)
  const target = await resolveDestination(resolve(name), {cwd: resolve(), home: ''})
  const source = await findSource(api, text, {signal, notes})
  const {image} = source
  if (resume && target.exists && (await hasImageData(target, source, progress))) return finish(image)
  if (target.exists && !overwrite) throw existsError(name)
  await saveImage({
    source,
    target,
    overwrite,
    resume,
    connections: parallel,
    verify,
    keepFailed,
    progress,
    notes,
  })
  warnIfUnverified(image, {verify, notes})
  return finish(image)
}

function toPath(path: string | URL): string {
  if (path instanceof URL && path.protocol === 'file:') return fileURLToPath(path)
  if (path instanceof URL) throw usageError('invalid path: expected a file: URL')
  requireText('path', path)
  return path
}

/** Progress whose last report is of all bytes, even if they were there already. */
function trackProgress({onProgress}: SaveFileOptions) {
  let reported = -1
  const report = (state: TransferState) => {
    reported = state.bytes
    onProgress?.(state)
  }
  return {
    progress: toProgress({onProgress: onProgress && report}),
    finish(image: Image): Image {
      const {size} = image
      if (size !== null && reported !== size) report({bytes: size, total: size})
      return image
    },
  }
}

function existsError(name: string): Failure {
  return new Failure('conflict', `not replacing ${name}`, {
    why: 'the file exists, and it is not known to have the data of the image',
    advice: 'Set overwrite to replace it.',
  })
}
