/** Chooses the digests to compute while data is sent to version 2: those that the service will probably report. */
import {toHashAlgorithm} from '../../../data/hash-algorithm.js'
import type {Draft} from '../../../model/draft.js'
import type {ImageData} from '../../image-api.js'
import {requireList, requireMapping, textFrom} from '../documents.js'
import {IMAGES} from '../paths.js'
import type {ServiceClient} from '../service-client.js'

/** Every image has an MD5, and from 17.0.0 on also one of the others; only stored images show which one. */
const ALL_ALGORITHMS = ['md5', 'sha256', 'sha512']

/** The default of the service from 17.0.0 on, and faster than MD5. */
const DEFAULT_ALGORITHM = 'sha512'

/** Bytes; up to this size all algorithms together take less time than the service. */
const SMALL_DATA_BYTES = 8 * 1024 * 1024

/**
 * Chooses the algorithms: one for large data. A file is hashed as the newest image was: if the service hashes differently
 * now, the file can be read again. A pipe cannot, so it is hashed with the one algorithm that every service reports.
 * @returns the algorithms, as `createHasher` takes them
 */
export async function chooseAlgorithms(
  client: ServiceClient,
  {size, repeatable}: ImageData,
  {checksum}: Draft,
): Promise<readonly string[]> {
  if (size !== undefined && size <= SMALL_DATA_BYTES) return ALL_ALGORITHMS
  return !repeatable || checksum !== undefined ? ['md5'] : [await findLatestAlgorithm(client)]
}

/** The algorithm of the newest image that the caller can see: MD5 if it has no other that is known here. */
async function findLatestAlgorithm(client: ServiceClient): Promise<string> {
  const what = 'cannot detect the hash algorithm of the service'
  try {
    const page = await client.json('GET', `${IMAGES}?status=active&limit=1`, {what})
    const [image] = requireList(page, 'images')
    if (image === undefined) return DEFAULT_ALGORITHM
    const {os_hash_algo: name, os_hash_value: value} = requireMapping(image, 'images')
    return toHashAlgorithm(textFrom(name) ?? '', textFrom(value) ?? '') ?? 'md5'
  } catch {
    // The upload itself will report the problem.
    return DEFAULT_ALGORITHM
  }
}
