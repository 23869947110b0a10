/** Finds the image of a download, and reads its data with verification. */
import type {Download, ImageApi} from '../../api/image-api.js'
import {explainMissingComparison} from '../../data/hash-algorithm.js'
import {Failure} from '../../model/errors.js'
import type {Image} from '../../model/image.js'
import type {Notes} from '../../model/notes.js'
import {formatSize} from '../output/formats/size.js'
import {withImage} from '../resolve.js'
import {type DownloadSource, streamBytes} from './stream.js'
import {Verifier} from './verifier.js'

/**
 * The image of that id, name or URI, as the source of a download.
 * @param verb what is to be done with it, for the failure
 * @throws Failure of kind `conflict` for an image without data
 */
export async function findSource(
  api: ImageApi,
  nameOrId: string,
  {signal, notes}: {readonly signal: AbortSignal; readonly notes: Notes},
  verb = 'download',
): Promise<DownloadSource> {
  const image = await withImage(api, nameOrId, id => api.show(id))
  assertHasData(image, verb)
  const onReconnect = (position: number) =>
    notes.note(`the connection broke after ${formatSize(position)}; continuing from there`)
  return {api, image, signal, onReconnect}
}

/**
 * Yields all data of the image, on new connections where one breaks, and verifies it at the end.
 * @param opened the first connection
 * @throws Failure of kind `unverified` after the last byte, if the data does not match the image
 */
export async function* readVerified(
  source: DownloadSource,
  opened: Download,
  {verify}: {readonly verify: boolean},
): AsyncGenerator<Buffer, void> {
  const verifier = new Verifier(source.image, verify)
  let isVerified = false
  try {
    for await (const chunk of streamBytes(source, {first: 0}, opened)) {
      verifier.count(chunk.length)
      const hashing = verifier.update(chunk)
      yield chunk
      if (hashing) await hashing
    }
    await verifier.check()
    isVerified = true
  } finally {
    if (!isVerified) verifier.cancel()
  }
}

/** Warns that the data is not compared with a digest, because the service reports none. */
export function warnIfUnverified(
  image: Image,
  {verify, notes}: {readonly verify: boolean; readonly notes: Notes},
): void {
  const warning = verify ? explainMissingComparison(image) : undefined
  if (warning !== undefined) notes.warning(warning)
}

/** Advice for an image without data, by its status. */
const NO_DATA_ADVICE: Readonly<Record<string, string>> = {
  queued: 'Upload its data: glance update ID < FILE',
  saving: 'Try again later: its data is being uploaded.',
  uploading: 'Try again later: its data is being uploaded.',
  importing: 'Try again later: its data is being imported.',
  killed: 'Add the image again: its upload failed.',
  deleted: 'Use another image: this one is deleted.',
  pending_delete: 'Use another image: this one is being deleted.',
}

function assertHasData({id, status}: Image, verb: string): void {
  const advice = NO_DATA_ADVICE[status]?.replace('ID', id)
  if (advice === undefined) return
  throw new Failure('conflict', `cannot ${verb} image ${id}`, {
    why: `it has no data: its status is ${status}`,
    advice,
  })
}
