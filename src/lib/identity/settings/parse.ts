/** Parses settings that are not plain text: switches, lists, versions, files. */
import {resolvePath} from '../../io/paths.js'
import {type Failure, usageError} from '../../model/errors.js'
import type {Environment} from '../clouds/config-files.js'
import type {Setting, SettingValues} from '../setting-table.js'

/** Interface of an endpoint: for all users, for inside the cloud, for its operators. */
export type EndpointInterface = 'public' | 'internal' | 'admin'

/** Verification of servers, and the client certificate. Paths are absolute. */
export interface TlsSettings {
  readonly insecure: Setting<boolean>
  readonly cacert?: Setting
  readonly cert?: Setting
  readonly key?: Setting
}

const INTERFACES: readonly string[] = ['public', 'internal', 'admin'] satisfies EndpointInterface[]
const BOOLEANS: Readonly<Record<string, boolean>> = Object.fromEntries([
  ...['true', 'on', '1', 'yes', 'y', 't'].map(word => [word, true]),
  ...['false', 'off', '0', 'no', 'n', 'f'].map(word => [word, false]),
])

/**
 * Parses a switch.
 * @throws Failure of kind usage for other text
 */
export function parseBooleanSetting(setting: Setting): Setting<boolean> {
  const value = BOOLEANS[setting.value.toLowerCase()]
  if (value !== undefined) return {value, from: setting.from}
  throw invalidSettingError(setting, 'value', 'true or false')
}

/**
 * Parses a list of interfaces, most preferred first; `publicURL` is `public`.
 * @throws Failure of kind usage for an unknown interface
 */
export function parseInterfaces(setting: Setting | undefined): Setting<readonly EndpointInterface[]> {
  if (!setting) return {value: ['public'], from: 'default'}
  const names = setting.value
    .split(/[\s,]+/)
    .filter(Boolean)
    .map(name => name.replace(/URL$/i, '').toLowerCase())
  if (names.length > 0 && names.every(name => INTERFACES.includes(name))) {
    return {value: names as EndpointInterface[], from: setting.from}
  }
  throw invalidSettingError(
    setting,
    'interface',
    `${INTERFACES.join(', ')}, or several in order of preference`,
  )
}

/**
 * Parses a version: `2`, `v2`, `2.16`.
 * @throws Failure of kind usage for versions other than 1 and 2
 */
export function parseImageApiVersion(setting: Setting): Setting<1 | 2> {
  const [, digit] = /^v?([12])(?:\.\d+)?$/i.exec(setting.value) ?? []
  if (digit) return {value: digit === '1' ? 1 : 2, from: setting.from}
  throw invalidSettingError(setting, 'Image API version', '1 or 2')
}

/**
 * Parses the settings of TLS.
 * @throws Failure of kind usage for a key without a certificate, and for a switch with other text
 */
export function parseTls(
  {insecure, verify, cacert, cert, key}: SettingValues,
  environment: Environment,
): TlsSettings {
  const toPath = ({value, from}: Setting) => ({value: resolvePath(value, environment), from})
  const authority = cacert ?? (verify && !(verify.value.toLowerCase() in BOOLEANS) ? verify : undefined)
  if (key && !cert) {
    throw usageError('a TLS key requires a certificate', {
      why: `the key ${key.value} comes from ${key.from}`,
      advice: 'Name the certificate with --os-cert or OS_CERT.',
    })
  }
  return {
    insecure: parseInsecure(insecure, authority === verify ? undefined : verify),
    ...(authority && {cacert: toPath(authority)}),
    ...(cert && {cert: toPath(cert)}),
    ...(key && {key: toPath(key)}),
  }
}

function parseInsecure(insecure: Setting | undefined, verify: Setting | undefined): Setting<boolean> {
  const explicit = insecure && parseBooleanSetting(insecure)
  if (explicit?.value || !verify) return explicit ?? {value: false, from: 'default'}
  const {value, from} = parseBooleanSetting(verify)
  return {value: !value, from}
}

function invalidSettingError({value, from}: Setting, name: string, expected: string): Failure {
  return usageError(`invalid ${name} '${value}': expected ${expected}`, {why: `it comes from ${from}`})
}
