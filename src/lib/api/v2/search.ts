/** Searches that take several lists in version 2 of the API. */
import type {Image, Page} from '../../model/image.js'
import type {ListQuery} from '../../model/list-query.js'
import type {KnownContent} from '../image-api.js'
import {allImages, imagesNamed, type OwnPagesOptions, ownPages} from '../search.js'

type ListImages = (query: ListQuery) => Promise<Page<Image>>

/** The default hash algorithm of a service. */
const DEFAULT_HASH = 'sha512'

/** Images that other projects share with the caller, also those that the caller has not accepted. */
const SHARED_WITH_CALLER: readonly ListQuery[] = [
  {visibility: 'shared', memberStatus: 'all'},
  {visibility: 'shared', memberStatus: 'all', osHidden: true},
]

/** The caller's lists, then community images of other projects, which must not hide the caller's images. */
const USABLE_BY_CALLER: readonly ListQuery[] = [{}, {osHidden: true}, {visibility: 'community'}]

/** The images of that name in the first list that has one. */
export async function findByName(
  list: ListImages,
  name: string,
  sharedFirst: boolean,
): Promise<readonly Image[]> {
  for (const query of sharedFirst ? [...SHARED_WITH_CALLER, ...USABLE_BY_CALLER] : USABLE_BY_CALLER) {
    const matches = await imagesNamed(list, query, name)
    if (matches.length > 0) return matches
  }
  return []
}

/** Images with the MD5, then those with the default hash. */
export async function* findByDigest(list: ListImages, {digests}: KnownContent): AsyncGenerator<Image> {
  const {md5, [DEFAULT_HASH]: defaultDigest} = digests
  if (md5) yield* allImages(list, {checksum: md5, isPublic: 'any'})
  if (defaultDigest) yield* allImages(list, {osHashValue: defaultDigest, isPublic: 'any'})
}

/** A list holds either hidden images or the others. */
export async function* ownImages(
  list: ListImages,
  options: OwnPagesOptions,
): AsyncGenerator<readonly Image[]> {
  const query = {isPublic: 'any', owner: options.project} as const
  yield* ownPages(list, {...query, osHidden: false}, options)
  yield* ownPages(list, {...query, osHidden: true}, options)
}
