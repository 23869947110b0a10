/** The settings of the service, with their defaults, checked before anything is opened. */
import {isAbsolute, join, resolve} from 'node:path'
import {usageError} from '../lib/model/errors.js'
import type {AuthKind} from './auth/authenticate.js'

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
}

/** Settings from flags, not yet validated. */
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
 * Validates settings and adds the defaults.
 * @param env environment variables, for the user's data folder by the XDG rules
 * @throws Failure `usage` for an invalid value, and when no data folder is known
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
  if (value === 'none' || value === 'fake') return value
  throw usageError(`invalid authentication '${value}': expected none or fake`)
}

function parseWholeNumber(name: string, value: number | string, max: number): number {
  const number = /^\d+$/.test(String(value)) ? Number(value) : Number.NaN
  if (number <= max) return number
  throw usageError(`invalid ${name} '${value}': expected a whole number from 0 to ${max}`)
}
