/** The proof that the service has stored what it was sent. */
import type {Draft} from '../model/draft.js'
import {Failure} from '../model/errors.js'
import type {Image} from '../model/image.js'
import type {ImageData} from './image-api.js'
import type {Sent} from './meter.js'

/** What the stored data must be; nothing is compared that is not known. */
export interface Expectation {
  /** Bytes that the user or the source announced. */
  readonly size?: number | undefined
  /** MD5 that the user announced, in lower-case hexadecimal. */
  readonly checksum?: string | undefined
  readonly sent?: Sent | undefined
  /** Disk format of data that the service gets by itself. It may convert it, and then nothing can be compared. */
  readonly format?: string | null | undefined
}

/** What the user says of the data. */
export function expectationOf({size, checksum}: Draft): Expectation {
  return {size, checksum: checksum?.toLowerCase()}
}

/** @throws Failure of kind `unverified` for data that is known not to be as long as the draft says */
export function assertLength(data: ImageData, {size}: Draft): void {
  if (size === undefined || data.size === undefined || size === data.size) return
  throw new Failure('unverified', 'the image data is not what was announced', {
    why: `it has ${data.size} bytes, and size=${size} was given`,
  })
}

/**
 * @returns why nothing was compared, when that could not be done
 * @throws Failure of kind `unverified` when the service has stored something else
 */
export function assertStored(image: Image, expectation: Expectation): string | undefined {
  const {format} = expectation
  if (format && image.diskFormat && image.diskFormat !== format)
    return `note: the service has converted the data to ${image.diskFormat}, so it cannot be compared with what was announced`
  const announced = unlikeAnnounced(image, expectation)
  if (announced !== undefined)
    throw unverified(`the data of image ${image.id} is not what was announced`, announced)
  const changed = expectation.sent && unlikeSent(image, expectation.sent)
  if (changed !== undefined) throw unverified(`the data of image ${image.id} is not what was sent`, changed)
  return undefined
}

function unverified(what: string, why: string): Failure {
  return new Failure('unverified', what, {why})
}

function unlikeAnnounced({size: stored, checksum: computed}: Image, {size, checksum, sent}: Expectation) {
  if (size !== undefined && sent !== undefined && sent.size !== size)
    return `it has ${sent.size} bytes, ${size} were announced`
  if (size !== undefined && stored !== null && stored !== size)
    return `the service stored ${stored} bytes, ${size} were announced`
  const md5 = sent?.digests['md5']
  if (checksum !== undefined && md5 !== undefined && md5 !== checksum)
    return `its checksum is ${md5}, announced was ${checksum}`
  if (checksum !== undefined && computed && computed.toLowerCase() !== checksum)
    return `the service computed the checksum ${computed}, announced was ${checksum}`
  return undefined
}

function unlikeSent({size, checksum, osHashAlgo, osHashValue}: Image, sent: Sent): string | undefined {
  if (size !== null && size !== sent.size) return `the service stored ${size} bytes, ${sent.size} were sent`
  const md5 = sent.digests['md5']
  if (checksum && md5 !== undefined && checksum.toLowerCase() !== md5)
    return `the service computed the checksum ${checksum}, that of what was sent is ${md5}`
  const digest = sent.digests[osHashAlgo?.toLowerCase() ?? '']
  if (osHashValue && digest !== undefined && osHashValue.toLowerCase() !== digest)
    return `the service computed the ${osHashAlgo} ${osHashValue}, that of what was sent is ${digest}`
  return undefined
}
