/** The signature of the data of an image, as four of its properties state it. */
import type {ImageRecord} from '../../registry/registry.js'
import {ServiceError} from '../errors.js'

/** What callers state about the signature of their data. */
export interface SignatureClaim {
  readonly signature: Buffer
  /** Name of the digest in OpenSSL. */
  readonly hash: string
  /** Name of the elliptic curve of the key in OpenSSL; undefined for RSA. */
  readonly curve: string | undefined
  /** UUID. */
  readonly certificate: string
}

/** The properties of the claim, as in Glance and Nova. */
const NAMES = [
  'img_signature',
  'img_signature_hash_method',
  'img_signature_key_type',
  'img_signature_certificate_uuid',
] as const

const HASHES: Readonly<Record<string, string>> = {
  'SHA-224': 'sha224',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
}

/** Curves of at least 384 bits by the type of the key. */
const CURVES: Readonly<Record<string, string>> = {
  ECC_SECP384R1: 'secp384r1',
  ECC_SECP521R1: 'secp521r1',
  ECC_SECT409K1: 'sect409k1',
  ECC_SECT409R1: 'sect409r1',
  ECC_SECT571K1: 'sect571k1',
  ECC_SECT571R1: 'sect571r1',
}

type WithProperties = Pick<ImageRecord, 'id' | 'properties'>

/** The values of the properties as one text, to find changes; empty for an image without a signature. */
export function formatClaim({properties}: WithProperties): string {
  return NAMES.map(name => properties[name] ?? '')
    .join('\n')
    .trim()
}

/**
 * The claim of an image; undefined if it has none of the properties.
 * @throws ServiceError `bad-signature` if one of them is missing or invalid
 */
export function readClaim(image: WithProperties): SignatureClaim | undefined {
  if (formatClaim(image) === '') return undefined
  const refuse = (reason: string): never => {
    throw new ServiceError('bad-signature', {id: image.id, reason})
  }
  const [text, method, type, certificate] = NAMES.map(
    name => image.properties[name] || refuse(`the property ${name} is missing`),
  ) as [string, string, string, string]
  const encoded = text.replaceAll(/\s/g, '')
  const signature = Buffer.from(encoded, 'base64')
  if (signature.toString('base64') !== encoded) refuse('img_signature is not encoded in base64')
  if (!/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(certificate)) {
    refuse(`img_signature_certificate_uuid is not a UUID: ${certificate}`)
  }
  const curve = CURVES[type]
  if (curve === undefined && type !== 'RSA-PSS') {
    refuse(`invalid signature key type ${type}: expected RSA-PSS, ${Object.keys(CURVES).join(', ')}`)
  }
  const hash = HASHES[method] ?? refuse(`invalid signature hash method ${method}: expected ${HASH_NAMES}`)
  return {signature, hash, curve, certificate: certificate.toLowerCase()}
}

const HASH_NAMES = Object.keys(HASHES).join(', ')

/** @throws ServiceError `bad-signature` for an image with a signature, whose data at a location is not read before it is used */
export function requireNoClaim(image: WithProperties): void {
  if (formatClaim(image) === '') return
  const reason =
    'data at a location is not verified; upload or import the data, or remove the properties img_signature*'
  throw new ServiceError('bad-signature', {id: image.id, reason})
}
