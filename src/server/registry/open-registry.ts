/** Chooses where the registry is: a registry server, or a database by its URL. */
import {usageError} from '../../lib/model/errors.js'
import {type FindValue, readSettings} from '../settings/setting.js'
import {REGISTRY} from '../settings/tables/registry.js'
import {REGISTRY_CLIENT, REGISTRY_TOKEN} from '../settings/tables/registry-server.js'
import type {Registry} from './registry.js'
import type {RegistryListener} from './sql/log.js'

/** Where a registry may be. */
export interface RegistryPlace {
  /** Finds values of settings. */
  readonly find: FindValue
  /** File of the registry without `sql_connection`. */
  readonly file: string
}

/**
 * Opens the registry of an API server: on the registry server that the settings name, or in a database, as `openChosenDatabase`.
 * @throws Failure `usage` for both of them, and as `openRemoteRegistry` and `openChosenDatabase`
 */
export async function openChosenRegistry(
  place: RegistryPlace,
  listener: RegistryListener,
): Promise<Registry> {
  const {registry_host: host, ...settings} = readSettings({...REGISTRY_CLIENT, ...REGISTRY_TOKEN}, place.find)
  if (!host) return openChosenDatabase(place, listener)
  if (place.find('sql_connection') !== undefined) {
    throw usageError('cannot use both a registry server and a database', {
      why: 'registry_host names a server, and sql_connection (or --registry) a database',
      advice: 'Leave one of them out. The registry server has the database.',
    })
  }
  const {openRemoteRegistry} = await import('./remote/open.js')
  return openRemoteRegistry(host, settings, listener.warn)
}

/**
 * Opens the registry in its database, and updates its schema.
 * @throws Failure `usage` for a URL of another kind, and as the functions of the engines
 */
export async function openChosenDatabase(
  {find, file}: RegistryPlace,
  listener: RegistryListener,
): Promise<Registry> {
  const {sql_timeout: timeout, sql_pool_size: connections} = readSettings(REGISTRY, find)
  const chosen = chooseDatabase({find, file})
  if (chosen.engine === 'sqlite') {
    const {openRegistry} = await import('./sqlite/open.js')
    return openRegistry(chosen.file, listener.logStep)
  }
  if (timeout > LONG_TIMEOUT) listener.warn(describeTimeout(timeout))
  const {openPostgresRegistry} = await import('./postgres/open.js')
  return openPostgresRegistry(chosen.url, {connections, timeout}, listener)
}

/** Seconds; clients and proxies rarely wait longer for an answer. */
const LONG_TIMEOUT = 300

function describeTimeout(seconds: number): string {
  return (
    `sql_timeout = ${seconds}: requests wait that many seconds when the database does not answer. ` +
    'In files of 2011 it was the time after which unused connections are renewed; leave it out, or set it to 5'
  )
}

/** True if other processes may use the registry of an API server. @throws Failure `usage` for a URL of another kind */
export function isSharedRegistry(place: RegistryPlace): boolean {
  const {registry_host: host} = readSettings(REGISTRY_CLIENT, place.find)
  return host ? true : chooseDatabase(place).engine === 'postgres'
}

/** The database that the settings name. @throws Failure `usage` for a URL of another kind */
export function chooseDatabase({find, file}: RegistryPlace): RegistryDatabase {
  const {sql_connection} = readSettings(REGISTRY, find)
  return parseRegistryUrl(sql_connection ?? `sqlite:${file}`)
}

/** The database that a URL names. */
export type RegistryDatabase =
  | {readonly engine: 'sqlite'; readonly file: string}
  | {readonly engine: 'postgres'; readonly url: string}

/**
 * Parses the URL of a registry; also in the forms of SQLAlchemy, `sqlite:///FILE` and `postgresql+psycopg2://`.
 * @throws Failure `usage` without the URL, which may contain a password
 */
export function parseRegistryUrl(url: string): RegistryDatabase {
  const [, file] = /^sqlite:(?:\/\/\/)?(.+)$/s.exec(url) ?? []
  if (file !== undefined) return {engine: 'sqlite', file}
  const [, rest] = /^postgres(?:ql)?(?:\+\w+)?(:\/\/.*)$/s.exec(url) ?? []
  if (rest !== undefined) return {engine: 'postgres', url: `postgres${rest}`}
  throw usageError('invalid URL of the registry: expected sqlite:FILE or postgres://USER@HOST/DATABASE')
}
