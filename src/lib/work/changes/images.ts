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

/** Where the data of an image comes from, asked only when the change is carried out. */
export interface DataSource {
  /** Waits for data as long as it takes. `empty`: there is a source, and it ended without a byte. */
  wait(): Promise<ImageData | 'empty' | undefined>
  /** Whether there is data right now, for a change that needs none. */
  probe(): Promise<ImageData | 'empty' | undefined>
  /** Whether there is anything to read from at all, without touching it. */
  readonly exists: boolean
  /** Whether the user has named it, so that it must not be passed over. */
  readonly isNamed: boolean
}

export interface ImageChangeOptions {
  readonly data: DataSource
  /** Also tell the metadata that came back. */
  readonly verbose: boolean
  /** What is done with data before it is sent. */
  readonly prepareOptions: PrepareOptions
  /** How it is sent. */
  readonly upload: AddOptions
  readonly progress: Progress
  readonly notes: Notes
}

export interface AddImageOptions extends ImageChangeOptions {
  /** Container format that a dry run shows when none is given; the service may be asked which version it speaks only in earnest. */
  readonly guessContainer: () => Promise<string>
  /** Add nothing when there is an image with the same data. */
  readonly ifAbsent?: boolean
}

/** Adds an image, with the data of the source unless the draft says where the data lies. */
export function addImage({draft, notices}: DraftWithNotices, options: AddImageOptions): Change {
  const {guessContainer, upload} = options
  if (draft.name === undefined) throw usageError('Please specify a name for the image using name=VALUE')
  if (upload.serverImport && draft.copyFrom === undefined) {
    throw usageError('--import is for data from elsewhere: name it with copy_from=URL')
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
  yield {lines: [`Added new image with ID: ${image.id}`, ...more], record}
  if (image.status === 'queued' && draft.copyFrom === undefined) yield {note: queuedNote(image.id)}
}

/** The one place where bytes that leave are counted: reading them before, to look at or to keep, is no progress. */
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
    throw usageError('--if-absent needs data to compare', {why: 'there is none here'})
  const {findDuplicate} = await import('../upload/find-duplicate.js')
  return findDuplicate(api, prepared.data, draft)
}

async function prepareToAdd(draft: Draft, options: AddImageOptions): Promise<PreparedUpload | undefined> {
  const input = await openDataToAdd(draft, options.data, options.prepareOptions)
  return input && prepare(input, draft, options, {what: 'no image was added'})
}

/** The rest of what data needs is loaded when there is some. */
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
  const elsewhere = draft.location ?? draft.copyFrom
  if (elsewhere === undefined) {
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
    why: 'the input ended without a byte',
    advice:
      'Check the program that should have written the image; to register an image without data, use < /dev/null; --allow-empty adds one of 0 bytes.',
  })
}

function queuedNote(id: string): string {
  return `there was no data on standard input, so the image is queued. Upload it with: glance update ${id} < FILE`
}

/** Changes what the draft names, and brings data to an image that is still queued. */
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
 * Only a queued image takes data. Any other leaves standard input alone, so that `while read id; do glance update ...`
 * keeps its list, unless data is all that the command could mean.
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
  throw new Failure('conflict', `Image ${id} was not changed`, {
    why: `its status is ${status}, and only a queued image takes data: images are read-only once their data is there`,
    advice: 'Add the data as a new image, or name the fields to change: field=value.',
  })
}

function nothingToUpdate(notices: readonly string[] = []): Failure {
  return usageError('There is nothing to update', {
    why: notices.join(' ') || undefined,
    advice: 'Name the fields to change: glance update ID field=value ...',
  })
}
