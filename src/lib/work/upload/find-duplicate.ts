/** Finds an image that has the same data already. */
import type {ImageApi, ImageData} from '../../api/image-api.js'
import type {Digests} from '../../data/digest.js'
import type {Draft} from '../../model/draft.js'
import {usageError} from '../../model/errors.js'
import type {Image} from '../../model/image.js'
import {fetchPages} from '../paging.js'

/** What is known of data before it is sent. */
interface KnownContent {
  readonly size: number | undefined
  readonly digests: Digests
}

/** What a service of version 2 hashes with unless its operator chose otherwise. */
const DEFAULT_HASH = 'sha512'

/** An image that the caller can see, whose data is the same; undefined when there is none. */
export async function findDuplicate(
  api: ImageApi,
  data: ImageData,
  draft: Draft,
): Promise<Image | undefined> {
  const content = await readContent(data, draft)
  for (const fields of buildSearches(api, content)) {
    const query = {filters: {fields: {...fields, is_public: 'none'}, properties: {}}, limit: PAGE_SIZE}
    for await (const images of fetchPages({fetch: query => api.details(query), query})) {
      const duplicate = images.find(image => hasSameContent(image, content))
      if (duplicate !== undefined) return duplicate
    }
  }
  return undefined
}

const PAGE_SIZE = 500

/** Where lists do not find by checksum, they find by size. */
function buildSearches({listsByDigest}: ImageApi, {size, digests}: KnownContent): Record<string, string>[] {
  const {md5, [DEFAULT_HASH]: defaultDigest} = digests
  if (!listsByDigest) return [size === undefined ? {} : {size_min: `${size}`, size_max: `${size}`}]
  return [...(md5 ? [{checksum: md5}] : []), ...(defaultDigest ? [{os_hash_value: defaultDigest}] : [])]
}

function hasSameContent(image: Image, {size, digests}: KnownContent): boolean {
  const {status, checksum, osHashAlgo, osHashValue} = image
  if (status !== 'active' || (size !== undefined && image.size !== size)) return false
  const digest = digests[osHashAlgo?.toLowerCase() ?? '']
  if (digest !== undefined && osHashValue) return osHashValue.toLowerCase() === digest
  return checksum !== null && checksum.toLowerCase() === digests['md5']
}

/** @throws Failure of kind `usage` for data that can be read only once, and whose checksum nobody has told */
async function readContent(data: ImageData, {checksum, size}: Draft): Promise<KnownContent> {
  if (checksum !== undefined) return {size: size ?? data.size, digests: {md5: checksum.toLowerCase()}}
  if (!data.repeatable) {
    throw usageError('--if-absent must know the data before it is sent', {
      why: 'a pipe can be read only once',
      advice: 'Say checksum=MD5, or give --spool, which keeps a copy on disk meanwhile.',
    })
  }
  const {Digester} = await import('../../data/digest.js')
  const digester = new Digester(['md5', 'sha256', DEFAULT_HASH], data.size)
  let length = 0
  for await (const chunk of data.open() as AsyncIterable<Uint8Array>) {
    length += chunk.length
    await digester.update(chunk)
  }
  return {size: length, digests: await digester.digests()}
}
