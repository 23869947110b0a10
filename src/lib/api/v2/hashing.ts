/** Which digests of data are computed while it leaves for version 2: those that the service will most likely tell. */
import {hashName} from '../../io/digest.js'
import type {Draft} from '../../model/draft.js'
import type {ImageData} from '../image-api.js'
import {list, record, textFrom} from './bodies.js'
import {IMAGES} from './paths.js'
import type {Wire} from './wire.js'

/** MD5 is told of every image, and one of the others by services from 17.0.0 on: which one, only with a stored image. */
const ALL = ['md5', 'sha256', 'sha512']

/** Data that is hashed in all these ways sooner than the service answers. Bytes. */
const LITTLE = 8 * 1024 * 1024

/**
 * Names of algorithms as the runtime has them. A file is hashed as the newest image was: should the service hash otherwise
 * now, it can be read again. A pipe cannot.
 */
export async function algorithmsFor(
  wire: Wire,
  {size = 0, repeatable}: ImageData,
  {checksum}: Draft,
): Promise<readonly string[]> {
  if (!repeatable || size <= LITTLE || checksum !== undefined) return ALL
  const latest = await latestAlgorithm(wire)
  return latest === undefined ? ALL : [latest]
}

/** How the newest image was hashed that the caller can see; undefined when nobody can tell. */
async function latestAlgorithm(wire: Wire): Promise<string | undefined> {
  const what = 'cannot ask how images are hashed'
  try {
    const page = await wire.json('GET', `${IMAGES}?status=active&limit=1`, {what})
    const [image] = list(page, 'images')
    return hashName(textFrom(record(image, 'images')['os_hash_algo']) ?? '')
  } catch {
    // Where something is wrong, the upload itself says it.
    return undefined
  }
}
