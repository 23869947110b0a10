/** The images that arguments name, by id, by name, or as the newest of those that match filters. */
import type {ImageApi} from '../api/image-api.js'
import {Failure} from '../model/errors.js'
import type {Image} from '../model/image.js'
import {type Filters, NEWEST_FIRST} from '../model/list-query.js'
import type {Notes} from '../model/notes.js'
import type {ChangeSession} from './changes/change.js'

/** How arguments select images. */
export interface Selection {
  /** The arguments are filters, which select the newest image. */
  readonly isNewest: boolean
  /** Filters for fields that the arguments do not name. */
  readonly defaults?: Filters
}

/**
 * The ids or names of the images that arguments select.
 * @throws Failure of kind not-found if no image matches, usage for invalid filters; only with `isNewest`
 */
export async function selectImages(
  {open, display}: Pick<ChangeSession, 'open' | 'display'>,
  texts: readonly string[],
  {isNewest, defaults = {}}: Selection,
): Promise<readonly string[]> {
  return isNewest ? [(await findNewest(await open(), texts, defaults, display)).id] : texts
}

/**
 * The newest image that matches, by the time of its creation. The lists of both versions are searched alike: public
 * images, and those of the caller's own and shared ones that lists include.
 * @param texts filters, `field=value`; a text without an operator is a name
 * @param defaults filters for fields that the texts do not name
 * @throws Failure of kind not-found if no image matches, usage for invalid filters
 */
async function findNewest(
  api: ImageApi,
  texts: readonly string[],
  defaults: Filters,
  notes: Notes,
): Promise<Image> {
  const [{parseFilters}, {fetchPages}] = await Promise.all([
    import('../model/filters.js'),
    import('./paging.js'),
  ])
  const {filters, notices} = parseFilters(texts.map(text => (/[=<>]/.test(text) ? text : `name=${text}`)))
  for (const notice of notices) notes.note(notice)
  const scope = api.version === 1 ? ({isPublic: 'any'} as const) : {}
  const query = {...scope, ...defaults, ...filters, sort: NEWEST_FIRST, limit: 1}
  for await (const [image] of fetchPages({fetch: page => api.details(page), query, maxItems: 1}))
    if (image) return image
  throw noMatchError(texts, query)
}

function noMatchError(texts: readonly string[], {status}: Filters): Failure {
  return new Failure('not-found', `no image matches ${texts.join(' ')}`, {
    why: `no image in your lists meets all of the filters${status === undefined ? '' : ` and is ${status}`}`,
    advice: 'List all images with: glance index is_public=none',
  })
}
