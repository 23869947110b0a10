/** Prepares data for an upload: spools and decompresses it on request, and detects or checks its format. */
import type {ImageData} from '../../api/image-api.js'
import type {DetectedFormat} from '../../data/detect-format.js'
import {type Draft, inferDiskFormat} from '../../model/draft.js'
import {Failure} from '../../model/errors.js'
import type {Notes} from '../../model/notes.js'

/** Options for preparing data. */
export interface PrepareOptions {
  /** Accept empty input as an image of 0 bytes. */
  readonly allowEmpty?: boolean
  /** Folder for a copy of a pipe, so that it can be sent again. */
  readonly spoolFolder?: string | undefined
  readonly decompress?: boolean
  /** Fail if the data does not match its `disk_format`. */
  readonly strictFormat?: boolean
  readonly signal: AbortSignal
}

/** Data that can be sent now, and the draft that it belongs to. */
export interface PreparedUpload {
  readonly draft: Draft
  readonly data: ImageData
  /** Deletes the spooled copy, if any. */
  release(): Promise<void>
}

/**
 * Prepares the data.
 * @param what first line of failures: the action that was not done
 * @param stored format of an existing image, used if the draft names none
 * @throws Failure before anything is sent
 */
export async function prepareUpload(
  input: ImageData,
  draft: Draft,
  options: PrepareOptions,
  {what, stored, notes}: {what: string; stored?: string | null; notes: Notes},
): Promise<PreparedUpload> {
  const {data: source, release} = await spoolIfNeeded(input, options)
  try {
    const {data, head, detected, isConclusive} = await decompressIfAsked(source, options, what, notes)
    if (detected?.incompleteReason) throw incompleteImageError(what, detected)
    const format = inferDiskFormat(draft) ?? stored ?? undefined
    if (detected?.isWebPage && format === undefined) throw webPageError(what)
    if (format !== undefined) {
      const {explainMismatch} = await import('../../data/detect-format.js')
      const why = explainMismatch(format, head, isConclusive)
      if (why !== undefined) reportMismatch(what, `disk_format is ${format}, but ${why}`, options, notes)
    }
    if (detected?.compression !== undefined && draft.containerFormat !== 'compressed')
      notes.warning(compressedText(detected))
    return {draft: format === undefined ? applyFormat(draft, detected, notes) : draft, data, release}
  } catch (error) {
    await release()
    throw error
  }
}

async function spoolIfNeeded(data: ImageData, {spoolFolder, signal}: PrepareOptions) {
  if (spoolFolder === undefined || data.repeatable) return {data, release: async () => {}}
  const {spoolData} = await import('../../data/spool.js')
  return spoolData(data, spoolFolder, signal)
}

interface Inspected {
  readonly data: ImageData
  readonly head: Uint8Array
  readonly detected: DetectedFormat | undefined
  /** The head is long enough to detect every format. */
  readonly isConclusive: boolean
}

async function decompressIfAsked(
  data: ImageData,
  {decompress, allowEmpty}: PrepareOptions,
  message: string,
  notes: Notes,
): Promise<Inspected> {
  const inspected = await inspect(data)
  if (!decompress) return inspected
  if (inspected.detected?.compression === undefined) {
    notes.note('the data is not compressed, so it is sent unchanged')
    return inspected
  }
  const {decompressData} = await import('../../data/decompress.js')
  const plain = await inspect(decompressData(inspected.data, inspected.detected.compression))
  if (plain.head.length === 0 && !allowEmpty) throw emptyAfterDecompressionError(message)
  return plain
}

async function inspect(input: ImageData): Promise<Inspected> {
  const [{peek, toReadFailure}, {DETECTION_BYTES, detectFormat, needsMoreBytes}] = await Promise.all([
    import('../../data/peek.js'),
    import('../../data/detect-format.js'),
  ])
  const {head, data} = await peek(input, needsMoreBytes).catch(error => {
    throw toReadFailure(error)
  })
  const isConclusive = head.length >= Math.min(DETECTION_BYTES, input.size ?? DETECTION_BYTES)
  return {data, head, detected: detectFormat(head), isConclusive}
}

function emptyAfterDecompressionError(message: string): Failure {
  return new Failure('failed', message, {
    why: 'the decompressed data is empty',
    advice: 'Use --allow-empty to add an image of 0 bytes.',
  })
}

function applyFormat(draft: Draft, detected: DetectedFormat | undefined, notes: Notes): Draft {
  if (detected?.format === undefined) return draft
  if (detected.format !== 'raw')
    notes.note(`the data looks like ${detected.name}, so disk_format is ${detected.format}`)
  return {...draft, diskFormat: detected.format}
}

function reportMismatch(message: string, why: string, {strictFormat}: PrepareOptions, notes: Notes): void {
  if (strictFormat)
    throw new Failure('failed', message, {
      why,
      advice: 'Leave out disk_format= to detect it from the data.',
    })
  notes.warning(why)
}

function compressedText({name}: DetectedFormat): string {
  return `the data is compressed (${name}) and is sent unchanged; use --decompress to decompress it`
}

function webPageError(message: string): Failure {
  return new Failure('failed', message, {
    why: 'the data is an HTML page, probably of an error',
    advice: 'Check where it comes from. To add it all the same, give disk_format=raw.',
  })
}

function incompleteImageError(message: string, {name, incompleteReason}: DetectedFormat): Failure {
  return new Failure('failed', message, {
    why: `the data is ${name}, and ${incompleteReason}`,
    advice: 'Convert it to a complete image first: qemu-img convert -O qcow2 FILE COMPLETE',
  })
}
