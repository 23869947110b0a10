/** Changes of images: add and update. */
import {Readable} from 'node:stream'
import type {AddOptions, ImageApi, ImageData, UpdateOptions} from '../../api/image-api.js'
import {applyDefaults, type Draft, type DraftWithNotices} from '../../model/draft.js'
import {Failure, usageError} from '../../model/errors.js'
import type {Image} from '../../model/image.js'
import type {Notes} from '../../model/notes.js'
import {draftLines, imageBlock, metadataLines} from '../output/image-view.js'
import {imageRecord} from '../output/json.js'
import {type Progress, sendWithProgress} from '../progress/progress.js'
import {withImage} from '../resolve.js'
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
  /** True if the user named the source, which then must be used. */
  readonly isNamed: boolean
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
  readonly guessContainer: () => Promise<string>
  /** Add nothing if an image with the same data exists. */
  readonly ifAbsent?: boolean
}

/**
 * Adds an image with the data of the source, unless the draft has the URL of the data.
 * @throws Failure of kind `usage` for a draft without a name, and for arguments that exclude each other
 */
export function addImage({draft, notices}: DraftWithNotices, options: AddImageOptions): Change {
  const {guessContainer, upload} = options
  if (draft.name === undefined) throw usageError('Please specify a name for the image using name=VALUE')
  if (upload.serverImport && draft.copyFrom === undefined) {
    throw usageError('--import requires copy_from=URL')
  }
  if (draft.location !== undefined && draft.copyFrom !== undefined) {
    throw usageError('Either supply a location=LOCATION or a copy_from=URL argument. You have supplied both.')
  }
  return {
    notices,
    async *plan() {
      yield 'Add new image with metadata:'
      yield* draftLines(applyDefaults(draft, await guessContainer()))
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
    yield {lines: [`There is an image with this data, with ID: ${duplicate.id}`], record}
    return
  }
  const full = applyDefaults(prepared?.draft ?? draft, api.defaultContainer)
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

function unreportedText(id: string): string {
  return `image ${id} was added, but that could not be written to standard output; to delete it, run: glance delete ${id}`
}

/** Sends the data and shows progress, which does not include reads for inspection and spooling. */
function sendData(
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
  const input = await openDataToAdd(draft, options.data, options.prepareOptions)
  return input && prepare(input, draft, options, {what: 'no image was added'})
}

/** Prepares the data; loads the modules for it only now. */
async function prepare(
  input: ImageData,
  draft: Draft,
  {prepareOptions, notes}: ImageChangeOptions,
  facts: {readonly what: string; readonly stored?: string | null},
): Promise<PreparedUpload> {
  const {prepareUpload} = await import('../upload/prepare.js')
  return prepareUpload(input, draft, prepareOptions, {...facts, notes})
}

async function openDataToAdd(
  draft: Draft,
  source: DataSource,
  {allowEmpty}: PrepareOptions,
): Promise<ImageData | undefined> {
  const url = draft.location ?? draft.copyFrom
  if (url === undefined) {
    const data = await source.wait()
    if (data !== 'empty') return data
    if (allowEmpty) return EMPTY_DATA
    throw emptyInput()
  }
  const data = await source.probe()
  if (data === undefined || data === 'empty') return undefined
  const argument = draft.location === undefined ? 'a copy_from=URL' : 'a location=LOCATION'
  throw usageError(`Either supply ${argument} argument or supply image data via a redirect.`, {
    why: 'You have supplied BOTH, and standard input carries data',
    advice: 'Redirect standard input from /dev/null if the data is not meant for the image.',
  })
}

const EMPTY_DATA: ImageData = {size: 0, repeatable: true, open: () => Readable.from([])}

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

/**
 * Changes the fields that the draft names, and uploads data to an image that is still queued.
 * @throws Failure of kind `usage` when there is nothing to change
 */
export function updateImage(
  nameOrId: string,
  {draft, notices}: DraftWithNotices,
  options: ImageChangeOptions & Pick<UpdateOptions, 'purgeProperties'>,
): Change {
  const {data, verbose, upload, purgeProperties} = options
  const entries = draftLines(draft)
  const changesNothing =
    entries.length === 1 && Object.keys(draft.properties).length === 0 && !purgeProperties
  if (changesNothing && !data.exists) throw nothingToUpdate(notices)
  const isDataRequired = changesNothing || data.isNamed
  return {
    notices,
    plan: () => [`Update existing image ${nameOrId} with metadata:`, ...entries],
    async *perform(api) {
      const image = await withImage(api, nameOrId, async id => {
        const prepared = await prepareToUpdate(api, id, draft, {...options, isDataRequired})
        return sendData(prepared, options, nameOrId, data =>
          api.update(id, prepared?.draft ?? draft, {...upload, data, purgeProperties}),
        ).finally(() => prepared?.release())
      })
      const more = verbose ? [`Updated image metadata for image ${image.id}:`, ...imageBlock(image)] : []
      yield {lines: [`Updated image ${image.id}`, ...more], record: imageRecord(image)}
    },
  }
}

/**
 * Only a queued image takes data. For any other, standard input is not read, unless the command has no purpose without
 * data: so `while read id; do glance update ...` keeps its list.
 */
async function prepareToUpdate(
  api: ImageApi,
  id: string,
  draft: Draft,
  options: ImageChangeOptions & {readonly isDataRequired: boolean},
): Promise<PreparedUpload | undefined> {
  const {data: source, prepareOptions, isDataRequired} = options
  if (!source.exists) return undefined
  const {status, diskFormat} = await api.show(id)
  if (status === 'queued') {
    const input = await source.wait()
    const data = input === 'empty' && prepareOptions.allowEmpty ? EMPTY_DATA : input
    if (data === 'empty' && isDataRequired) throw nothingToUpdate()
    if (data === undefined || data === 'empty') return undefined
    return prepare(data, draft, options, {what: `image ${id} was not changed`, stored: diskFormat})
  }
  if (!isDataRequired) return undefined
  throw new Failure('conflict', `image ${id} was not changed`, {
    why: `its status is ${status}, and only a queued image takes data: the data of an image cannot be replaced`,
    advice: 'Add the data as a new image, or name the fields to change: field=value.',
  })
}

function nothingToUpdate(notices: readonly string[] = []): Failure {
  return usageError('nothing to update', {
    why: notices.join(' ') || undefined,
    advice: 'Name the fields to change: glance update ID field=value ...',
  })
}
