/** Reads the data of an image as the data of an upload: nothing is stored in between. */
import {Readable} from 'node:stream'
import type {Download} from '../../api/image-api.js'
import {holdLastChunk} from '../../api/upload/hold-last-chunk.js'
import type {ImageData} from '../../data/image-data.js'
import {Failure} from '../../model/errors.js'
import {readVerified} from '../download/source.js'
import {type DownloadSource, openRange} from '../download/stream.js'

/** Data whose first connection is open already. */
export interface SourceData extends ImageData {
  /** Closes a connection that was not read. */
  discard(): void
}

/**
 * Opens the data of the image; a service that refuses it does so here, before anything is uploaded. A broken connection
 * is resumed. The data is opened again, from its start, when it must be uploaded again. Its last chunk is held back
 * until the size, and with `verify` the digest, are right.
 * @param verify compare the digest too: not needed if it is announced to the upload
 * @throws Failure if the service refuses the data
 */
export async function openSourceData(
  source: DownloadSource,
  {verify}: {readonly verify: boolean},
): Promise<SourceData> {
  let first: Download | undefined = await openRange(source, {first: 0})
  // It may break before it is read; the reader gets the error then.
  first.data.on('error', () => {})
  const open = () => {
    const opened = first
    first = undefined
    return Readable.from(readWhole(source, opened, verify), {objectMode: false, highWaterMark: 1})
  }
  return {
    size: source.image.size ?? undefined,
    repeatable: true,
    open,
    discard: () => void first?.data.destroy(),
  }
}

async function* readWhole(
  source: DownloadSource,
  opened: Download | undefined,
  verify: boolean,
): AsyncGenerator<Buffer> {
  try {
    const first = opened ?? (await openRange(source, {first: 0}))
    yield* holdLastChunk(readVerified(source, first, {verify}))
  } catch (error) {
    throw toReadFailure(source.image.id, error)
  }
}

/** The failure for data that is not what the source service describes. */
export function sourceMismatch(id: string, why: string | undefined): Failure {
  return new Failure('unverified', `the data of image ${id} does not match what its service reports`, {
    why,
    advice: 'Compare it there with: glance download --file PATH',
  })
}

/**
 * With a code of its own: a broken source must not look like a broken connection to the target, after which the data is
 * sent again.
 */
function toReadFailure(id: string, error: unknown): unknown {
  if (!(error instanceof Failure) || error.kind === 'interrupted') return error
  const {kind, message, why, requestId} = error
  if (kind === 'unverified') return sourceMismatch(id, why)
  return new Failure(kind, `cannot read the data of image ${id} to its end`, {
    why: why === undefined ? message : `${message}: ${why}`,
    advice: 'Copy it again later.',
    requestId,
    code: 'unreadable',
  })
}
