/** Which digests of data are computed while it leaves for version 2: those that the service will most likely tell. */
import {toHashName} from '../../../data/digest.js'
import type {Draft} from '../../../model/draft.js'
import type {ImageData} from '../../image-api.js'
import {requireList, requireMapping, textFrom} from '../documents.js'
import {IMAGES} from '../paths.js'
import type {ServiceClient} from '../service-client.js'

/** MD5 is told of every image, and one of the others by services from 17.0.0 on: which one, only with a stored image. */
const ALL_ALGORITHMS = ['md5', 'sha256', 'sha512']

/** Data that is hashed in all these ways sooner than the service answers. Bytes. */
const SMALL_DATA_BYTES = 8 * 1024 * 1024

/**
 * Names of algorithms as the runtime has them. A file is hashed as the newest image was: should the service hash otherwise
 * now, it can be read again. A pipe cannot.
 */
export async function chooseAlgorithms(
  client: ServiceClient,
  {size = 0, repeatable}: ImageData,
  {checksum}: Draft,
): Promise<readonly string[]> {
  if (!repeatable || size <= SMALL_DATA_BYTES || checksum !== undefined) return ALL_ALGORITHMS
  const latest = await findLatestAlgorithm(client)
  return latest === undefined ? ALL_ALGORITHMS : [latest]
}

/** How the newest image was hashed that the caller can see; undefined when nobody can tell. */
async function findLatestAlgorithm(client: ServiceClient): Promise<string | undefined> {
  const what = 'cannot ask how images are hashed'
  try {
    const page = await client.json('GET', `${IMAGES}?status=active&limit=1`, {what})
    const [image] = requireList(page, 'images')
    return toHashName(textFrom(requireMapping(image, 'images')['os_hash_algo']) ?? '')
  } catch {
    // Where something is wrong, the upload itself says it.
    return undefined
  }
}
