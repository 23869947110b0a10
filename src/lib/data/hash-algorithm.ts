/** The hash algorithms that services use, by the names of Node's crypto module. */
import {createHash, getHashes, type Hash} from 'node:crypto'
import type {Image} from '../model/image.js'

/** A digest that a service reports for an image, and that can be computed here. */
export interface ReportedDigest {
  /** Algorithm as the service names it. */
  readonly name: string
  /** Algorithm as `createHasher` takes it. */
  readonly algorithm: string
  /** Hexadecimal, in lower case. */
  readonly digest: string
}

/** Names of Python's hashlib that differ from those of OpenSSL in more than separators and case. */
const OPENSSL_NAMES: Readonly<Record<string, string>> = {blake2b: 'blake2b512', blake2s: 'blake2s256'}

/** Bytes. Digests of any length can be computed of SHAKE; longer ones prove nothing more. */
const MAX_SHAKE_LENGTH = 1024

/**
 * The algorithm of a digest, for `createHasher`.
 * @param name as Python's hashlib has it (`sha512`, `sha3_512`, `blake2b`, `shake_128`), as services report it
 * @param digest hexadecimal; its length is a parameter of SHAKE
 * @returns the name in Node's crypto module, for SHAKE with the length in bytes (`shake128/32`); undefined if unsupported
 */
export function toHashAlgorithm(name: string, digest: string): string | undefined {
  const plain = removeSeparators(name)
  const openSslName = OPENSSL_NAMES[plain] ?? plain
  const algorithm = findHash(openSslName)
  if (algorithm === undefined || !openSslName.startsWith('shake')) return algorithm
  const length = digest.length / 2
  return Number.isInteger(length) && length > 0 && length <= MAX_SHAKE_LENGTH
    ? `${algorithm}/${length}`
    : undefined
}

/** The shortest of the names that Node has for a hash: later releases list several, for example `sha-512` and `sha512`. */
function findHash(plainName: string): string | undefined {
  const names = getHashes().filter(known => removeSeparators(known) === plainName)
  return names.sort((one, other) => one.length - other.length)[0]
}

function removeSeparators(name: string): string {
  return name.toLowerCase().replaceAll(/[-_/]/g, '')
}

/** @param algorithm a name in Node's crypto module, or a result of `toHashAlgorithm` */
export function createHasher(algorithm: string): Hash {
  const [, name, length] = /^(shake\d+)\/(\d+)$/i.exec(algorithm) ?? []
  return name === undefined ? createHash(algorithm) : createHash(name, {outputLength: Number(length)})
}

/** The digests of the image that can be compared with its data: MD5 first, the multihash last. */
export function reportedDigests({checksum, osHashAlgo, osHashValue}: Image): readonly ReportedDigest[] {
  const algorithm = osHashAlgo && osHashValue ? toHashAlgorithm(osHashAlgo, osHashValue) : undefined
  return [
    ...(checksum ? [{name: 'md5', algorithm: 'md5', digest: checksum.toLowerCase()}] : []),
    ...(osHashAlgo && osHashValue && algorithm !== undefined
      ? [{name: osHashAlgo, algorithm, digest: osHashValue.toLowerCase()}]
      : []),
  ]
}

/**
 * The warning for an image of which no digest was compared.
 * @param algorithms the algorithms of the digests that were computed; undefined if any could have been
 */
export function explainMissingComparison(image: Image, algorithms?: readonly string[]): string | undefined {
  const {size, osHashAlgo, osHashValue} = image
  const reported = reportedDigests(image)
  const isCompared = reported.some(({algorithm}) => algorithms?.includes(algorithm) ?? true)
  if (isCompared) return undefined
  const compared = size === null ? 'nothing was compared' : 'only the size was compared'
  if (!osHashAlgo || !osHashValue) return `the service reports no checksum of this image; ${compared}`
  const reason =
    reported.length === 0 ? 'which cannot be checked here' : 'which was not computed while the data was sent'
  return `the service hashes with ${osHashAlgo}, ${reason}; ${compared}`
}
