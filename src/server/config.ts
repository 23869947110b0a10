/** The settings of the service, with their defaults, checked before anything is opened. */
import {realpathSync} from 'node:fs'
import {basename, dirname, isAbsolute, join, relative, resolve, sep} from 'node:path'
import {usageError} from '../lib/model/errors.js'
import {AUTH_KINDS, type AuthKind} from './auth/authenticate.js'
import {ALL_SETTINGS} from './settings/all-settings.js'
import {readConfigFile} from './settings/config-file.js'
import {readSettings} from './settings/setting.js'
import {type Env, GivenSettings} from './settings/sources.js'

/** Validated settings. */
export interface ServerSettings {
  /** Name or address to listen on; an IPv6 address without brackets. */
  readonly host: string
  /** Port to listen on; 0 selects a free one. */
  readonly port: number
  /** Absolute path of the folder for registry and data; created if absent. */
  readonly dataDir: string
  /** Seconds for running requests to finish when the service stops. */
  readonly shutdownSeconds: number
  /** Process id, for the error message of a second service on the same data directory. */
  readonly pid: number
  /** Authentication of callers; absent: `none`. */
  readonly auth?: AuthKind
  /** URL of Keystone, for the authentication `keystone`. */
  readonly keystoneUrl?: string | undefined
  /** URL of the registry, without a password; absent: SQLite in the data folder, unless `given` has one. */
  readonly registry?: string | undefined
  /** Expose locations, and let clients of API v2 change them. */
  readonly showLocations?: boolean
  /** Refuse data that is not in the `disk_format` of its image, or that makes hypervisors read other files. */
  readonly checkContent?: boolean
  /** Allow URLs from callers that lead to this machine, private networks and any port. */
  readonly fetchFromAnywhere?: boolean
  /** Absolute path of the log file, outside the data folder; absent: the log goes to standard error. */
  readonly logFile?: string | undefined
  /** Log the settings at start, and requests also on a terminal. True with `debug`. */
  readonly verbose?: boolean
  /** Log the steps of the registry and the stores too. */
  readonly debug?: boolean
  /** Settings of an operator, which are read where they are used. */
  readonly given?: GivenSettings
}

/** Settings from flags, not yet validated. */
export interface ServerSettingsInput {
  readonly host?: string | undefined
  readonly port?: number | string | undefined
  readonly dataDir?: string | undefined
  readonly shutdownSeconds?: number | string | undefined
  readonly pid?: number | undefined
  readonly auth?: string | undefined
  readonly keystoneUrl?: string | undefined
  readonly registry?: string | undefined
  /** Path of a configuration file. */
  readonly configFile?: string | undefined
  /** `NAME=VALUE`, one for each setting. */
  readonly set?: readonly string[] | undefined
  readonly showLocations?: boolean | undefined
  readonly checkContent?: boolean | undefined
  readonly fetchFromAnywhere?: boolean | undefined
  readonly logFile?: string | undefined
  readonly verbose?: boolean | undefined
  readonly debug?: boolean | undefined
}

const DEFAULT_HOST = '127.0.0.1'
const DEFAULT_PORT = 9292
const DEFAULT_SHUTDOWN_SECONDS = 30

/**
 * Validates settings, those of the configuration file included, and adds the defaults.
 * @param env environment variables: settings by the name GLANCE_NAME, and as for `resolveSettings`
 * @throws Failure `usage` as `resolveSettings`, for a file that cannot be read, and for an invalid value of any setting
 */
export async function loadSettings(input: ServerSettingsInput, env: Env): Promise<ServerSettings> {
  const {configFile: path, set: assignments = []} = input
  const file = path === undefined ? undefined : {path, values: await readConfigFile(path)}
  const given = new GivenSettings({assignments, env, file})
  // Also those that the service does not need, or not at once.
  readSettings(ALL_SETTINGS, given.in())
  return {...resolveSettings(input, env), given}
}

/**
 * Validates settings and adds the defaults.
 * @param env environment variables, for the user's data folder by the XDG rules
 * @throws Failure `usage` for an invalid value, and when no data folder is known
 */
export function resolveSettings(input: ServerSettingsInput, env: Env): ServerSettings {
  const dataDir = input.dataDir ? resolve(input.dataDir) : join(userDataDirectory(env), 'glance')
  return {
    host: stripBrackets(input.host || DEFAULT_HOST),
    port: parseWholeNumber('port', input.port ?? DEFAULT_PORT, 65_535),
    dataDir,
    shutdownSeconds: parseWholeNumber(
      'shutdown deadline',
      input.shutdownSeconds ?? DEFAULT_SHUTDOWN_SECONDS,
      86_400,
    ),
    pid: input.pid ?? 0,
    auth: parseAuthKind(input.auth ?? 'none'),
    keystoneUrl: input.keystoneUrl && requireKeystone(input.keystoneUrl, input.auth),
    registry: input.registry && requireNoPassword(input.registry),
    showLocations: input.showLocations ?? false,
    checkContent: input.checkContent ?? false,
    fetchFromAnywhere: input.fetchFromAnywhere ?? false,
    logFile: input.logFile && requireOutside(dataDir, resolve(input.logFile)),
    verbose: (input.verbose || input.debug) ?? false,
    debug: input.debug ?? false,
  }
}

/** How a setting is shown in the log: by this name, and without its value if that is a secret. */
interface ShownSetting {
  readonly name: string
  readonly isSecret?: boolean
}

/** Every setting; the compiler requires a decision for a new one. */
export const SHOWN_SETTINGS: Readonly<Record<Exclude<keyof ServerSettings, 'given'>, ShownSetting>> = {
  host: {name: 'host'},
  port: {name: 'port'},
  dataDir: {name: 'data-dir'},
  shutdownSeconds: {name: 'shutdown-seconds'},
  pid: {name: 'pid'},
  auth: {name: 'auth'},
  keystoneUrl: {name: 'keystone-url'},
  registry: {name: 'registry'},
  showLocations: {name: 'show-locations'},
  checkContent: {name: 'check-content'},
  fetchFromAnywhere: {name: 'fetch-from-anywhere'},
  logFile: {name: 'log-file'},
  verbose: {name: 'verbose'},
  debug: {name: 'debug'},
}

/** The settings in force, one line each, with `***` in place of secrets. Settings without a value are left out. */
export function describeSettings(settings: ServerSettings, shown = SHOWN_SETTINGS): string[] {
  const lines = (Object.keys(shown) as (keyof typeof SHOWN_SETTINGS)[])
    .filter(key => settings[key] !== undefined)
    .map(key => `setting ${shown[key].name} = ${shown[key].isSecret ? '***' : settings[key]}`)
  return [...lines, ...(settings.given?.describe() ?? [])]
}

/** @throws Failure `usage` without the authentication that the URL is for: the service would be open to everyone */
function requireKeystone(url: string, auth: string | undefined): string {
  if (auth === 'keystone') return url
  throw usageError('--keystone-url requires --auth keystone', {
    why: `with --auth ${auth ?? 'none'}, tokens are not validated`,
  })
}

/** @throws Failure `usage`, because other users of the machine can read command lines */
export function requireNoPassword(url: string): string {
  if (!/^\w+:\/\/[^/@]*:[^/@]*@|[?&]password=/i.test(url)) return url
  throw usageError('cannot take the password of the registry from the command line', {
    why: 'other users of this machine can read it there',
    advice: 'Set GLANCE_SQL_CONNECTION, or write sql_connection into a file for --config-file.',
  })
}

/** The data folder is for the service alone: a line of the log in one of its files would destroy that. */
function requireOutside(dataDir: string, path: string): string {
  const inside = relative(followLinks(dataDir), followLinks(path))
  if (isAbsolute(inside) || inside.split(sep)[0] === '..') return path
  throw usageError(`cannot use ${path} as the log file`, {
    why: 'it is in the data directory, which is for the service alone',
    advice: 'Name a file in another folder with --log-file.',
  })
}

/** The path without links, as far as it exists. */
function followLinks(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    const folder = dirname(path)
    return folder === path ? path : join(followLinks(folder), basename(path))
  }
}

/** Accepts an IPv6 address as it stands in a URL. */
function stripBrackets(host: string): string {
  return /^\[(.*:.*)\]$/.exec(host)?.[1] ?? host
}

/** The XDG base directory for data; the specification says to ignore a relative path. */
function userDataDirectory(env: Env): string {
  const folder = env['XDG_DATA_HOME']
  if (folder && isAbsolute(folder)) return folder
  if (env['HOME']) return join(env['HOME'], '.local', 'share')
  throw usageError('no data directory is configured', {
    why: 'neither XDG_DATA_HOME nor HOME is set',
    advice: 'Give a folder with --data-dir.',
  })
}

function parseAuthKind(value: string): AuthKind {
  const kind = AUTH_KINDS.find(one => one === value)
  if (kind) return kind
  throw usageError(`invalid authentication '${value}': expected ${AUTH_KINDS.join(', ')}`)
}

function parseWholeNumber(name: string, value: number | string, max: number): number {
  const number = /^\d+$/.test(String(value)) ? Number(value) : Number.NaN
  if (number <= max) return number
  throw usageError(`invalid ${name} '${value}': expected a whole number from 0 to ${max}`)
}
