/** Standard input, or a named file, as the source of data for a change. */
import {FileInput} from '../../data/file-input.js'
import {imageDataFrom} from '../../data/image-data.js'
import type {Input, Io} from '../../io/io.js'
import {resolvePath} from '../../io/paths.js'
import type {Draft} from '../../model/draft.js'
import {usageError} from '../../model/errors.js'
import type {Notes} from '../../model/notes.js'
import type {DataSource} from '../../work/changes/images.js'

/** Milliseconds after which a silent pipe counts as empty, if no data is required. */
const PROBE_MS = 200

const SILENCE = 'waiting for data on standard input; to continue without data, redirect it from /dev/null'

/** A source of data, with an estimate of the upload time. */
export interface UploadSource extends DataSource {
  /** Seconds that the upload may take; 0 if there is nothing to upload. */
  readonly seconds: number
}

/**
 * The data to upload. Nothing is read and no file is examined until it is used.
 * @param name of `--file`; `-` and undefined are standard input
 * @throws Failure of kind usage for `-` if the images of the command were read from there
 */
export function createDataSource(io: Io, notes: Notes, name: string | undefined): UploadSource {
  if (name === '-' && io.stdin.isUsedUp)
    throw usageError('standard input cannot be both the list of images and the data')
  const input: Input = name === undefined || name === '-' ? io.stdin : new FileInput(resolvePath(name, io))
  const toImageData = (rest: object) => imageDataFrom(input, {signal: io.interrupted, ...rest})
  return {
    wait: async () =>
      (await toImageData({onSilence: () => notes.note(SILENCE)})) ??
      (name === undefined ? undefined : 'empty'),
    probe: () => toImageData({giveUpAfter: PROBE_MS}),
    get exists() {
      return name !== undefined || input.kind === 'file' || input.kind === 'pipe'
    },
    get isMeant() {
      return name !== undefined || input.isUnreadFile === true
    },
    get seconds() {
      return estimateSeconds(input)
    },
  }
}

/** Seconds that an upload may take, including one of data that is copied from a URL. */
export function estimateUploadSeconds(source: Pick<UploadSource, 'seconds'>, {copyFrom}: Draft): number {
  return copyFrom === undefined ? source.seconds : UNKNOWN_LENGTH_SECONDS
}

/** Bytes per second of a slow upload, to estimate how long a token must live. */
const SLOW_BYTES_PER_SECOND = 5_000_000

/** Seconds for an upload of unknown length. */
const UNKNOWN_LENGTH_SECONDS = 600

/** Seconds that an upload of this many bytes may take. */
export function estimateSendSeconds(bytes: number): number {
  return Math.ceil(bytes / SLOW_BYTES_PER_SECOND)
}

function estimateSeconds({kind, size}: Input): number {
  if (kind === 'file' && size !== undefined) return estimateSendSeconds(size)
  return kind === 'pipe' || kind === 'file' ? UNKNOWN_LENGTH_SECONDS : 0
}
