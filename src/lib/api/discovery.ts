/** Which versions of the Image API a service has, and which of them we speak. */
import {expectStatus} from '../http/errors/expect-status.js'
import type {Reply, Send} from '../http/message.js'
import {Failure} from '../model/errors.js'

export interface DiscoveredVersion {
  readonly version: 1 | 2
  /** Read from a list of versions; otherwise guessed from one answer, and not worth remembering. */
  readonly isCertain: boolean
}

/**
 * The version to speak: the one preferred if the service has it, else the newest that both sides know.
 *
 * `GET /` lists them, with 300 or 200, and needs no token. What stands in front of a service may keep that to itself;
 * then a list of images is asked for in the version preferred, else in v2: a service without it answers with its
 * versions (300) or knows no such path. What says nothing of versions at all is from before there was a second one.
 * @param url base of the service, without a slash at its end
 * @throws Failure when there is no version that we speak, or the service cannot be reached
 */
export async function discoverVersion(
  url: string,
  send: Send,
  preferred?: 1 | 2,
): Promise<DiscoveredVersion> {
  const what = `cannot ask ${url} which versions of the Image API it has`
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

/** Major versions of `{"versions": [{"id": "v2.16"}]}`; undefined when the answer to `GET /` is something else. */
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
  throw new Failure('failed', 'this service has no version of the Image API that we speak', {
    why: `it offers ${[...new Set(available)].map(major => `v${major}`).join(', ') || 'none at all'}; we speak v1 and v2`,
    advice: 'Check that this is the address of an Image service.',
  })
}
