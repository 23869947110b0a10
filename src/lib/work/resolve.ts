/** Images by their id or name: the one image that is called so. */
import type {ImageApi} from '../api/image-api.js'
import {Failure} from '../model/errors.js'
import type {Image} from '../model/image.js'

/** What servers call images by: UUIDs, with and without hyphens, and numbers. */
const ID = /^([0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}|\d+)$/i

/** So many namesakes are listed when a name is not enough. */
const NAMESAKES = 10

type Place = Readonly<Record<string, string>>

/** Where offers are that the caller has not accepted. */
const OFFERS: readonly Place[] = [
  {visibility: 'shared', member_status: 'all'},
  {visibility: 'shared', member_status: 'all', os_hidden: 'true'},
]

/**
 * Lists to look for a name in, one after the other. What strangers share with the caller, or with everybody who knows of
 * it, must not stand in the way of his own; what he has not accepted is nowhere here.
 */
function placesOf({listsPublicOnly, listsHidden}: ImageApi): readonly Place[] {
  if (listsPublicOnly) return [{is_public: 'none'}]
  return [{}, ...(listsHidden ? [{os_hidden: 'true'}] : []), {visibility: 'community'}]
}

/**
 * Does something with the image of that id or name. A UUID is an id, and so is a number, as servers counted in 2011,
 * unless there is no image of that id, and one of that name.
 * @throws Failure of kind not-found when no image is called so, failed when several are: they are listed
 */
export function withImage<T>(api: ImageApi, word: string, act: (id: string) => Promise<T>): Promise<T> {
  return withImageIn(placesOf(api), api, word, act)
}

/** The same, for what a member does with an offer: those that wait for an answer come first. */
export function withOffer<T>(api: ImageApi, word: string, act: (id: string) => Promise<T>): Promise<T> {
  const offers = api.membersAnswer ? OFFERS : []
  return withImageIn([...offers, ...placesOf(api)], api, word, act)
}

/** The id of the image of that id or name, for deeds of several steps: to look whether it is there costs a request. */
export function imageId(api: ImageApi, word: string): Promise<string> {
  return withImage(api, word, async id => (id === word ? (await api.show(id)).id : id))
}

async function withImageIn<T>(
  places: readonly Place[],
  api: ImageApi,
  word: string,
  act: (id: string) => Promise<T>,
): Promise<T> {
  if (!ID.test(word)) return act((await named(api, word, places)) ?? notFound(word))
  try {
    return await act(word)
  } catch (error) {
    if (!(error instanceof Failure) || error.kind !== 'not-found') throw error
    const id = await named(api, word, places)
    if (id === undefined) throw error
    return act(id)
  }
}

async function named(api: ImageApi, word: string, places: readonly Place[]): Promise<string | undefined> {
  for (const place of places) {
    const found = await namesakes(api, word, place)
    if (found.length > 0) return onlyOne(found, word)
  }
  return undefined
}

function notFound(word: string): never {
  throw new Failure('not-found', `there is no image with the name or id '${word}'`, {
    advice: 'See what there is with: glance index is_public=none',
  })
}

async function namesakes(api: ImageApi, name: string, place: Place): Promise<readonly Image[]> {
  const {images} = await api.details({filters: {fields: {...place, name}, properties: {}}, limit: NAMESAKES})
  return images.filter(image => image.name === name)
}

function onlyOne(images: readonly Image[], name: string): string {
  const [image, ...others] = images
  if (image !== undefined && others.length === 0) return image.id
  throw new Failure('failed', `more than one image has the name '${name}'`, {
    why: images.map(described).join('; '),
    advice: 'Name the one you mean by its id.',
  })
}

function described({id, createdAt, owner}: Image): string {
  return `${id} (added ${createdAt ?? 'at an unknown time'}, owner ${owner ?? 'nobody'})`
}
