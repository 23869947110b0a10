/** Sends the metadata and the data that programs give. */
import type {AddOptions, ImageData} from '../api/image-api.js'
import {applyDefaults, type Draft, requireMatchingFormats} from '../model/draft.js'
import {usageError} from '../model/errors.js'
import type {Image} from '../model/image.js'
import {requireOperations} from '../work/operations.js'
import {sendWithProgress} from '../work/progress/progress.js'
import {rejectOnAbort} from '../work/reject-on-abort.js'
import {withImage} from '../work/resolve.js'
import {requireImports} from '../work/upload/import-source.js'
import {type PreparedUpload, prepareUpload} from '../work/upload/prepare.js'
import type {CallContext} from './call-context.js'
import {checkStageOptions, checkUpdateOptions, checkUploadOptions} from './check-options.js'
import {toImageText} from './check-values.js'
import {type Data, requireBytes, toImageData} from './data-input.js'
import {toDraft} from './draft-input.js'
import {checkServerImport, requireServerImport} from './operations/server-import.js'
import type {ImageMeta, ImageRef, ImageUpdateOptions, StagingOptions, UploadOptions} from './options.js'
import {toProgress} from './progress.js'

/** Adds an image, with its data if there is any. */
export async function addImage(
  context: CallContext,
  meta: ImageMeta,
  data: Data | undefined,
  options: UploadOptions,
): Promise<Image> {
  checkUploadOptions(options)
  const draft = toDraft(meta, 'add')
  requireMatchingFormats(draft)
  if (data !== undefined && (draft.location ?? draft.copyFrom) !== undefined)
    throw usageError('give either data, or location or copyFrom')
  checkServerImport(options.serverImport, draft, data !== undefined)
  const source = data === undefined ? undefined : await toImageData(data)
  const facts = {what: 'no image was added', stored: null}
  return withPrepared(context, {source, draft, options, facts}, async prepared => {
    const {api} = await context.access.forCall(options)
    requireImports(api, options)
    const full = applyDefaults(prepared?.draft ?? draft, api.defaultContainer)
    return send(prepared, options, sent => api.add(full, sent, toAddOptions(context, options)))
  })
}

/** Changes the fields that the metadata names, and sends the data if there is any. */
export async function updateImage(
  context: CallContext,
  ref: ImageRef,
  meta: ImageMeta,
  updateOptions: ImageUpdateOptions,
): Promise<Image> {
  checkUpdateOptions(updateOptions)
  requireServerImport(updateOptions.serverImport)
  const {data, purgeProperties, unset, ...options} = updateOptions
  const draft = toDraft(meta, 'update')
  const text = toImageText(ref)
  const source = data === undefined ? undefined : await toImageData(data)
  const changes = {...toAddOptions(context, options), purgeProperties, unset}
  const {api} = await closeOnError(source, () => context.access.forCall(options))
  requireImports(api, options)
  if (source === undefined) return withImage(api, text, id => api.update(id, draft, changes))
  const image = await closeOnError(source, () => withImage(api, text, id => api.show(id)))
  const facts = {what: `image ${image.id} was not changed`, stored: image.diskFormat}
  return withPrepared(context, {source, draft, options, facts}, async prepared =>
    send(prepared, options, sent => api.update(image.id, prepared?.draft ?? draft, {...changes, data: sent})),
  )
}

/**
 * Keeps data in the staging area of the service for a later import.
 * @returns the size in bytes
 */
export async function stageImage(
  context: CallContext,
  ref: ImageRef,
  data: Data,
  options: StagingOptions,
): Promise<number> {
  checkStageOptions(options)
  const text = toImageText(ref)
  const source = await toImageData(data)
  const {operations, image} = await closeOnError(source, async () => {
    const {api} = await context.access.forCall(options)
    return {
      operations: await requireOperations(api, 'imports'),
      image: await withImage(api, text, id => api.show(id)),
    }
  })
  const facts = {what: `image ${image.id} was not changed`, stored: image.diskFormat}
  return withPrepared(context, {source, draft: {properties: {}}, options, facts}, async prepared =>
    send(prepared, options, async sent => (sent ? operations.stage(image.id, sent) : 0)),
  )
}

function send<T>(
  prepared: PreparedUpload | undefined,
  options: UploadOptions,
  act: (data?: ImageData) => Promise<T>,
): Promise<T> {
  return prepared ? sendWithProgress(prepared.data, toProgress(options), '', act) : act()
}

function toAddOptions(
  {notes}: CallContext,
  {serverImport, allowEmpty, verify, keepFailed}: UploadOptions,
): AddOptions {
  const onNote = (text: string) => notes.note(text)
  const onWarning = (text: string) => notes.warning(text)
  return {serverImport, allowEmpty, verify, keepFailed, onStep: onNote, onNote, onWarning}
}

interface UploadInput {
  readonly source: ImageData | undefined
  readonly draft: Draft
  readonly options: UploadOptions
  /** The first line of failures, and the format of an existing image. */
  readonly facts: {readonly what: string; readonly stored: string | null}
}

/** Runs the upload with the prepared data, and closes a source that it may have left open. */
async function withPrepared<T>(
  {access, notes}: CallContext,
  {source, draft, options, facts}: UploadInput,
  run: (prepared?: PreparedUpload) => Promise<T>,
): Promise<T> {
  if (source === undefined) return run()
  const {allowEmpty = false, decompress = false, strictFormat = false, spoolFolder} = options
  const signal = access.signalFor(options)
  const prepare = async () => {
    const input = allowEmpty ? source : await requireBytes(source, facts.what)
    const prepareOptions = {allowEmpty, decompress, strictFormat, spoolFolder, signal}
    return prepareUpload(input, draft, prepareOptions, {...facts, notes})
  }
  return closeOnError(source, async () => {
    const prepared = await rejectOnAbort(prepare(), signal)
    try {
      return await closeOnError(prepared.data, () => run(prepared))
    } finally {
      await prepared.release()
    }
  })
}

/** Only a source that can be read once holds something open. */
async function closeOnError<T>(source: ImageData | undefined, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    if (source?.repeatable === false) source.open().destroy()
    throw error
  }
}
