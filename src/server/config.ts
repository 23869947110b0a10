/** The settings of the service, with their defaults, checked before anything is opened. */
import {isAbsolute, join, resolve} from 'node:path'
import {usageError} from '../lib/model/errors.js'
import type {AuthKind} from './auth/authenticate.js'
import type {LogSettings} from './log/reporter.js'
import {readLogSettings} from './log-settings.js'
import {ALL_SETTINGS} from './settings/all-settings.js'
import {readConfigFile} from './settings/config-file.js'
import type {Env} from './settings/places.js'
import {type GivenValue, hasPassword, readSettings} from './settings/setting.js'
import {GivenSettings} from './settings/sources.js'
import {API, SERVICE} from './settings/tables/service.js'

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
  /** Expose locations, and let clients of API v2 change them. */
  readonly showLocations?: boolean
  /** Refuse data that is not in the `disk_format` of its image, or that makes hypervisors read other files. */
  readonly checkContent?: boolean
  /** Allow URLs from callers that lead to this machine, private networks and any port. */
  readonly fetchFromAnywhere?: boolean
  /** The log, with lines for the operator about its settings; its file is outside the data folder. */
  readonly log?: LogSettings & {readonly warnings?: readonly string[]}
  /** Settings of an operator, which are read where they are used. */
  readonly given?: GivenSettings
}

/** A program that runs a service: `glance serve`, or a program of its own. */
export type Program = 'glance' | 'glance-api' | 'glance-registry'

/** What a command line says. */
export interface SettingsInput {
  /** Absent: `glance`. */
  readonly program?: Program | undefined
  /** Values of flags, by the names of the settings that they stand for. */
  readonly flags?: Readonly<Record<string, GivenValue | undefined>>
  /** `NAME=VALUE`, one for each setting. */
  readonly set?: readonly string[] | undefined
  /** Path of a configuration file. */
  readonly configFile?: string | undefined
  readonly pid?: number | undefined
}

/** Port of the registry server. */
const REGISTRY_PORT = '9191'

/**
 * Reads and validates all settings, also those that the service does not need, or not at once.
 * @param env environment variables: settings by the name GLANCE_NAME, and the user's data folder by the XDG rules
 * @throws Failure `usage` for a file that cannot be read, an invalid value, a secret on the command line, and when no data
 *   folder is known
 */
export async function loadSettings(input: SettingsInput, env: Env): Promise<ServerSettings> {
  const given = await readGiven(input, env)
  for (const section of ['DEFAULT', ...given.storeNames]) readSettings(ALL_SETTINGS, given.in(section))
  const settings = toServerSettings(given, input.pid)
  return {...settings, log: await readLogSettings(given, input.program ?? 'glance', settings.dataDir)}
}

/**
 * Reads what is given in all places, without a check of the values.
 * @throws Failure `usage` for a file that cannot be read, and for a secret on the command line
 */
export async function readGiven(input: SettingsInput, env: Env): Promise<GivenSettings> {
  const {configFile: path, set: assignments = [], flags = {}} = input
  return new GivenSettings({
    flags: new Map(Object.entries(flags).flatMap(([name, value]) => (value ? [[name, value]] : []))),
    assignments,
    env,
    file: path === undefined ? undefined : {path, values: await readConfigFile(path)},
    defaults: findDefaults(input, env),
  })
}

/** Defaults that are not in the tables. */
function findDefaults({program}: SettingsInput, env: Env): ReadonlyMap<string, string> {
  const folder = findUserFolder(env)
  const defaults = new Map<string, string>()
  if (folder !== undefined) defaults.set('data_dir', folder)
  if (program === 'glance-registry') defaults.set('bind_port', REGISTRY_PORT)
  return defaults
}

function toServerSettings(given: GivenSettings, pid = 0): ServerSettings {
  const find = given.in()
  const service = readSettings(SERVICE, find)
  const {auth, ...api} = readSettings(API, find)
  const dataDir = findDataDir(given)
  const keystone = find('auth_url')
  if (auth !== 'keystone' && keystone?.from === '--keystone-url') throw unusedKeystone(auth)
  return {
    host: stripBrackets(service.bind_host),
    port: service.bind_port,
    dataDir,
    shutdownSeconds: service.graceful_shutdown_timeout,
    pid,
    auth,
    showLocations: api.show_multiple_locations,
    checkContent: api.check_content,
    fetchFromAnywhere: api.fetch_from_anywhere,
    given,
  }
}

/**
 * The data folder that the settings name, or that of the user.
 * @throws Failure `usage` when neither is known
 */
export function findDataDir(given: GivenSettings): string {
  const {data_dir: folder} = readSettings(SERVICE, given.in())
  if (folder) return resolve(folder)
  throw usageError('no data directory is configured', {
    why: 'neither XDG_DATA_HOME nor HOME is set',
    advice: 'Give a folder with --data-dir.',
  })
}

/** Without authentication the service would be open to everyone. */
function unusedKeystone(auth: AuthKind): Error {
  return usageError('--keystone-url requires --auth keystone', {
    why: `with --auth ${auth}, tokens are not validated`,
  })
}

/** @throws Failure `usage`, because other users of the machine can read command lines */
export function requireNoPassword(url: string): string {
  if (!hasPassword(url)) return url
  throw usageError('cannot take the password of the registry from the command line', {
    why: 'other users of this machine can read it there',
    advice: 'Set GLANCE_SQL_CONNECTION, or write sql_connection into a file for --config-file.',
  })
}

/** Accepts an IPv6 address as it stands in a URL. */
function stripBrackets(host: string): string {
  return /^\[(.*:.*)\]$/.exec(host)?.[1] ?? host
}

/** The XDG base directory for data; the specification says to ignore a relative path. */
function findUserFolder(env: Env): string | undefined {
  const folder = env['XDG_DATA_HOME']
  if (folder && isAbsolute(folder)) return join(folder, 'glance')
  return env['HOME'] ? join(env['HOME'], '.local', 'share', 'glance') : undefined
}
