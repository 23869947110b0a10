/** Resolves credentials and the address of the service from flags, a named cloud and the environment. */
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

/** The settings in effect. */
export interface Settings {
  readonly cloud?: Setting
  readonly authType: Setting<AuthType>
  /** Every value in effect as text, including secrets: show `explainSettings(settings)` instead. */
  readonly values: SettingValues
  /** Most preferred first. */
  readonly interfaces: Setting<readonly EndpointInterface[]>
  /** Version requested by a setting. One inside `endpoint` is left to `parseServiceBase`. */
  readonly imageApiVersion?: Setting<1 | 2>
  /** Address of the Image service, unless it comes from a catalog. */
  readonly endpoint?: Setting
  readonly tls: TlsSettings
  /** Notes for the user on unused settings and skipped files, one line each. */
  readonly notes: readonly string[]
}

/** Inputs of the resolution. */
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

/** Address of the service by default. */
export const DEFAULT_ENDPOINT: Setting = {value: 'http://127.0.0.1:9292', from: 'default'}

/**
 * Resolves the settings in effect. Flags take precedence; then comes the named cloud, in which the environment may
 * choose region, interface, CA bundle, project and API version; without a cloud, the environment alone. With none of
 * these there is no login, and the service is the one on this machine.
 * @throws Failure of kind usage for invalid settings, naming their origin
 */
export async function resolveSettings({flags, environment}: SettingSources): Promise<Settings> {
  const merged = await mergeSources(flags, environment)
  const authType = chooseAuthType(merged.values, merged.cloud !== undefined)
  const scoped = applyScope(authType.value, merged.values)
  const {imageApiVersion, interface: interfaces} = scoped.values
  const endpoint = chooseEndpoint(authType.value, scoped.values, merged.cloud)
  const tls = parseTls(scoped.values, environment)
  return {
    ...(merged.cloud && {cloud: merged.cloud}),
    authType,
    values: scoped.values,
    interfaces: parseInterfaces(interfaces),
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

/** `envvars`, or the name in OS_CLOUD_NAME, means the environment itself. */
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
  throw usageError(`cloud '${cloud.value}' has no address of the Image service`, {
    why: `without a login (auth_type ${authType}) no catalog provides it`,
    advice: 'Add image_endpoint_override: URL to its entry, or give --url.',
  })
}

/** Notes a user without a service to log in to: a likely mistake, but not an error. */
function noteUnusedCredentials(
  {value}: Setting<AuthType>,
  {authUrl, username, password, userId}: SettingValues,
): string[] {
  const unused = [username, userId, password].flatMap(setting => setting?.from ?? [])
  if (value !== 'none' || authUrl || unused.length === 0) return []
  return [`${unused.join(', ')} not used: logging in requires OS_AUTH_URL or OS_CLOUD`]
}

function noteUnusedAuthority({insecure, cacert}: TlsSettings): string[] {
  if (!insecure.value || !cacert) return []
  return [`the CA bundle from ${cacert.from} is not used: certificates are not checked (${insecure.from})`]
}
