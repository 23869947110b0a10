/** Detects the versions of the Image API that a service has, and chooses one. */
import {expectStatus} from '../http/errors/expect-status.js'
import type {Reply, Send} from '../http/message.js'
import {Failure} from '../model/errors.js'

/** The chosen version. */
export interface DiscoveredVersion {
  readonly version: 1 | 2
  /** Read from a list of versions; otherwise inferred from one reply, and not to be remembered. */
  readonly isCertain: boolean
}

/**
 * Chooses the preferred version if the service has it, otherwise the newest that both sides support.
 *
 * `GET /` lists the versions, with 300 or 200, and requires no token. A proxy may not pass it on; then a list of images
 * is requested in the preferred version, or in v2: a service without that version replies with its versions (300) or
 * with 404. Without a list of versions in that reply, the service has the other version.
 * @param url base of the service, without a trailing slash
 * @throws Failure if the service has no supported version, or cannot be reached
 */
export async function discoverVersion(
  url: string,
  send: Send,
  preferred?: 1 | 2,
): Promise<DiscoveredVersion> {
  const what = `cannot detect the versions of the Image API at ${url}`
  const root = await send({method: 'GET', url: `${url}/`})
  if (isTemporary(root)) await expectStatus(root, [200, 300], {what})
  const listed = await parseVersions(root)
  if (listed) return {version: chooseVersion(listed, preferred), isCertain: true}
  const assumed = preferred ?? 2
  const other = assumed === 2 ? 1 : 2
  const images = await send({method: 'GET', url: `${url}/v${assumed}/images?limit=1`})
  await expectStatus(images, [200, 300, 401, 403, 404], {what})
  if (images.status !== 300) {
    await images.discard()
    return {version: images.status === 404 ? other : assumed, isCertain: false}
  }
  return {version: chooseVersion((await parseVersions(images)) ?? [other], preferred), isCertain: false}
}

function isTemporary({status}: Reply): boolean {
  return [429, 502, 503, 504].includes(status)
}

/** Major versions of `{"versions": [{"id": "v2.16"}]}`; undefined for any other reply. */
export async function parseVersions(reply: Reply): Promise<readonly number[] | undefined> {
  if (reply.status !== 200 && reply.status !== 300) {
    await reply.discard()
    return undefined
  }
  const body = await reply.json().catch(() => undefined)
  if (typeof body !== 'object' || body === null || !('versions' in body)) return undefined
  const {versions} = body
  if (!Array.isArray(versions)) return undefined
  const ids = versions.map(version => /^v(\d+)(\.\d+)?$/.exec(String(version?.id))?.[1])
  return ids.filter(id => id !== undefined).map(Number)
}

function chooseVersion(available: readonly number[], preferred: 1 | 2 | undefined): 1 | 2 {
  const candidates = [preferred, 2, 1] as const
  const version = candidates.find(version => version !== undefined && available.includes(version))
  if (version !== undefined) return version
  throw new Failure('failed', 'this service has no supported version of the Image API', {
    why: `it has ${[...new Set(available)].map(major => `v${major}`).join(', ') || 'none'}; this tool supports v1 and v2`,
    advice: 'Check that this is the address of an Image service.',
  })
}
