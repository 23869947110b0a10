/** Data that the service gets or leaves where it is: `web-download` imports, and locations. */
import {redactText} from '../../http/redact.js'
import type {Draft} from '../../model/draft.js'
import {Failure, usageError} from '../../model/errors.js'
import {record} from './bodies.js'
import {PATCH_TYPE} from './patch.js'
import {IMPORT_INFO, imagePath, importPath, locationsPath} from './paths.js'
import {type Following, untilActive} from './progress.js'
import {httpUrl} from './source.js'
import type {Wire} from './wire.js'

const WITHOUT_IMPORT = 'Leave out --import, and the data goes through this computer.'

/** @throws Failure unless the service fetches URLs for users; nothing is changed by asking */
export async function assertImports(wire: Wire, url: string): Promise<void> {
  httpUrl(url, 'copy_from')
  const what = 'the service cannot fetch the data by itself'
  const reply = await wire.call('GET', IMPORT_INFO, {what}, {statuses: [200, 404]})
  const methods = reply.status === 200 ? methodsIn(await reply.json()) : []
  if (reply.status !== 200) await reply.discard()
  if (methods.includes('web-download')) return
  const offered = methods.length === 0 ? 'it offers no import' : `it offers ${methods.join(', ')} only`
  throw new Failure('failed', what, {why: `web-download is off: ${offered}`, advice: WITHOUT_IMPORT})
}

/** `{"import-methods": {"value": ["glance-direct", "web-download"]}}` (2.6) */
function methodsIn(body: unknown): string[] {
  const {value} = record(record(body, 'import-methods')['import-methods'], 'import-methods')
  return Array.isArray(value) ? value.filter(method => typeof method === 'string') : []
}

/**
 * Lets the service fetch a URL into a queued image, and follows that to its end.
 * @throws Failure with the words of the task that failed
 */
export async function webDownload(
  wire: Wire,
  id: string,
  {copyFrom: url = '', store}: Draft,
  onStep: Following['onStep'],
): Promise<void> {
  const what = `the service could not import ${redactText(url)}`
  const json = {method: {name: 'web-download', uri: url}, ...(store === undefined ? {} : {stores: [store]})}
  const advice = Object.fromEntries([400, 403, 409, 500].map(status => [status, WITHOUT_IMPORT]))
  await wire.done('POST', importPath(id), {what, advice}, {json})
  onStep?.(`the service fetches ${redactText(url)}`)
  await untilActive(wire, id, {what, advice: WITHOUT_IMPORT, onStep})
}

const COPY_INSTEAD =
  'copy_from=URL copies the data instead. Registering URLs is up to the operator: it needs version 2.17 with a http ' +
  'store, or show_multiple_locations.'

/** @throws Failure of kind `usage` for a location that version 2 does not take from users, or cannot verify */
export function checkLocation(url: string, checksum: string | undefined): void {
  httpUrl(url, 'location')
  if (checksum === undefined) return
  throw usageError('checksum= cannot be verified with location=', {
    why: 'the data stays where it is, and nobody reads it',
    advice: 'copy_from=URL copies the data, and compares the checksum.',
  })
}

/** Looks at a registered location before we call it forgotten: about five minutes. */
const LOCATION_LOOKS = 70

/**
 * Makes a URL the data of a queued image: by the call of version 2.17, or where that is not there, by a patch.
 * @throws Failure that says why not, and what to do
 */
export async function addLocation(wire: Wire, id: string, url: string): Promise<void> {
  const what = `cannot register ${redactText(url)} as the data of image ${id}`
  const reply = await wire.send('POST', locationsPath(id), {
    headers: {'content-type': 'application/json'},
    body: JSON.stringify({url}),
  })
  const advice = {400: COPY_INSTEAD, 403: COPY_INSTEAD, 404: COPY_INSTEAD, 409: COPY_INSTEAD}
  if (reply.status !== 404 && reply.status !== 405) {
    await explained(async () => (await wire.answered(reply, {what, advice})).discard())
    return untilActive(wire, id, {what, advice: COPY_INSTEAD, looks: LOCATION_LOOKS})
  }
  await reply.discard()
  const value = {url, metadata: {}}
  const json = [{op: 'add', path: '/locations/-', value}]
  await explained(() => wire.done('PATCH', imagePath(id), {what, advice}, {json, type: PATCH_TYPE}))
}

async function explained(register: () => Promise<void>): Promise<void> {
  try {
    await register()
  } catch (error) {
    throw error instanceof Failure && error.status === 400 ? error.with({why: refusal(error.why)}) : error
  }
}

/** Of a URL that does not answer, or that it must not ask, the server says only this (Glance 25). */
function refusal(why: string | undefined): string | undefined {
  if (!/^(Invalid location|The Store URI was malformed)/.test(why ?? '')) return why
  return `the service says '${why}': it cannot or must not read that URL`
}
