/** Reads settings that are more than text: switches, lists, versions, files. */
import {resolvePath} from '../io/paths.js'
import {type Failure, usageError} from '../model/errors.js'
import type {Place} from './config-files.js'
import type {Setting, Values} from './setting-table.js'

/** Which of the addresses of a service: for everybody, for inside the cloud, for its operators. */
export type Interface = 'public' | 'internal' | 'admin'

/** How servers prove themselves to us, and we to them. Paths are absolute. */
export interface TlsSettings {
  readonly insecure: Setting<boolean>
  readonly cacert?: Setting
  readonly cert?: Setting
  readonly key?: Setting
}

const INTERFACES: readonly string[] = ['public', 'internal', 'admin'] satisfies Interface[]
const WORDS: Readonly<Record<string, boolean>> = Object.fromEntries([
  ...['true', 'on', '1', 'yes', 'y', 't'].map(word => [word, true]),
  ...['false', 'off', '0', 'no', 'n', 'f'].map(word => [word, false]),
])

/** @throws Failure of kind usage for what is neither yes nor no */
export function booleanOf(setting: Setting): Setting<boolean> {
  const value = WORDS[setting.value.toLowerCase()]
  if (value !== undefined) return {value, from: setting.from}
  throw bad(setting, 'is neither yes nor no', 'Write true or false.')
}

/** Most preferred first; `publicURL` is `public`. */
export function interfacesOf(setting: Setting | undefined): Setting<readonly Interface[]> {
  if (!setting) return {value: ['public'], from: 'default'}
  const names = setting.value
    .split(/[\s,]+/)
    .filter(Boolean)
    .map(name => name.replace(/URL$/i, '').toLowerCase())
  if (names.length > 0 && names.every(name => INTERFACES.includes(name))) {
    return {value: names as Interface[], from: setting.from}
  }
  throw bad(
    setting,
    'is no interface',
    `Choose from ${INTERFACES.join(', ')}, several in order of preference.`,
  )
}

export function imageVersionOf(setting: Setting): Setting<1 | 2> {
  const [, digit] = /^v?([12])(?:\.\d+)?$/i.exec(setting.value) ?? []
  if (digit) return {value: digit === '1' ? 1 : 2, from: setting.from}
  throw bad(setting, 'is no version of the Image API', 'Choose 1 or 2.')
}

/** @throws Failure of kind usage for a key without a certificate */
export function tlsOf({insecure, verify, cacert, cert, key}: Values, place: Place): TlsSettings {
  const path = ({value, from}: Setting) => ({value: resolvePath(value, place), from})
  const authority = cacert ?? (verify && !(verify.value.toLowerCase() in WORDS) ? verify : undefined)
  if (key && !cert) {
    throw usageError('there is a key for TLS, but no certificate', {
      why: `the key ${key.value} comes from ${key.from}`,
      advice: 'Name the certificate with --os-cert or OS_CERT.',
    })
  }
  return {
    insecure: insecureOf(insecure, authority === verify ? undefined : verify),
    ...(authority && {cacert: path(authority)}),
    ...(cert && {cert: path(cert)}),
    ...(key && {key: path(key)}),
  }
}

function insecureOf(insecure: Setting | undefined, verify: Setting | undefined): Setting<boolean> {
  const off = insecure && booleanOf(insecure)
  if (off?.value || !verify) return off ?? {value: false, from: 'default'}
  const {value, from} = booleanOf(verify)
  return {value: !value, from}
}

function bad({value, from}: Setting, what: string, advice: string): Failure {
  return usageError(`'${value}' ${what}`, {why: `it comes from ${from}`, advice})
}
