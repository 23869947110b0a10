/** Explains why the certificate of a server was rejected, with the name or authority at fault and a hint. */
import type {DetailedPeerCertificate} from 'node:tls'
import {toOneLine} from '../errors/error-text.js'
import {CertificateError, errorCode} from '../errors/transport-errors.js'

/** The certificate of a server; undefined or without some fields if it was not received or has none. */
export type ServerCertificate = Partial<DetailedPeerCertificate> | undefined

/** Errors that more authorities may resolve. */
const UNKNOWN_AUTHORITY_CODES = new Set([
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
])

const INSECURE_ADVICE = 'or accept any certificate with --insecure (-k).'

/** True when the certificate is not signed by a known authority. */
export function isUnknownAuthority(error: unknown): boolean {
  return UNKNOWN_AUTHORITY_CODES.has(errorCode(error instanceof CertificateError ? error.cause : error))
}

/**
 * Explains an error of the server's certificate; returns any other error unchanged.
 * @param host name or address used to connect
 * @param now milliseconds since 1970
 */
export function explainCertificateError(
  error: Error,
  host: string,
  peer: ServerCertificate,
  now = Date.now(),
): Error {
  const code = errorCode(error)
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return hostMismatchError(error, host, peer)
  if (UNKNOWN_AUTHORITY_CODES.has(code)) return unknownAuthorityError(error, code, peer)
  if (code === 'CERT_HAS_EXPIRED') return expiredError(error, peer, now)
  if (code === 'CERT_NOT_YET_VALID') return notYetValidError(error, peer, now)
  if (!/^(CERT|CRL|INVALID_(CA|PURPOSE)|PATH_LENGTH|HOSTNAME_MISMATCH)/.test(code)) return error
  return new CertificateError(
    `its certificate was rejected: ${toOneLine(error.message)}`,
    DEFAULT_ADVICE,
    error,
  )
}

const DEFAULT_ADVICE = `Name other authorities with --os-cacert FILE, ${INSECURE_ADVICE}`

function hostMismatchError(error: Error, host: string, peer: ServerCertificate): Error {
  const names = listSubjectNames(peer)
  const why =
    names.length > 0
      ? `its certificate is for ${names.join(', ')}, not for ${host}`
      : `its certificate is not for ${host}`
  const advice = `Use a name of the certificate in the URL, ${INSECURE_ADVICE}`
  return new CertificateError(why, advice, error)
}

/** Names listed in a message. */
const MAX_NAMES = 10

function listSubjectNames(peer: ServerCertificate): readonly string[] {
  const names = (peer?.subjectaltname ?? '')
    .split(', ')
    .filter(name => /^(DNS|IP Address):/.test(name))
    .map(name => toOneLine(name.slice(name.indexOf(':') + 1)))
  return names.length > MAX_NAMES ? [...names.slice(0, MAX_NAMES), '...'] : names
}

function unknownAuthorityError(error: Error, code: string, peer: ServerCertificate): Error {
  if (code === 'DEPTH_ZERO_SELF_SIGNED_CERT') {
    const why = `its certificate, of ${quoteName(peer?.subject)}, is self-signed`
    return new CertificateError(why, `Trust it with --os-cacert FILE, ${INSECURE_ADVICE}`, error)
  }
  const why = `its certificate is signed by ${quoteName(listChain(peer).at(-1)?.issuer)}, which is not trusted here`
  const advice = `Name the certificate of that authority with --os-cacert FILE, ${INSECURE_ADVICE}`
  return new CertificateError(why, advice, error)
}

function expiredError(error: Error, peer: ServerCertificate, now: number): Error {
  const expiredCertificate = listChain(peer).find(({valid_to}) => valid_to && Date.parse(valid_to) < now)
  const expiry = expiredCertificate?.valid_to ? ` at ${toIsoTime(expiredCertificate.valid_to)}` : ''
  const advice = `Ask its operator to renew it, ${INSECURE_ADVICE}`
  return new CertificateError(
    `${describeCertificate(expiredCertificate, peer)} expired${expiry}`,
    advice,
    error,
  )
}

function notYetValidError(error: Error, peer: ServerCertificate, now: number): Error {
  const futureCertificate = listChain(peer).find(({valid_from}) => valid_from && Date.parse(valid_from) > now)
  const start = futureCertificate?.valid_from ? ` before ${toIsoTime(futureCertificate.valid_from)}` : ' yet'
  const advice = `Check the clock of this machine, ${INSECURE_ADVICE}`
  return new CertificateError(
    `${describeCertificate(futureCertificate, peer)} is not valid${start}`,
    advice,
    error,
  )
}

function describeCertificate(faulty: ServerCertificate, peer: ServerCertificate): string {
  return faulty && faulty !== peer ? `the certificate of ${quoteName(faulty.subject)}` : 'its certificate'
}

/** @param time as OpenSSL writes it: `Feb  3 04:05:06 2021 GMT` */
function toIsoTime(time: string): string {
  return new Date(time).toISOString().replace('.000Z', 'Z')
}

/** Certificates from the server's own to the last one sent or known. */
function listChain(peer: ServerCertificate): readonly NonNullable<ServerCertificate>[] {
  const chain: NonNullable<ServerCertificate>[] = []
  for (let next = peer; next?.issuer && !chain.includes(next); next = next.issuerCertificate) chain.push(next)
  return chain
}

function quoteName(name: object | undefined): string {
  const {CN, OU, O}: {CN?: unknown; OU?: unknown; O?: unknown} = name ?? {}
  return `'${toOneLine(String(CN ?? OU ?? O ?? 'an authority without a name'))}'`
}
