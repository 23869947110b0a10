/** Searches that take several lists in version 2 of the API. */
import type {Image, Page} from '../../model/image.js'
import type {ListQuery} from '../../model/list-query.js'
import type {FeatureLevel} from '../feature-level.js'
import type {KnownContent} from '../image-api.js'
import {allImages, imagesNamed, type OwnPagesOptions, ownPages} from '../search.js'

type ListImages = (query: ListQuery) => Promise<Page<Image>>

/** The default hash algorithm of a service. */
const DEFAULT_HASH = 'sha512'

/**
 * The lists of shared images, also of those that the caller has not accepted; each holds either hidden images or the
 * others. Before 2.5, every image that is not public may be shared.
 */
export function sharedImageLists(level: FeatureLevel): ListQuery[] {
  const shared: ListQuery = level.has('shared visibility')
    ? {visibility: 'shared', memberStatus: 'all'}
    : {isPublic: false, memberStatus: 'all'}
  return [shared, ...(level.has('os_hidden') ? [{...shared, osHidden: true}] : [])]
}

/** The caller's lists, then community images of other projects, which must not hide the caller's images. */
function usableByCaller(level: FeatureLevel): ListQuery[] {
  return [
    {},
    ...(level.has('os_hidden') ? [{osHidden: true}] : []),
    ...(level.has('shared visibility') ? [{visibility: 'community'} as const] : []),
  ]
}

/** Features of the service, and the lists to search first. */
export interface NameSearchOptions {
  readonly level: FeatureLevel
  readonly sharedFirst: boolean
}

/** The images of that name in the first list that has one. */
export async function findByName(
  list: ListImages,
  name: string,
  {level, sharedFirst}: NameSearchOptions,
): Promise<readonly Image[]> {
  const usable = usableByCaller(level)
  for (const query of sharedFirst ? [...sharedImageLists(level), ...usable] : usable) {
    const matches = await imagesNamed(list, query, name)
    if (matches.length > 0) return matches
  }
  return []
}

/** Images with the MD5, then those with the default hash; hidden images last. */
export async function* findByDigest(
  list: ListImages,
  {digests}: KnownContent,
  level: FeatureLevel,
): AsyncGenerator<Image> {
  const {md5, sha256, [DEFAULT_HASH]: defaultDigest} = digests
  const digest = defaultDigest ?? (md5 === undefined ? sha256 : undefined)
  const queries: ListQuery[] = [
    ...(md5 ? [{checksum: md5, isPublic: 'any'} as const] : []),
    ...(digest && level.has('multihash') ? [{osHashValue: digest, isPublic: 'any'} as const] : []),
  ]
  for (const query of queries) yield* allImages(list, query)
  if (!level.has('os_hidden')) return
  for (const query of queries) yield* allImages(list, {...query, osHidden: true})
}

/**
 * A list holds either hidden images or the others. Without `visibility=all`, it lacks the community images of other
 * projects, so all community images are taken from a list of their own.
 */
export async function* ownImages(
  list: ListImages,
  {level, ...options}: OwnPagesOptions & {readonly level: FeatureLevel},
): AsyncGenerator<readonly Image[]> {
  const query = {isPublic: 'any', owner: options.project} as const
  const lacksCommunity = level.has('shared visibility') && !level.has('visibility=all')
  if (lacksCommunity && options.project === undefined) {
    for await (const images of ownPages(list, query, options))
      yield images.filter(({visibility}) => visibility !== 'community')
    for await (const images of ownPages(list, {visibility: 'community'}, options))
      yield images.filter(({visibility}) => visibility === 'community')
  } else yield* ownPages(list, query, options)
  if (level.has('os_hidden')) yield* ownPages(list, {...query, osHidden: true}, options)
}
