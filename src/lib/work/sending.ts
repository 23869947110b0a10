/** Data made ready to be sent: kept if it must be, unpacked, looked at, and its format found out or doubted. */
import type {ImageData} from '../api/image-api.js'
import {type Draft, impliedFormat} from '../model/draft.js'
import {Failure} from '../model/errors.js'
import type {Notes} from '../model/notes.js'
import type {Sniffed} from '../model/sniff.js'

/** What the user wants to be done with data before it is sent. */
export interface SendingOptions {
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
export interface Ready {
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
export async function ready(
  given: ImageData,
  draft: Draft,
  options: SendingOptions,
  {what, stored, notes}: {what: string; stored?: string | null; notes: Notes},
): Promise<Ready> {
  const {data: kept, release} = await keptData(given, options)
  try {
    const {data, head, found, enough} = await unpackedData(kept, options, what, notes)
    if (found?.dependsOn) throw notWhole(what, found)
    const format = impliedFormat(draft) ?? stored ?? undefined
    if (format !== undefined) {
      const {clash} = await import('../model/sniff.js')
      const why = clash(format, head, enough)
      if (why !== undefined) doubt(what, `disk_format is ${format}, but ${why}`, options, notes)
    }
    if (found?.packed !== undefined && draft.containerFormat !== 'compressed')
      notes.warning(packedText(found))
    return {draft: format === undefined ? withFormat(draft, found, notes) : draft, data, release}
  } catch (error) {
    await release()
    throw error
  }
}

async function keptData(data: ImageData, {spoolFolder, signal}: SendingOptions) {
  if (spoolFolder === undefined || data.repeatable) return {data, release: async () => {}}
  const {spooled} = await import('../io/spool.js')
  return spooled(data, spoolFolder, signal)
}

interface Seen {
  readonly data: ImageData
  readonly head: Uint8Array
  readonly found: Sniffed | undefined
  /** Whether the head tells all that a head can tell. */
  readonly enough: boolean
}

async function unpackedData(
  data: ImageData,
  {decompress, allowEmpty}: SendingOptions,
  what: string,
  notes: Notes,
): Promise<Seen> {
  const seen = await look(data)
  if (!decompress) return seen
  if (seen.found?.packed === undefined) {
    notes.note('the data is not packed, so it is sent as it is')
    return seen
  }
  const {unpacked} = await import('../io/unpack.js')
  const plain = await look(unpacked(seen.data, seen.found.packed))
  if (plain.head.length === 0 && !allowEmpty) throw nothingPacked(what)
  return plain
}

async function look(given: ImageData): Promise<Seen> {
  const [{peek}, {ENOUGH, sniff, wantsMore}] = await Promise.all([
    import('../io/peek.js'),
    import('../model/sniff.js'),
  ])
  const {head, data} = await peek(given, wantsMore).catch(error => {
    throw error instanceof Failure ? error : unreadable(error)
  })
  const enough = head.length >= Math.min(ENOUGH, given.size ?? ENOUGH)
  return {data, head, found: sniff(head), enough}
}

function nothingPacked(what: string): Failure {
  return new Failure('failed', what, {
    why: 'the data is packed, and there is not a byte in it',
    advice: '--allow-empty takes it for an image of 0 bytes.',
  })
}

function unreadable(error: Error): Failure {
  return new Failure('failed', 'the image data cannot be read', {why: error.message, cause: error})
}

function withFormat(draft: Draft, found: Sniffed | undefined, notes: Notes): Draft {
  if (found?.format === undefined) return draft
  if (found.format !== 'raw')
    notes.note(`the data looks like ${found.name}, so disk_format is ${found.format}`)
  return {...draft, diskFormat: found.format}
}

function doubt(what: string, why: string, {strictFormat}: SendingOptions, notes: Notes): void {
  if (strictFormat)
    throw new Failure('failed', what, {why, advice: 'Leave out disk_format=, and it is told from the data.'})
  notes.warning(why)
}

function packedText({name}: Sniffed): string {
  return `the data is packed (${name}), and is sent as it is; --decompress unpacks it on the way`
}

function notWhole(what: string, {name, dependsOn}: Sniffed): Failure {
  return new Failure('failed', what, {
    why: `the data is ${name}, and ${dependsOn}`,
    advice: 'Make a whole image of it first: qemu-img convert -O qcow2 FILE WHOLE',
  })
}
