/** Detects the versions of the Image API that a service has, and chooses one. */
import {expectStatus} from '../http/errors/expect-status.js'
import type {Reply, Send} from '../http/message.js'
import {Failure} from '../model/errors.js'

/** A version of the API. */
export interface FoundVersion {
  readonly major: 1 | 2
  /** The newest minor version of that major one; undefined if the service does not list its versions. */
  readonly minor?: number | undefined
}

/** The chosen version. */
export interface DiscoveredVersion extends FoundVersion {
  /** Read from a list of versions; otherwise inferred from one reply, and not to be remembered. */
  readonly isCertain: boolean
}

/** A version as a service lists it. */
interface ListedVersion {
  readonly major: number
  readonly minor: number
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
  if (listed) return {...chooseVersion(listed, preferred), isCertain: true}
  const assumed = preferred ?? 2
  const other = {major: assumed === 2 ? 1 : 2} as const
  const images = await send({method: 'GET', url: `${url}/v${assumed}/images?limit=1`})
  await expectStatus(images, [200, 300, 401, 403, 404], {what})
  if (images.status !== 300) {
    await images.discard()
    return {...(images.status === 404 ? other : {major: assumed}), isCertain: false}
  }
  const others = await parseVersions(images)
  return {...(others ? chooseVersion(others, preferred) : other), isCertain: false}
}

/**
 * True if the service lists version 1; false if it cannot be asked.
 * @param readRoot requests `GET /`
 */
export async function hasVersion1(readRoot: () => Promise<Reply>): Promise<boolean> {
  try {
    return (await parseVersions(await readRoot()))?.some(({major}) => major === 1) === true
  } catch {
    return false
  }
}

function isTemporary({status}: Reply): boolean {
  return [429, 502, 503, 504].includes(status)
}

/** The versions of `{"versions": [{"id": "v2.16"}]}`; undefined for any other reply. */
async function parseVersions(reply: Reply): Promise<readonly ListedVersion[] | undefined> {
  if (reply.status !== 200 && reply.status !== 300) {
    await reply.discard()
    return undefined
  }
  const body = await reply.json().catch(() => undefined)
  if (typeof body !== 'object' || body === null || !('versions' in body)) return undefined
  const {versions} = body
  if (!Array.isArray(versions)) return undefined
  const ids = versions.map(version => /^v(\d{1,3})(?:\.(\d{1,3}))?$/.exec(String(version?.id)))
  return ids.flatMap(id => (id ? [{major: Number(id[1]), minor: Number(id[2] ?? 0)}] : []))
}

function chooseVersion(available: readonly ListedVersion[], preferred: 1 | 2 | undefined): FoundVersion {
  const candidates = [preferred, 2, 1] as const
  const major = candidates.find(major => available.some(version => version.major === major))
  if (major !== undefined) {
    const minors = available.filter(version => version.major === major).map(({minor}) => minor)
    return {major, minor: Math.max(...minors)}
  }
  throw new Failure('failed', 'this service has no supported version of the Image API', {
    why: `it has ${[...new Set(available.map(({major}) => `v${major}`))].join(', ') || 'none'}; this tool supports v1 and v2`,
    advice: 'Check that this is the address of an Image service.',
  })
}
