/** Explains why the certificate of a server was refused: which name or authority failed, and what helps. */
import type {DetailedPeerCertificate} from 'node:tls'
import {oneLine} from './error-text.js'
import {CertificateTrouble, codeOf} from './trouble.js'

/** What a server showed; fields are missing where the certificate has none, or was never seen. */
export type Peer = Partial<DetailedPeerCertificate> | undefined

/** Errors after which more authorities may help. */
const UNKNOWN_AUTHORITY = new Set([
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
])

const INSECURE = 'or accept any certificate with --insecure (-k).'

/** Nobody among the authorities we know signed it. */
export function isUnknownAuthority(error: unknown): boolean {
  return UNKNOWN_AUTHORITY.has(codeOf(error instanceof CertificateTrouble ? error.cause : error))
}

/**
 * The error itself where it is not about the server's certificate.
 * @param host the name or address under which the server was called
 * @param now milliseconds since 1970
 */
export function certificateTrouble(error: Error, host: string, peer: Peer, now = Date.now()): Error {
  const code = codeOf(error)
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return otherHost(error, host, peer)
  if (UNKNOWN_AUTHORITY.has(code)) return unknownAuthority(error, code, peer)
  if (code === 'CERT_HAS_EXPIRED') return expired(error, peer, now)
  if (code === 'CERT_NOT_YET_VALID') return notYetValid(error, peer, now)
  if (!/^(CERT|CRL|INVALID_(CA|PURPOSE)|PATH_LENGTH|HOSTNAME_MISMATCH)/.test(code)) return error
  return new CertificateTrouble(`its certificate was refused: ${oneLine(error.message)}`, ELSE, error)
}

const ELSE = `Name other authorities with --os-cacert FILE, ${INSECURE}`

function otherHost(error: Error, host: string, peer: Peer): Error {
  const names = namesOf(peer)
  const why =
    names.length > 0
      ? `its certificate is for ${names.join(', ')}, not for ${host}`
      : `its certificate is not for ${host}`
  const advice = `Write a name of the certificate in the URL, ${INSECURE}`
  return new CertificateTrouble(why, advice, error)
}

/** More are of no help to anybody. */
const MOST_NAMES = 10

function namesOf(peer: Peer): readonly string[] {
  const names = (peer?.subjectaltname ?? '')
    .split(', ')
    .filter(name => /^(DNS|IP Address):/.test(name))
    .map(name => oneLine(name.slice(name.indexOf(':') + 1)))
  return names.length > MOST_NAMES ? [...names.slice(0, MOST_NAMES), '...'] : names
}

function unknownAuthority(error: Error, code: string, peer: Peer): Error {
  if (code === 'DEPTH_ZERO_SELF_SIGNED_CERT') {
    const why = `its certificate, of ${nameIn(peer?.subject)}, is signed by nobody but itself`
    return new CertificateTrouble(why, `Trust it with --os-cacert FILE, ${INSECURE}`, error)
  }
  const why = `its certificate is signed by ${nameIn(chainOf(peer).at(-1)?.issuer)}, which is not trusted here`
  const advice = `Name the certificate of that authority with --os-cacert FILE, ${INSECURE}`
  return new CertificateTrouble(why, advice, error)
}

function expired(error: Error, peer: Peer, now: number): Error {
  const late = chainOf(peer).find(({valid_to}) => valid_to && Date.parse(valid_to) < now)
  const since = late?.valid_to ? ` at ${instant(late.valid_to)}` : ''
  const advice = `Its operator must renew it. To go on all the same, accept any certificate with --insecure (-k).`
  return new CertificateTrouble(`${which(late, peer)} expired${since}`, advice, error)
}

function notYetValid(error: Error, peer: Peer, now: number): Error {
  const early = chainOf(peer).find(({valid_from}) => valid_from && Date.parse(valid_from) > now)
  const from = early?.valid_from ? ` before ${instant(early.valid_from)}` : ' yet'
  const advice = `Is the clock of this machine right? To go on all the same, accept any certificate with --insecure (-k).`
  return new CertificateTrouble(`${which(early, peer)} is not valid${from}`, advice, error)
}

function which(found: Peer, peer: Peer): string {
  return found && found !== peer ? `the certificate of ${nameIn(found.subject)}` : 'its certificate'
}

/** @param time as OpenSSL writes it: `Feb  3 04:05:06 2021 GMT` */
function instant(time: string): string {
  return new Date(time).toISOString().replace('.000Z', 'Z')
}

/** From the server's own to the last that it sent or we know. */
function chainOf(peer: Peer): readonly NonNullable<Peer>[] {
  const chain: NonNullable<Peer>[] = []
  for (let next = peer; next?.issuer && !chain.includes(next); next = next.issuerCertificate) chain.push(next)
  return chain
}

function nameIn(name: object | undefined): string {
  const {CN, OU, O}: {CN?: unknown; OU?: unknown; O?: unknown} = name ?? {}
  return `'${oneLine(String(CN ?? OU ?? O ?? 'an authority without a name'))}'`
}
