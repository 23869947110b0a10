/** Verifies the signatures of images while their data arrives. */
import {constants, createVerify, type KeyObject, type VerifyKeyObjectInput} from 'node:crypto'
import type {Readable} from 'node:stream'
import type {ImageRecord} from '../../registry/registry.js'
import {type FindValue, readSettings} from '../../settings/setting.js'
import {SIGNATURES} from '../../settings/tables/imports.js'
import {ServiceError} from '../errors.js'
import {readThrough} from '../upload/read-through.js'
import {CertificateRefused, loadKey} from './certificates.js'
import {readClaim, type SignatureClaim} from './claim.js'

/** Opens the same data, which fails with `bad-signature` at its end if it does not have the signature of its image. */
export type VerifyData = (
  image: Pick<ImageRecord, 'id' | 'properties'>,
  open: () => Readable | Promise<Readable>,
) => Promise<Readable>

/**
 * Creates a verifier, which opens the data of images without a signature as it is. It throws `ServiceError`
 * `bad-signature` before it opens data whose signature cannot be verified at all.
 */
export function createVerifier(find: FindValue): VerifyData {
  const settings = readSettings(SIGNATURES, find)
  return async (image, open) => {
    const claim = readClaim(image)
    if (claim === undefined) return open()
    const refuse = (reason: string): never => {
      throw new ServiceError('bad-signature', {id: image.id, reason})
    }
    const key = await loadKey(settings, claim.certificate).catch(error => {
      if (error instanceof CertificateRefused) return refuse(error.message)
      throw error
    })
    if (!isKeyOfType(key, claim)) refuse('the key of the certificate is not of the stated type and size')
    const verify = createVerify(claim.hash)
    return readThrough(await open(), async function* (chunks) {
      for await (const chunk of chunks) {
        verify.update(chunk)
        yield chunk
      }
      const isGenuine = verify.verify(toVerifyKey(key, claim), claim.signature)
      if (!isGenuine) refuse('the data does not have this signature')
    })
  }
}

/** RSA has no salt with a key that is too short for the digest. */
function isKeyOfType(key: KeyObject, claim: SignatureClaim): boolean {
  const {asymmetricKeyType: type = '', asymmetricKeyDetails: details} = key
  if (claim.curve !== undefined) return type === 'ec' && details?.namedCurve === claim.curve
  return ['rsa', 'rsa-pss'].includes(type) && findSaltLength(key, claim) >= 0
}

/** Bytes of the digests. */
const LENGTHS: Readonly<Record<string, number>> = {sha224: 28, sha256: 32, sha384: 48, sha512: 64}

/** Bytes of the longest salt that fits (RFC 8017, 9.1.1). */
function findSaltLength({asymmetricKeyDetails}: KeyObject, {hash}: SignatureClaim): number {
  const bytes = Math.ceil(((asymmetricKeyDetails?.modulusLength ?? 0) - 1) / 8)
  return bytes - (LENGTHS[hash] ?? 0) - 2
}

/** As cursive, the library of Glance and Nova: for RSA, PSS with MGF1 and the longest salt. */
function toVerifyKey(key: KeyObject, claim: SignatureClaim): KeyObject | VerifyKeyObjectInput {
  if (claim.curve !== undefined) return key
  return {key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: findSaltLength(key, claim)}
}
