/** Data that the service gets without the client: `web-download` imports, and registered locations. */
import {redactText} from '../../../http/redact.js'
import type {Draft} from '../../../model/draft.js'
import {Failure, usageError} from '../../../model/errors.js'
import type {AddOptions} from '../../image-api.js'
import {isReplyLost} from '../../upload/find-stored.js'
import type {PollOptions} from '../../upload/poll.js'
import {requireMapping} from '../documents.js'
import {PATCH_TYPE} from '../patch.js'
import {IMPORT_INFO, imagePath, importPath, locationsPath} from '../paths.js'
import type {ServiceClient} from '../service-client.js'
import {parseHttpUrl} from './copy-from.js'
import {toInProgress, waitUntilActive} from './wait-until-active.js'

const NO_IMPORT_HINT = 'Leave out --import to send the data through this computer.'

/** @throws Failure unless the service fetches URLs for users; changes nothing */
export async function assertImportAvailable(client: ServiceClient, url: string): Promise<void> {
  parseHttpUrl(url, 'copy_from')
  const what = 'the service cannot import from a URL'
  const reply = await client.call('GET', IMPORT_INFO, {what}, {statuses: [200, 404]})
  const methods = reply.status === 200 ? parseMethods(await reply.json()) : []
  if (reply.status !== 200) await reply.discard()
  if (methods.includes('web-download')) return
  const available = methods.length === 0 ? 'it has no import methods' : `it has only ${methods.join(', ')}`
  throw new Failure('failed', what, {why: `web-download is off: ${available}`, advice: NO_IMPORT_HINT})
}

/** `{"import-methods": {"value": ["glance-direct", "web-download"]}}` (2.6) */
function parseMethods(body: unknown): string[] {
  const {value} = requireMapping(requireMapping(body, 'import-methods')['import-methods'], 'import-methods')
  return Array.isArray(value) ? value.filter(method => typeof method === 'string') : []
}

/** Options of an import. */
export interface ImportOptions extends Pick<AddOptions, 'onStep' | 'importTimeout'> {
  /** Waits for this number of seconds. */
  readonly wait: PollOptions['wait']
}

/**
 * Lets the service fetch a URL into a queued image, and waits until it is done.
 * @throws Failure with the message of the task that failed
 */
export async function importFromUrl(
  client: ServiceClient,
  id: string,
  {copyFrom: url = '', store}: Draft,
  {onStep, importTimeout, wait}: ImportOptions,
): Promise<void> {
  const what = `the service could not import ${redactText(url)}`
  const json = {method: {name: 'web-download', uri: url}, ...(store === undefined ? {} : {stores: [store]})}
  const advice = Object.fromEntries([400, 403, 409, 500].map(status => [status, NO_IMPORT_HINT]))
  await client.callAndDiscard('POST', importPath(id), {what, advice}, {json}).catch(error => {
    throw error instanceof Failure && isReplyLost(error) ? toInProgress(error, id) : error
  })
  onStep?.(`the service fetches ${redactText(url)}`)
  await waitUntilActive(client, id, {what, advice: NO_IMPORT_HINT, onStep, wait, limit: importTimeout})
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
