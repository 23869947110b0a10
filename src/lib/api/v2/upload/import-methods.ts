/** Checks that the service has a method of import, before anything is changed. */
import {Failure} from '../../../model/errors.js'
import {requireMapping} from '../documents.js'
import {IMPORT_INFO} from '../paths.js'
import type {ServiceClient} from '../service-client.js'

/** Texts of the failure. */
export interface MethodTexts {
  /** Its first line. */
  readonly what: string
  readonly advice?: string | undefined
}

/** @throws Failure unless the service has the method */
export async function requireMethod(
  client: ServiceClient,
  method: string,
  {what, advice}: MethodTexts,
): Promise<void> {
  const reply = await client.call('GET', IMPORT_INFO, {what}, {statuses: [200, 404]})
  const methods = reply.status === 200 ? parseMethods(await reply.json()) : []
  if (reply.status !== 200) await reply.discard()
  if (methods.includes(method)) return
  const available = methods.length === 0 ? 'it has no import methods' : `it has only ${methods.join(', ')}`
  throw new Failure('failed', what, {why: `${method} is off: ${available}`, advice})
}

/** `{"import-methods": {"value": ["glance-direct", "web-download"]}}` (2.6) */
function parseMethods(body: unknown): string[] {
  const {value} = requireMapping(requireMapping(body, 'import-methods')['import-methods'], 'import-methods')
  return Array.isArray(value) ? value.filter(method => typeof method === 'string') : []
}
