/** Resolves who we are and where the service is, from flags, a named cloud and the environment. */
import {usageError} from '../../model/errors.js'
import type {Environment} from '../clouds/config-files.js'
import {type Cloud, findCloud} from '../clouds/find-cloud.js'
import {SETTING_NAMES, type Setting, type SettingValues, settingRow} from '../setting-table.js'
import {type AuthType, chooseAuthType} from './auth-type.js'
import {type FlagValues, layerFromCloud, layerFromEnv, layerFromFlags, mergeLayers} from './layers.js'
import {
  type EndpointInterface,
  parseImageApiVersion,
  parseInterfaces,
  parseTls,
  type TlsSettings,
} from './parse.js'
import {applyScope} from './scope.js'

export interface Settings {
  readonly cloud?: Setting
  readonly authType: Setting<AuthType>
  /** Every value in force as text, the secrets too: show `explain(settings)` instead. */
  readonly values: SettingValues
  /** Most preferred first. */
  readonly interfaces: Setting<readonly EndpointInterface[]>
  /** Asked for outright. A version inside `endpoint` is left to whoever takes the URL apart. */
  readonly imageApiVersion?: Setting<1 | 2>
  /** Address of the Image service, where it does not come from a catalog. */
  readonly endpoint?: Setting
  readonly tls: TlsSettings
  /** What the user should know about the way these came about, one line each. */
  readonly notes: readonly string[]
}

export interface SettingSources {
  /** Parsed flags by name; `os-cloud`, and those of SETTINGS. */
  readonly flags: FlagValues
  readonly environment: Environment
}

interface MergedSettings {
  readonly values: SettingValues
  readonly cloud?: Setting
  readonly notes: readonly string[]
}

/** Where the service is when nobody says otherwise. */
export const DEFAULT_ENDPOINT: Setting = {value: 'http://127.0.0.1:9292', from: 'default'}

/**
 * The settings in force. Flags beat everything; then comes the named cloud, in which the environment may choose region,
 * interface, authority, project and API version; without a cloud the environment alone. With none of these nobody logs
 * in, and the service is the plain one on this machine.
 * @throws Failure of kind usage for what cannot be, naming where it comes from
 */
export async function resolveSettings({flags, environment}: SettingSources): Promise<Settings> {
  const merged = await mergeSources(flags, environment)
  const authType = chooseAuthType(merged.values, merged.cloud !== undefined)
  const scoped = applyScope(authType.value, merged.values)
  const {imageApiVersion, interface: wanted} = scoped.values
  const endpoint = chooseEndpoint(authType.value, scoped.values, merged.cloud)
  const tls = parseTls(scoped.values, environment)
  return {
    ...(merged.cloud && {cloud: merged.cloud}),
    authType,
    values: scoped.values,
    interfaces: parseInterfaces(wanted),
    ...(imageApiVersion && {imageApiVersion: parseImageApiVersion(imageApiVersion)}),
    ...(endpoint && {endpoint}),
    tls,
    notes: [
      ...merged.notes,
      ...scoped.notes,
      ...noteUnusedCredentials(authType, scoped.values),
      ...noteUnusedAuthority(tls),
    ],
  }
}

async function mergeSources(flags: FlagValues, environment: Environment): Promise<MergedSettings> {
  const fromFlags = layerFromFlags(flags)
  const cloud = chooseCloud(flags, environment)
  if (!cloud) return {values: mergeLayers(fromFlags, layerFromEnv(environment.env)), notes: []}
  const fromEnv = layerFromEnv(environment.env, name => settingRow(name).envOverridesCloud === true)
  const found: Cloud = await findCloud(cloud.value, (fromFlags.region ?? fromEnv.region)?.value, environment)
  const values = mergeLayers(fromFlags, fromEnv, layerFromCloud(found.values))
  return {values, cloud, notes: [...found.warnings, ...noteIgnoredVariables(cloud, environment)]}
}

/** `envvars`, or the name in OS_CLOUD_NAME, stands for the environment itself. */
function chooseCloud(flags: FlagValues, {env}: Environment): Setting | undefined {
  const flag = flags['os-cloud']
  const cloud =
    typeof flag === 'string' && flag
      ? {value: flag, from: '--os-cloud'}
      : {value: env.OS_CLOUD ?? '', from: 'OS_CLOUD'}
  return ['', 'envvars', env.OS_CLOUD_NAME].includes(cloud.value) ? undefined : cloud
}

function noteIgnoredVariables(cloud: Setting, {env}: Environment): string[] {
  const variables = SETTING_NAMES.map(settingRow).flatMap(({envOverridesCloud, env: names = []}) =>
    envOverridesCloud ? [] : names,
  )
  const ignored = variables.filter(name => env[name])
  if (ignored.length === 0) return []
  return [
    `${ignored.join(', ')} ${ignored.length > 1 ? 'are' : 'is'} not used: cloud '${cloud.value}' is named`,
  ]
}

function chooseEndpoint(
  authType: AuthType,
  values: SettingValues,
  cloud: Setting | undefined,
): Setting | undefined {
  if (/^v[23]/.test(authType)) return values.endpointOverride
  const endpoint = values.endpointOverride ?? values.endpoint
  if (endpoint || !cloud) return endpoint ?? DEFAULT_ENDPOINT
  throw usageError(`cloud '${cloud.value}' does not say where the Image service is`, {
    why: `without a login (auth_type ${authType}) there is no catalog to look it up in`,
    advice: 'Write image_endpoint_override: URL into its entry, or give --url.',
  })
}

/** Someone set a user, but nobody to ask: a likely mistake, and not one to stop for. */
function noteUnusedCredentials(
  {value}: Setting<AuthType>,
  {authUrl, username, password, userId}: SettingValues,
): string[] {
  const unused = [username, userId, password].flatMap(setting => setting?.from ?? [])
  if (value !== 'none' || authUrl || unused.length === 0) return []
  return [`${unused.join(', ')} not used: there is no login without OS_AUTH_URL or OS_CLOUD`]
}

function noteUnusedAuthority({insecure, cacert}: TlsSettings): string[] {
  if (!insecure.value || !cacert) return []
  return [`the authority from ${cacert.from} is not used: certificates are not checked (${insecure.from})`]
}
