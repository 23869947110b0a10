/** The settings of the service, with their defaults, checked before anything is opened. */
import {isAbsolute, join, resolve} from 'node:path'
import {usageError} from '../lib/model/errors.js'
import type {AuthKind} from './auth/authenticate.js'

export interface ServerSettings {
  /** Address to listen on. */
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  /** Folder of the registry and the data; created when absent. */
  readonly dataDir: string
  /** Seconds that requests under way get to finish when the service is told to stop. */
  readonly shutdownSeconds: number
  /** Process id, told to those who find the data directory taken. */
  readonly pid: number
  /** Whether callers are asked who they are; absent: `none`. */
  readonly auth?: AuthKind
  /** Whether locations of data are told and may be changed (API v2). */
  readonly showLocations?: boolean
  /** Whether data that is not what `disk_format` says is refused (API v2). */
  readonly checkContent?: boolean
  /** Whether URLs that callers give may lead to this machine, private networks and any port. */
  readonly fetchFromAnywhere?: boolean
}

/** What a user may say; numbers may still be text. */
export interface ServerSettingsInput {
  readonly host?: string | undefined
  readonly port?: number | string | undefined
  readonly dataDir?: string | undefined
  readonly shutdownSeconds?: number | string | undefined
  readonly pid?: number | undefined
  readonly auth?: string | undefined
  readonly showLocations?: boolean | undefined
  readonly checkContent?: boolean | undefined
  readonly fetchFromAnywhere?: boolean | undefined
}

const DEFAULT_HOST = '127.0.0.1'
const DEFAULT_PORT = 9292
const DEFAULT_SHUTDOWN_SECONDS = 30

type Env = Readonly<Record<string, string | undefined>>

/**
 * The settings, complete.
 * @param env the environment, for the user's data folder by the XDG rules
 * @throws Failure of kind `usage` for a value that cannot be
 */
export function resolveSettings(input: ServerSettingsInput, env: Env): ServerSettings {
  return {
    host: stripBrackets(input.host || DEFAULT_HOST),
    port: parseWholeNumber('port', input.port ?? DEFAULT_PORT, 65_535),
    dataDir: input.dataDir ? resolve(input.dataDir) : join(userDataDirectory(env), 'glance'),
    shutdownSeconds: parseWholeNumber(
      'shutdown deadline',
      input.shutdownSeconds ?? DEFAULT_SHUTDOWN_SECONDS,
      86_400,
    ),
    pid: input.pid ?? 0,
    auth: parseAuthKind(input.auth ?? 'none'),
    showLocations: input.showLocations ?? false,
    checkContent: input.checkContent ?? false,
    fetchFromAnywhere: input.fetchFromAnywhere ?? false,
  }
}

/** An IPv6 address as it is in a URL is taken as well. */
function stripBrackets(host: string): string {
  return /^\[(.*:.*)\]$/.exec(host)?.[1] ?? host
}

/** By the XDG base directory rules: a relative path there counts as none. */
function userDataDirectory(env: Env): string {
  const folder = env['XDG_DATA_HOME']
  if (folder && isAbsolute(folder)) return folder
  if (env['HOME']) return join(env['HOME'], '.local', 'share')
  throw usageError('There is no folder for the data of the service', {
    why: 'neither XDG_DATA_HOME nor HOME is set',
    advice: 'Name a folder with --data-dir.',
  })
}

function parseAuthKind(value: string): AuthKind {
  if (value === 'none' || value === 'fake') return value
  throw usageError(`There is no authentication called '${value}'`, {advice: 'Choose none or fake.'})
}

function parseWholeNumber(name: string, value: number | string, max: number): number {
  const number = /^\d+$/.test(String(value)) ? Number(value) : Number.NaN
  if (number <= max) return number
  throw usageError(`The ${name} '${value}' is not a whole number from 0 to ${max}`)
}
