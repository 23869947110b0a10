/** Images by their name: the id of the one image that is called so. */
import type {ImageApi} from '../api/image-api.js'
import {Failure} from '../model/errors.js'
import type {Image} from '../model/image.js'
import {printable} from './text.js'

/** A UUID in any form, or a number as the servers of 2011 counted. */
const ID = /^([0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}|\d+)$/i

/** So many namesakes are listed when a name is not enough. */
const NAMESAKES = 10

/**
 * The id of an image given by id or by name. What looks like an id is one.
 * @throws Failure of kind not-found when no image is called so, failed when several are: they are listed
 */
export async function imageId(api: ImageApi, word: string): Promise<string> {
  if (ID.test(word)) return word
  const filters = {fields: {name: word, is_public: 'none'}, properties: {}}
  const {images} = await api.details({filters, limit: NAMESAKES})
  const [image, ...others] = images.filter(({name}) => name === word)
  if (image === undefined) {
    throw new Failure('not-found', `there is no image with the name or id '${word}'`, {
      advice: 'See what there is with: glance index is_public=none',
    })
  }
  if (others.length === 0) return image.id
  throw new Failure('failed', `more than one image has the name '${word}'`, {
    why: [image, ...others].map(described).join('; '),
    advice: 'Name the one you mean by its id.',
  })
}

function described({id, createdAt, owner}: Image): string {
  return printable(`${id} (added ${createdAt ?? 'at an unknown time'}, owner ${owner ?? 'nobody'})`)
}
