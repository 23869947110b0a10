/** Data made ready to be sent: kept if it must be, unpacked, looked at, and its format found out or doubted. */
import type {ImageData} from '../../api/image-api.js'
import type {DetectedFormat} from '../../model/detect-format.js'
import {type Draft, inferDiskFormat} from '../../model/draft.js'
import {Failure} from '../../model/errors.js'
import type {Notes} from '../../model/notes.js'

/** What the user wants to be done with data before it is sent. */
export interface PrepareOptions {
  /** An input that ends without a byte is an image of no bytes, not an error. */
  readonly allowEmpty?: boolean
  /** Folder in which a copy of a pipe is kept, so that it can be sent again. */
  readonly spoolFolder?: string | undefined
  readonly decompress?: boolean
  /** A `disk_format` that the data does not have is an error. */
  readonly strictFormat?: boolean
  readonly signal: AbortSignal
}

/** Data that can be sent now, and the draft that it belongs to. */
export interface PreparedUpload {
  readonly draft: Draft
  readonly data: ImageData
  /** Lets go of what was kept. */
  release(): Promise<void>
}

/**
 * @param what the first line of failures: what was not done
 * @param stored the format that the image has already, when the draft names none
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
    if (detected?.incompleteReason) throw incompleteImage(what, detected)
    const format = inferDiskFormat(draft) ?? stored ?? undefined
    if (format !== undefined) {
      const {explainMismatch} = await import('../../model/detect-format.js')
      const why = explainMismatch(format, head, isConclusive)
      if (why !== undefined) reportMismatch(what, `disk_format is ${format}, but ${why}`, options, notes)
    }
    if (detected?.compression !== undefined && draft.containerFormat !== 'compressed')
      notes.warning(packedText(detected))
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
  /** Whether the head tells all that a head can tell. */
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
    notes.note('the data is not packed, so it is sent as it is')
    return inspected
  }
  const {decompressData} = await import('../../data/decompress.js')
  const plain = await inspect(decompressData(inspected.data, inspected.detected.compression))
  if (plain.head.length === 0 && !allowEmpty) throw emptyAfterDecompression(message)
  return plain
}

async function inspect(input: ImageData): Promise<Inspected> {
  const [{peek}, {DETECTION_BYTES, detectFormat, needsMoreBytes}] = await Promise.all([
    import('../../data/peek.js'),
    import('../../model/detect-format.js'),
  ])
  const {head, data} = await peek(input, needsMoreBytes).catch(error => {
    throw error instanceof Failure ? error : unreadableData(error)
  })
  const isConclusive = head.length >= Math.min(DETECTION_BYTES, input.size ?? DETECTION_BYTES)
  return {data, head, detected: detectFormat(head), isConclusive}
}

function emptyAfterDecompression(message: string): Failure {
  return new Failure('failed', message, {
    why: 'the data is packed, and there is not a byte in it',
    advice: '--allow-empty takes it for an image of 0 bytes.',
  })
}

function unreadableData(error: Error): Failure {
  return new Failure('failed', 'the image data cannot be read', {why: error.message, cause: error})
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
      advice: 'Leave out disk_format=, and it is told from the data.',
    })
  notes.warning(why)
}

function packedText({name}: DetectedFormat): string {
  return `the data is packed (${name}), and is sent as it is; --decompress unpacks it on the way`
}

function incompleteImage(message: string, {name, incompleteReason}: DetectedFormat): Failure {
  return new Failure('failed', message, {
    why: `the data is ${name}, and ${incompleteReason}`,
    advice: 'Make a whole image of it first: qemu-img convert -O qcow2 FILE WHOLE',
  })
}
