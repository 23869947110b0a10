/** Images by their id or name: the one image that is called so. */
import type {ImageApi} from '../api/image-api.js'
import {Failure} from '../model/errors.js'
import type {Image} from '../model/image.js'

/** What servers call images by: UUIDs, with and without hyphens, and numbers. */
const ID_PATTERN = /^([0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}|\d+)$/i

/** So many namesakes are listed when a name is not enough. */
const MAX_MATCHES = 10

type SearchScope = Readonly<Record<string, string>>

/** Where offers are that the caller has not accepted. */
const SHARED_WITH_CALLER: readonly SearchScope[] = [
  {visibility: 'shared', member_status: 'all'},
  {visibility: 'shared', member_status: 'all', os_hidden: 'true'},
]

/**
 * Lists to look for a name in, one after the other. What strangers share with the caller, or with everybody who knows of
 * it, must not stand in the way of his own; what he has not accepted is nowhere here.
 */
function searchScopes({listsPublicOnly, listsHidden}: ImageApi): readonly SearchScope[] {
  if (listsPublicOnly) return [{is_public: 'none'}]
  return [{}, ...(listsHidden ? [{os_hidden: 'true'}] : []), {visibility: 'community'}]
}

/**
 * Does something with the image of that id or name. A UUID is an id, and so is a number, as servers counted in 2011,
 * unless there is no image of that id, and one of that name.
 * @throws Failure of kind not-found when no image is called so, failed when several are: they are listed
 */
export function withImage<T>(api: ImageApi, nameOrId: string, act: (id: string) => Promise<T>): Promise<T> {
  return withImageIn(searchScopes(api), api, nameOrId, act)
}

/** The same, for what a member does with an offer: those that wait for an answer come first. */
export function withSharedImage<T>(
  api: ImageApi,
  nameOrId: string,
  act: (id: string) => Promise<T>,
): Promise<T> {
  const sharedScopes = api.hasMemberStatus ? SHARED_WITH_CALLER : []
  return withImageIn([...sharedScopes, ...searchScopes(api)], api, nameOrId, act)
}

/** The id of the image of that id or name, for deeds of several steps: to look whether it is there costs a request. */
export function resolveImageId(api: ImageApi, nameOrId: string): Promise<string> {
  return withImage(api, nameOrId, async id => (id === nameOrId ? (await api.show(id)).id : id))
}

async function withImageIn<T>(
  scopes: readonly SearchScope[],
  api: ImageApi,
  nameOrId: string,
  act: (id: string) => Promise<T>,
): Promise<T> {
  if (!ID_PATTERN.test(nameOrId))
    return act((await findIdByName(api, nameOrId, scopes)) ?? throwNotFound(nameOrId))
  try {
    return await act(nameOrId)
  } catch (error) {
    if (!(error instanceof Failure) || error.kind !== 'not-found') throw error
    const id = await findIdByName(api, nameOrId, scopes)
    if (id === undefined) throw error
    return act(id)
  }
}

async function findIdByName(
  api: ImageApi,
  name: string,
  scopes: readonly SearchScope[],
): Promise<string | undefined> {
  for (const scope of scopes) {
    const found = await findByName(api, name, scope)
    if (found.length > 0) return requireSingle(found, name)
  }
  return undefined
}

function throwNotFound(nameOrId: string): never {
  throw new Failure('not-found', `there is no image with the name or id '${nameOrId}'`, {
    advice: 'See what there is with: glance index is_public=none',
  })
}

async function findByName(api: ImageApi, name: string, scope: SearchScope): Promise<readonly Image[]> {
  const {images} = await api.details({
    filters: {fields: {...scope, name}, properties: {}},
    limit: MAX_MATCHES,
  })
  return images.filter(image => image.name === name)
}

function requireSingle(images: readonly Image[], name: string): string {
  const [image, ...others] = images
  if (image !== undefined && others.length === 0) return image.id
  throw new Failure('failed', `more than one image has the name '${name}'`, {
    why: images.map(describeMatch).join('; '),
    advice: 'Name the one you mean by its id.',
  })
}

function describeMatch({id, createdAt, owner}: Image): string {
  return `${id} (added ${createdAt ?? 'at an unknown time'}, owner ${owner ?? 'nobody'})`
}
