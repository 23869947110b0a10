/** Adds an image, and sends the data of a change. */
import {Readable} from 'node:stream'
import type {AddOptions, ImageApi, ImageData} from '../../api/image-api.js'
import {suggestField} from '../../model/did-you-mean.js'
import {applyDefaults, type Draft, type DraftWithNotices, requireMatchingFormats} from '../../model/draft.js'
import {Failure, usageError} from '../../model/errors.js'
import type {Image} from '../../model/image.js'
import type {Notes} from '../../model/notes.js'
import {draftLines, draftRecord} from '../output/draft-view.js'
import {imageRecord} from '../output/image-record.js'
import {metadataLines} from '../output/image-view.js'
import {type Progress, sendWithProgress} from '../progress/progress.js'
import {checkImport, findOrigin, importMethod, requireImports} from '../upload/import-source.js'
import type {PreparedUpload, PrepareOptions} from '../upload/prepare.js'
import type {Change, ChangeOutcome} from './change.js'

/** The source of image data, read only when the change is carried out. */
export interface DataSource {
  /**
   * Waits for data without a limit.
   * @returns `empty` for a source that ended without data; undefined without a source
   */
  wait(): Promise<ImageData | 'empty' | undefined>
  /** Checks for data that is available now, for a change that does not require any. */
  probe(): Promise<ImageData | 'empty' | undefined>
  /** True if there is a source; nothing is read. */
  readonly exists: boolean
  /** True if the user meant the source for this command, which then must use it: `--file`, or `< disk.img`. */
  readonly isMeant: boolean
}

/** Options of a change that may upload data. */
export interface ImageChangeOptions {
  readonly data: DataSource
  /** Print the metadata in the reply. */
  readonly verbose: boolean
  /** Options for preparing the data. */
  readonly prepareOptions: PrepareOptions
  /** Options for sending the data. */
  readonly upload: AddOptions
  readonly progress: Progress
  readonly notes: Notes
}

/** Options of `addImage`. */
export interface AddImageOptions extends ImageChangeOptions {
  /** The default container format for a dry run, which does not ask the service for its version. */
  readonly guessContainer: (given: string | undefined) => Promise<string>
  /** Add nothing if an image with the same data exists. */
  readonly ifAbsent?: boolean
}

function nameMissingError({properties}: Draft): Failure {
  const hint = Object.keys(properties)
    .map(key => suggestField(key, ['name']))
    .find(Boolean)
  return usageError('Please specify a name for the image using name=VALUE', {
    why: hint?.trim(),
    advice: 'Example: glance add name="My Image" < disk.qcow2',
  })
}

/**
 * Adds an image with the data of the source, unless the draft has the URL of the data.
 * @throws Failure of kind `usage` for a draft without a name, and for arguments that exclude each other
 */
export function addImage({draft, notices}: DraftWithNotices, options: AddImageOptions): Change {
  const {guessContainer, upload} = options
  if (draft.name === undefined) throw nameMissingError(draft)
  checkImport(draft, upload)
  if (draft.location !== undefined && draft.copyFrom !== undefined) {
    throw usageError('Either supply a location=LOCATION or a copy_from=URL argument. You have supplied both.')
  }
  requireMatchingFormats(draft)
  return {
    notices,
    async *plan() {
      const full = applyDefaults(
        await previewDraft(draft, options),
        await guessContainer(draft.containerFormat ?? undefined),
      )
      yield {
        lines: ['Add new image with metadata:', ...draftLines(full)],
        record: {action: 'add', kind: 'image', fields: draftRecord(full)},
      }
    },
    async *perform(api) {
      const prepared = await prepareToAdd(draft, options)
      try {
        yield* performAdd(api, prepared, draft, options)
      } finally {
        await prepared?.release()
      }
    },
  }
}

/** The draft with the format of its data, if that is a file: reading from a pipe would end the program that writes it. */
async function previewDraft(draft: Draft, options: AddImageOptions): Promise<Draft> {
  if (!options.data.isMeant || findOrigin(draft, options.upload) !== undefined) return draft
  const input = await options.data.probe()
  if (input === undefined || input === 'empty' || !input.repeatable) return draft
  const prepared = await prepare(input, draft, options, {what: 'no image would be added'})
  await prepared.release()
  return prepared.draft
}

async function* performAdd(
  api: ImageApi,
  prepared: PreparedUpload | undefined,
  draft: Draft,
  options: AddImageOptions,
): AsyncGenerator<ChangeOutcome> {
  const {verbose, upload, ifAbsent} = options
  const duplicate = ifAbsent && (await findExistingImage(api, prepared, draft))
  if (duplicate) {
    const record = {...imageRecord(duplicate), added: false}
    yield {lines: [duplicateText(duplicate, draft)], record}
    return
  }
  const full = applyDefaults(prepared?.draft ?? draft, api.defaultContainer)
  requireImports(api, upload)
  const image = await sendData(prepared, options, draft.name ?? 'image', data => api.add(full, data, upload))
  const more = verbose ? ['Returned the following metadata for the new image:', ...metadataLines(image)] : []
  const record = {...imageRecord(image), added: true}
  let isReported = false
  try {
    yield {lines: [`Added new image with ID: ${image.id}`, ...more], record}
    isReported = true
  } finally {
    if (!isReported) options.notes.warning(unreportedText(image.id))
  }
  if (image.status === 'queued' && draft.copyFrom === undefined) yield {note: queuedNote(image.id)}
}

/** Tells the name too if it is not the one that was asked for. */
function duplicateText({id, name}: Image, draft: Draft): string {
  const text = `There is an image with this data, with ID: ${id}`
  return name === draft.name ? text : `${text} (its name is '${name ?? ''}')`
}

function unreportedText(id: string): string {
  return `image ${id} was added, but that could not be written to standard output; to delete it, run: glance delete ${id}`
}

/** Sends the data and shows progress, which does not include reads for inspection and spooling. */
export function sendData(
  prepared: PreparedUpload | undefined,
  {progress}: ImageChangeOptions,
  name: string,
  send: (data?: ImageData) => Promise<Image>,
): Promise<Image> {
  return prepared === undefined ? send() : sendWithProgress(prepared.data, progress, name, send)
}

async function findExistingImage(
  api: ImageApi,
  prepared: PreparedUpload | undefined,
  draft: Draft,
): Promise<Image | undefined> {
  if (prepared === undefined)
    throw usageError('--if-absent requires data to compare', {why: 'no data was given'})
  const {findDuplicate} = await import('../upload/find-duplicate.js')
  return findDuplicate(api, prepared.data, draft)
}

async function prepareToAdd(draft: Draft, options: AddImageOptions): Promise<PreparedUpload | undefined> {
  const input = await openDataToAdd(draft, options)
  return input && prepare(input, draft, options, {what: 'no image was added'})
}

/** Prepares the data; loads the modules for it only now. */
export async function prepare(
  input: ImageData,
  draft: Draft,
  {prepareOptions, notes}: Pick<ImageChangeOptions, 'prepareOptions' | 'notes'>,
  facts: {readonly what: string; readonly stored?: string | null},
): Promise<PreparedUpload> {
  const {prepareUpload} = await import('../upload/prepare.js')
  return prepareUpload(input, draft, prepareOptions, {...facts, notes})
}

async function openDataToAdd(
  draft: Draft,
  {data: source, prepareOptions, upload}: AddImageOptions,
): Promise<ImageData | undefined> {
  const origin = findOrigin(draft, upload)
  if (origin === undefined) {
    const data = await source.wait()
    if (data === undefined && importMethod(upload) === 'glance-direct')
      throw usageError('--import glance-direct requires data', {why: 'no data was given'})
    if (data !== 'empty') return data
    if (prepareOptions.allowEmpty) return EMPTY_DATA
    throw emptyInput()
  }
  const data = await source.probe()
  if (data === undefined || data === 'empty') return undefined
  throw usageError(`Either supply ${origin} argument or supply image data via a redirect.`, {
    why: 'You have supplied BOTH, and standard input carries data',
    advice: 'Redirect standard input from /dev/null if the data is not meant for the image.',
  })
}

/** The data of an image of 0 bytes. */
export const EMPTY_DATA: ImageData = {size: 0, repeatable: true, open: () => Readable.from([])}

function emptyInput(): Failure {
  return new Failure('failed', 'no image was added', {
    why: 'the input is empty',
    advice:
      'Check the program that writes the image. To register an image without data, use < /dev/null; to add one of 0 bytes, use --allow-empty.',
  })
}

function queuedNote(id: string): string {
  return `standard input had no data, so the image is queued. Upload its data with: glance update ${id} < FILE`
}
