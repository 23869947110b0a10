/** Standard input, or a named file, as the source of data for a change. */
import {FileInput} from '../../data/file-input.js'
import {imageDataFrom} from '../../data/image-data.js'
import type {Input, Io} from '../../io/io.js'
import {resolvePath} from '../../io/paths.js'
import type {Draft} from '../../model/draft.js'
import {usageError} from '../../model/errors.js'
import type {Notes} from '../../model/notes.js'
import type {DataSource} from '../../work/changes/images.js'

/** How long a pipe may stay silent before it counts as carrying nothing, where no data is needed. Milliseconds. */
const PROBE_MS = 200

const SILENCE = 'waiting for data on standard input; to go on without data, redirect it from /dev/null'

/** Where data comes from, and how long it may take to send it. */
export interface UploadSource extends DataSource {
  /** How long the upload may take, in seconds; 0 when there is nothing to upload. */
  readonly seconds: number
}

/**
 * The data; nothing is read, and no file is looked at, before it is asked for.
 * @param files names of `--file`; `-` is standard input, and so is none at all
 * @throws Failure of kind `usage` for more than one
 */
export function dataSource(io: Io, notes: Notes, files: readonly string[] = []): UploadSource {
  const [name] = files
  if (files.length > 1) {
    throw usageError('An image has one file of data', {why: `--file was given ${files.length} times`})
  }
  const input = name === undefined || name === '-' ? io.stdin : new FileInput(resolvePath(name, io))
  const toImageData = (rest: object) => imageDataFrom(input, {signal: io.interrupted, ...rest})
  return {
    wait: async () =>
      (await toImageData({onSilence: () => notes.note(SILENCE)})) ??
      (name === undefined ? undefined : 'empty'),
    probe: () => toImageData({giveUpAfter: PROBE_MS}),
    get exists() {
      return name !== undefined || input.kind === 'file' || input.kind === 'pipe'
    },
    isNamed: name !== undefined,
    get seconds() {
      return estimateSeconds(input)
    },
  }
}

/** How long an upload may take, in seconds, when the data may also be copied through us from elsewhere. */
export function estimateUploadSeconds(source: UploadSource, {copyFrom}: Draft): number {
  return copyFrom === undefined ? source.seconds : UNKNOWN_LENGTH_SECONDS
}

/** Bytes per second that an upload surely makes, to reckon how long a token must live. */
const SLOW_BYTES_PER_SECOND = 5_000_000

/** Seconds to grant to an upload whose length nobody knows. */
const UNKNOWN_LENGTH_SECONDS = 600

function estimateSeconds({kind, size}: Input): number {
  if (kind === 'file' && size !== undefined) return Math.ceil(size / SLOW_BYTES_PER_SECOND)
  return kind === 'pipe' || kind === 'file' ? UNKNOWN_LENGTH_SECONDS : 0
}
