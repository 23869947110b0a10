/** Data that the service gets otherwise than by an upload: imports, and registered locations. */
import {redactText} from '../../../http/redact.js'
import type {Draft} from '../../../model/draft.js'
import {Failure, usageError} from '../../../model/errors.js'
import type {ImportSource} from '../../../model/image.js'
import type {AddOptions} from '../../image-api.js'
import {isReplyLost} from '../../upload/find-stored.js'
import type {PollOptions} from '../../upload/poll.js'
import {PATCH_TYPE} from '../patch.js'
import {imagePath, importPath, locationsPath} from '../paths.js'
import type {ServiceClient} from '../service-client.js'
import {parseHttpUrl} from './copy-from.js'
import {requireMethod} from './import-methods.js'
import {toInProgress, waitUntilActive} from './wait-until-active.js'

const ADVICE_WITHOUT: Readonly<Record<ImportSource['method'], string | undefined>> = {
  'web-download': 'Leave out --import to send the data through this computer.',
  'glance-direct': 'Leave out --import to upload the data as it is.',
  'glance-download': undefined,
}

/** @throws Failure unless the service has the method of import; changes nothing */
export async function assertImportAvailable(
  client: ServiceClient,
  {method}: ImportSource,
  {copyFrom}: Draft,
): Promise<void> {
  const isFetch = method === 'web-download'
  if (isFetch) parseHttpUrl(copyFrom ?? '', 'copy_from')
  const what = `the service cannot import ${isFetch ? 'from a URL' : `with ${method}`}`
  await requireMethod(client, method, {what, advice: ADVICE_WITHOUT[method]})
}

/** Options of an import. */
export interface ImportOptions extends Pick<AddOptions, 'onStep' | 'importTimeout'> {
  /** Waits for this number of seconds. */
  readonly wait: PollOptions['wait']
}

/**
 * Lets the service fetch the data of a queued image, or take the staged data of an uploading one, and waits until it is
 * done.
 * @throws Failure with the message of the task that failed
 */
export async function importData(
  client: ServiceClient,
  id: string,
  {source, draft}: {readonly source: ImportSource; readonly draft: Draft},
  {onStep, importTimeout, wait}: ImportOptions,
): Promise<void> {
  const {store} = draft
  const {method, subject, step} = describeImport(source, draft)
  const what = `the service could not import ${subject}`
  const json = {method, ...(store === undefined ? {} : {stores: [store]})}
  const hint = ADVICE_WITHOUT[source.method]
  const advice = Object.fromEntries([400, 403, 409, 500].flatMap(status => (hint ? [[status, hint]] : [])))
  await client.callAndDiscard('POST', importPath(id), {what, advice}, {json}).catch(error => {
    throw error instanceof Failure && isReplyLost(error) ? toInProgress(error, id) : error
  })
  onStep?.(step)
  await waitUntilActive(client, id, {what, advice: hint, onStep, wait, limit: importTimeout})
}

/** The `method` of the request, and texts about it. */
function describeImport(source: ImportSource, {copyFrom = ''}: Draft) {
  const {method: name} = source
  if (name === 'glance-download') {
    const {region, imageId, serviceInterface} = source.remote
    const subject = `image ${imageId} of ${region}`
    const method = {
      name,
      glance_region: region,
      glance_image_id: imageId,
      ...(serviceInterface === undefined ? {} : {glance_service_interface: serviceInterface}),
    }
    return {method, subject, step: `the service fetches ${subject}`}
  }
  if (name === 'glance-direct')
    return {method: {name}, subject: 'the staged data', step: 'the service imports the staged data'}
  const url = redactText(copyFrom)
  return {method: {name, uri: copyFrom}, subject: url, step: `the service fetches ${url}`}
}

const COPY_FROM_HINT =
  'Use copy_from=URL to copy the data instead. To register URLs, the operator must enable them: with version 2.17 and ' +
  'an http store, or with show_multiple_locations.'

/** @throws Failure of kind `usage` for a location that version 2 does not accept from users, or cannot verify */
export function checkLocation(url: string, checksum: string | undefined): void {
  parseHttpUrl(url, 'location')
  if (checksum === undefined) return
  throw usageError('cannot verify checksum= with location=', {
    why: 'the data is registered without reading it',
    advice: 'Use copy_from=URL, which copies the data and compares the checksum.',
  })
}

/** Requests before a registered location counts as abandoned: about five minutes. */
const MAX_LOCATION_CHECKS = 70

/**
 * Registers a URL as the data of a queued image: by the call of version 2.17, or if the service lacks it, by a patch.
 * @throws Failure with the reason and advice
 */
export async function addLocation(
  client: ServiceClient,
  id: string,
  url: string,
  wait: PollOptions['wait'],
): Promise<void> {
  const what = `cannot register ${redactText(url)} as the data of image ${id}`
  const reply = await client.send('POST', locationsPath(id), {
    headers: {'content-type': 'application/json'},
    body: JSON.stringify({url}),
  })
  const advice = {400: COPY_FROM_HINT, 403: COPY_FROM_HINT, 404: COPY_FROM_HINT, 409: COPY_FROM_HINT}
  if (reply.status !== 404 && reply.status !== 405) {
    await explainFailure(async () => (await client.expectReply(reply, {what, advice})).discard())
    return waitUntilActive(client, id, {what, advice: COPY_FROM_HINT, wait, maxChecks: MAX_LOCATION_CHECKS})
  }
  await reply.discard()
  const value = {url, metadata: {}}
  const json = [{op: 'add', path: '/locations/-', value}]
  await explainFailure(() =>
    client.callAndDiscard('PATCH', imagePath(id), {what, advice}, {json, type: PATCH_TYPE}),
  )
}

async function explainFailure(register: () => Promise<void>): Promise<void> {
  try {
    await register()
  } catch (error) {
    throw error instanceof Failure && error.status === 400
      ? error.with({why: explainRefusal(error.why)})
      : error
  }
}

/**
 * The server has this one message for a URL that does not reply, and for one that it must not fetch
 * (wire/glance-25.md#bad-locations).
 */
function explainRefusal(why: string | undefined): string | undefined {
  if (!/^(Invalid location|The Store URI was malformed)/.test(why ?? '')) return why
  return `the service says '${why}': it cannot or must not read that URL`
}
