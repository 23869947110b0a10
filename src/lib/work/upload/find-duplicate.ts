/** Finds an image that already has the same data. */
import type {ImageApi, ImageData, KnownContent} from '../../api/image-api.js'
import {announcedDigests, compareDigests} from '../../api/upload/announced-digests.js'
import type {Draft} from '../../model/draft.js'
import {Failure, usageError} from '../../model/errors.js'
import type {Image} from '../../model/image.js'

/**
 * An image with the same data that the caller can see; undefined when there is none.
 * @throws Failure of kind `usage` for data that can be read only once, and whose checksum the draft does not name
 */
export async function findDuplicate(
  api: ImageApi,
  data: ImageData,
  draft: Draft,
): Promise<Image | undefined> {
  return findSameContent(api, await readContent(data, draft))
}

/** An image with this content that the caller can see; undefined when there is none. */
export async function findSameContent(api: ImageApi, content: KnownContent): Promise<Image | undefined> {
  for await (const image of api.findByDigest(content)) if (hasSameContent(image, content)) return image
  return undefined
}

function hasSameContent(image: Image, {size, digests}: KnownContent): boolean {
  const {status, checksum, osHashAlgo, osHashValue} = image
  if (status !== 'active' || (size !== undefined && image.size !== size)) return false
  const digest = digests[osHashAlgo?.toLowerCase() ?? '']
  if (digest !== undefined && osHashValue) return osHashValue.toLowerCase() === digest
  return checksum !== null && checksum.toLowerCase() === digests['md5']
}

async function readContent(data: ImageData, draft: Draft): Promise<KnownContent> {
  const digests = announcedDigests(draft)
  if (!data.repeatable) {
    if (Object.keys(digests).length > 0) return {size: draft.size ?? data.size, digests}
    throw usageError('--if-absent requires data that can be read before it is sent', {
      why: 'a pipe can be read only once',
      advice: 'Give checksum=, sha256= or sha512=, or --spool, which keeps a copy on disk during the upload.',
    })
  }
  const {Digester} = await import('../../data/digest.js')
  const digester = new Digester(['md5', 'sha256', 'sha512'], data.size)
  let length = 0
  try {
    for await (const chunk of data.open() as AsyncIterable<Uint8Array>) {
      length += chunk.length
      await digester.update(chunk)
    }
    const computed = await digester.digests()
    const difference = compareDigests(computed, digests)
    if (difference !== undefined) throw new Failure('unverified', 'no image was added', {why: difference})
    return {size: length, digests: computed}
  } finally {
    digester.cancel()
  }
}
