/** Resolves who we are and where the service is, from flags, a named cloud and the environment. */
import {usageError} from '../model/errors.js'
import {type AuthType, authTypeOf} from './auth-type.js'
import {type Cloud, findCloud} from './clouds.js'
import type {Place} from './config-files.js'
import {cloudLayer, combined, envLayer, type Flags, flagLayer} from './layers.js'
import {scopedFor} from './scope-settings.js'
import {rowOf, SETTING_NAMES, type Setting, type Values} from './setting-table.js'
import {type Interface, imageVersionOf, interfacesOf, type TlsSettings, tlsOf} from './typed.js'

export interface Settings {
  readonly cloud?: Setting
  readonly authType: Setting<AuthType>
  /** Every value in force as text, the secrets too: show `explain(settings)` instead. */
  readonly values: Values
  /** Most preferred first. */
  readonly interfaces: Setting<readonly Interface[]>
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
  readonly flags: Flags
  readonly place: Place
}

interface Sources {
  readonly values: Values
  readonly cloud?: Setting
  readonly notes: readonly string[]
}

/** Where the service is when nobody says otherwise. */
export const PLAIN_SERVICE: Setting = {value: 'http://127.0.0.1:9292', from: 'default'}

/**
 * The settings in force. Flags beat everything; then comes the named cloud, in which the environment may choose region,
 * interface, authority, project and API version; without a cloud the environment alone. With none of these nobody logs
 * in, and the service is the plain one on this machine.
 * @throws Failure of kind usage for what cannot be, naming where it comes from
 */
export async function resolveSettings({flags, place}: SettingSources): Promise<Settings> {
  const sources = await gathered(flags, place)
  const authType = authTypeOf(sources.values, sources.cloud !== undefined)
  const scoped = scopedFor(authType.value, sources.values)
  const {imageApiVersion, interface: wanted} = scoped.values
  const endpoint = endpointOf(authType.value, scoped.values, sources.cloud)
  const tls = tlsOf(scoped.values, place)
  return {
    ...(sources.cloud && {cloud: sources.cloud}),
    authType,
    values: scoped.values,
    interfaces: interfacesOf(wanted),
    ...(imageApiVersion && {imageApiVersion: imageVersionOf(imageApiVersion)}),
    ...(endpoint && {endpoint}),
    tls,
    notes: [...sources.notes, ...scoped.notes, ...leftOver(authType, scoped.values), ...tlsNotes(tls)],
  }
}

async function gathered(flags: Flags, place: Place): Promise<Sources> {
  const given = flagLayer(flags)
  const cloud = cloudNamed(flags, place)
  if (!cloud) return {values: combined(given, envLayer(place.env)), notes: []}
  const beside = envLayer(place.env, name => rowOf(name).besideCloud === true)
  const found: Cloud = await findCloud(cloud.value, (given.region ?? beside.region)?.value, place)
  const values = combined(given, beside, cloudLayer(found.values))
  return {values, cloud, notes: [...found.warnings, ...ignoredNote(cloud, place)]}
}

/** `envvars`, or the name in OS_CLOUD_NAME, stands for the environment itself. */
function cloudNamed(flags: Flags, {env}: Place): Setting | undefined {
  const flag = flags['os-cloud']
  const cloud =
    typeof flag === 'string' && flag
      ? {value: flag, from: '--os-cloud'}
      : {value: env.OS_CLOUD ?? '', from: 'OS_CLOUD'}
  return ['', 'envvars', env.OS_CLOUD_NAME].includes(cloud.value) ? undefined : cloud
}

function ignoredNote(cloud: Setting, {env}: Place): string[] {
  const variables = SETTING_NAMES.map(rowOf).flatMap(({besideCloud, env: names = []}) =>
    besideCloud ? [] : names,
  )
  const ignored = variables.filter(name => env[name])
  if (ignored.length === 0) return []
  return [
    `${ignored.join(', ')} ${ignored.length > 1 ? 'are' : 'is'} not used: cloud '${cloud.value}' is named`,
  ]
}

function endpointOf(authType: AuthType, values: Values, cloud: Setting | undefined): Setting | undefined {
  if (/^v[23]/.test(authType)) return values.endpointOverride
  const endpoint = values.endpointOverride ?? values.endpoint
  if (endpoint || !cloud) return endpoint ?? PLAIN_SERVICE
  throw usageError(`cloud '${cloud.value}' does not say where the Image service is`, {
    why: `without a login (auth_type ${authType}) there is no catalog to look it up in`,
    advice: 'Write image_endpoint_override: URL into its entry, or give --url.',
  })
}

/** Someone set a user, but nobody to ask: a likely mistake, and not one to stop for. */
function leftOver({value}: Setting<AuthType>, {authUrl, username, password, userId}: Values): string[] {
  const unused = [username, userId, password].flatMap(setting => setting?.from ?? [])
  if (value !== 'none' || authUrl || unused.length === 0) return []
  return [`${unused.join(', ')} not used: there is no login without OS_AUTH_URL or OS_CLOUD`]
}

function tlsNotes({insecure, cacert}: TlsSettings): string[] {
  if (!insecure.value || !cacert) return []
  return [`the authority from ${cacert.from} is not used: certificates are not checked (${insecure.from})`]
}
