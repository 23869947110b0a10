/** Images by their name: the id of the one image that is called so. */
import type {ImageApi} from '../api/image-api.js'
import {Failure} from '../model/errors.js'
import type {Image} from '../model/image.js'
import {printable} from './text.js'

const UUID = /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i

/** So many namesakes are listed when a name is not enough. */
const NAMESAKES = 10

/** Lists to look for a name in, one after the other: version 2 leaves hidden images, and shares not yet accepted, out of the first. */
const PLACES: Readonly<Record<1 | 2, readonly Readonly<Record<string, string>>[]>> = {
  1: [{is_public: 'none'}],
  2: [
    {is_public: 'none'},
    {is_public: 'none', os_hidden: 'true'},
    {visibility: 'shared', member_status: 'all'},
  ],
}

/**
 * The id of an image given by id or by name. A UUID is an id, and on version 1 so is a number, as servers counted in 2011.
 * @throws Failure of kind not-found when no image is called so, failed when several are: they are listed
 */
export async function imageId(api: ImageApi, word: string): Promise<string> {
  if (UUID.test(word)) return word
  if (api.version === 1 && /^\d+$/.test(word)) return word
  for (const place of PLACES[api.version]) {
    const found = await namesakes(api, word, place)
    if (found.length > 0) return onlyOne(found, word)
  }
  throw new Failure('not-found', `there is no image with the name or id '${word}'`, {
    advice: 'See what there is with: glance index is_public=none',
  })
}

async function namesakes(
  api: ImageApi,
  name: string,
  place: Readonly<Record<string, string>>,
): Promise<readonly Image[]> {
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
  return printable(`${id} (added ${createdAt ?? 'at an unknown time'}, owner ${owner ?? 'nobody'})`)
}
