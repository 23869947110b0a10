/** Resolves a name or id to an image. */
import type {ImageApi} from '../api/image-api.js'
import {stripImageUri} from '../api/image-uri.js'
import {Failure} from '../model/errors.js'
import type {Image} from '../model/image.js'

/** Ids of servers: UUIDs, with and without hyphens, and numbers. */
const ID_PATTERN = /^([0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}|\d+)$/i

/** True for text that is looked up as an id first. */
export function isLikeId(text: string): boolean {
  return ID_PATTERN.test(text)
}

type FindByName = (name: string) => Promise<readonly Image[]>

/**
 * Performs an action on the image of that id, name or URI. A UUID counts as an id, and so does a number, because servers
 * of 2011 numbered their images; if no image has that id, it counts as a name.
 * @throws Failure of kind not-found when there is no match, ambiguous when several images have the name: they are listed
 */
export function withImage<T>(api: ImageApi, nameOrId: string, act: (id: string) => Promise<T>): Promise<T> {
  return withMatch(api, nameOrId, name => api.findByName(name), act).catch(error => {
    throw error instanceof Failure && error.kind === 'not-found' ? noImageError(nameOrId, error) : error
  })
}

/** As `withImage`, for an action on a member: if that is what was not found, the failure says so. */
export function withImageOfMember<T>(
  api: ImageApi,
  nameOrId: string,
  act: (id: string) => Promise<T>,
): Promise<T> {
  return withMatch(api, nameOrId, name => api.findByName(name), act)
}

/** As `withImage`, on behalf of a member: images shared with the caller come first, accepted or not. */
export function withSharedImage<T>(
  api: ImageApi,
  nameOrId: string,
  act: (id: string) => Promise<T>,
): Promise<T> {
  return withMatch(api, nameOrId, name => api.findByName(name, true), act)
}

/** The id of the image of that id or name, for changes of several steps: checking that it exists costs a request. */
export function resolveImageId(api: ImageApi, nameOrId: string): Promise<string> {
  return withImage(api, nameOrId, async id => (id === nameOrId ? (await api.show(id)).id : id))
}

async function withMatch<T>(
  api: ImageApi,
  text: string,
  findByName: FindByName,
  act: (id: string) => Promise<T>,
): Promise<T> {
  const nameOrId = stripImageUri(text, api.url)
  if (!isLikeId(nameOrId))
    return act(requireSingle(await findByName(nameOrId), nameOrId) ?? throwNoImage(nameOrId))
  try {
    return await act(nameOrId)
  } catch (error) {
    if (!(error instanceof Failure) || error.kind !== 'not-found') throw error
    const id = requireSingle(await findByName(nameOrId), nameOrId)
    if (id === undefined) throw error
    return act(id)
  }
}

function throwNoImage(nameOrId: string): never {
  throw noImageError(nameOrId)
}

/** The sentence of the original tools, which scripts look for. */
function noImageError(nameOrId: string, cause?: Failure): Failure {
  return new Failure('not-found', `No image with ID ${nameOrId} was found`, {
    why: 'no image that you can see has this id or name',
    advice: 'List all images with: glance index is_public=none',
    requestId: cause?.requestId,
    cause,
  })
}

/** The id of the only match; undefined when there is none. */
function requireSingle(images: readonly Image[], name: string): string | undefined {
  const [image, ...others] = images
  if (others.length === 0) return image?.id
  throw new Failure('ambiguous', `more than one image has the name '${name}'`, {
    why: images.map(describeMatch).join('; '),
    advice: 'Use the id of the image.',
    candidates: images,
  })
}

function describeMatch({id, createdAt, owner}: Image): string {
  return `${id} (added ${createdAt ?? 'at an unknown time'}, owner ${owner ?? 'unknown'})`
}
