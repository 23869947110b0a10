/** Opens the databases of registries for maintenance, without a service. */
import {stat, writeFile} from 'node:fs/promises'
import {basename, dirname, join} from 'node:path'
import {sql} from 'kysely'
import {Failure} from '../../lib/model/errors.js'
import {findVersion} from '../registry/migrations/migrate.js'
import {parseRegistryUrl} from '../registry/open-registry.js'
import type {Registry} from '../registry/registry.js'
import type {Database} from '../registry/sql/tables.js'
import {RegistryUnavailable} from '../registry/unavailable.js'
import {readSettings} from '../settings/setting.js'
import {exists} from '../settings/setting-file.js'
import type {GivenSettings} from '../settings/sources.js'
import {REGISTRY} from '../settings/tables/registry.js'

/** A database that is open. */
export interface OpenDatabase {
  readonly db: Database
  /** The registry in it, if its schema is that of this release. */
  readonly registry: Registry
  readonly engine: 'sqlite' | 'postgres'
  /** Its file, or its URL without secrets, for messages. */
  readonly name: string
  /** Tells whether another one is the same, however its URL is written. */
  readonly identity: string
  close(): Promise<void>
}

/** How to open a database. */
export interface OpenOptions {
  readonly given: GivenSettings
  /** Locks the data directory that an SQLite registry is in, so that no service uses it. */
  readonly isExclusive?: boolean
  readonly pid?: number
  /** Creates the file of SQLite if it does not exist. */
  readonly mayCreate?: boolean
}

/** Name of the registry in a data folder. */
const REGISTRY_FILE = 'registry.sqlite'

/**
 * Opens a database for some work, and closes it after that.
 * @param url `sqlite:FILE`, `sqlite:DIR` for the data folder of a service, or `postgres://USER@HOST/DATABASE`
 * @throws Failure `usage` for another URL; `not-found` for a file that does not exist; `conflict` when a service uses it;
 *   `unavailable` for a database that cannot be reached; `failed` for a file that cannot be read,
 *   and for other errors of a database
 */
export async function useDatabase<Result>(
  url: string,
  options: OpenOptions,
  work: (database: OpenDatabase) => Promise<Result>,
): Promise<Result> {
  const database = await openDatabaseAt(url, options)
  try {
    return await work(database)
  } catch (error) {
    throw registryFailure(`cannot use the registry ${database.name}`, error)
  } finally {
    await database.close()
  }
}

/** A failure with this message for an error of a database; any other failure unchanged. */
export function registryFailure(message: string, error: unknown): Failure {
  if (error instanceof Failure) return error
  const kind = error instanceof RegistryUnavailable ? 'unavailable' : 'failed'
  return new Failure(kind, message, {
    why: error instanceof Error ? error.message : String(error),
    cause: error,
  })
}

/** @param action what needs the schema of this release @throws Failure `conflict` when the registry has another one */
export async function requireLatest({db, name}: OpenDatabase, action: string): Promise<void> {
  const {current, latest} = await findVersion(db)
  if (current === latest) return
  const details = current
    ? {
        why: `its schema is ${current}, this release has ${latest}`,
        advice: 'Run glance-manage db_sync on it, or use the release that wrote it.',
      }
    : {why: 'it has no tables', advice: 'Check its name, or run glance-manage db_sync on it.'}
  throw new Failure('conflict', `cannot ${action} the registry ${name}`, details)
}

async function openDatabaseAt(url: string, options: OpenOptions): Promise<OpenDatabase> {
  const place = parseRegistryUrl(url)
  if (place.engine === 'sqlite') return openFile(place.file, options)
  const {sql_timeout: timeout} = readSettings(REGISTRY, options.given.in())
  const {openPostgres} = await import('../registry/postgres/open.js')
  const limits = {connections: 1, timeout, isPatient: true}
  const {db, name, config} = await openPostgres(place.url, limits, {warn: () => {}})
  try {
    const {rows} = await IDENTITY.execute(db)
    const {PostgresRegistry} = await import('../registry/postgres/postgres-registry.js')
    const facts = {engine: 'postgres', name, identity: rows[0]?.identity ?? ''} as const
    return {...facts, db, registry: new PostgresRegistry(db, config), close: () => db.destroy()}
  } catch (error) {
    await db.destroy()
    throw registryFailure(`cannot use the registry ${name}`, error)
  }
}

/** The server, by the microsecond of its start, and the tables. */
const IDENTITY = sql<{identity: string}>`
  select concat_ws(' ', pg_postmaster_start_time(), current_database(), current_schema()) as identity`

async function openFile(path: string, options: OpenOptions): Promise<OpenDatabase> {
  const {isExclusive = false, pid = 0, mayCreate = false} = options
  const file = (await isFolder(path)) ? join(path, REGISTRY_FILE) : path
  await (mayCreate ? createFile(file) : requireFile(file, path))
  const unlock = isExclusive && (await isOfService(file)) ? await lockFolder(dirname(file), pid) : () => {}
  try {
    const {openDatabase} = await import('../registry/sqlite/open.js')
    const db = await openDatabase(file)
    const {dev, ino} = await stat(file)
    const close = () => db.destroy().finally(unlock)
    const {KyselyRegistry} = await import('../registry/sql/kysely-registry.js')
    const facts = {engine: 'sqlite', name: file, identity: `${dev}:${ino}`} as const
    return {...facts, db, registry: new KyselyRegistry(db), close}
  } catch (error) {
    unlock()
    throw error
  }
}

/** Creates the file for its owner only, as a service does. Opening it tells what prevents that. */
async function createFile(file: string): Promise<void> {
  await writeFile(file, '', {mode: 0o600, flag: 'wx'}).catch(() => {})
}

async function requireFile(file: string, path: string): Promise<void> {
  if (await exists(file)) return
  throw file === path
    ? new Failure('not-found', `the registry ${file} does not exist`)
    : new Failure('not-found', `${path} is not the data directory of a service`, {
        why: `it has no ${REGISTRY_FILE}`,
      })
}

/** True for the registry in the data directory of a service, which a service may use. */
async function isOfService(file: string): Promise<boolean> {
  return basename(file) === REGISTRY_FILE && (await exists(join(dirname(file), 'service.lock')))
}

/** Locks the data directory of a service. @returns a function that ends the lock */
async function lockFolder(folder: string, pid: number): Promise<() => void> {
  const {openDataDirectory} = await import('../data-dir.js')
  const {close} = await openDataDirectory(folder, pid)
  return close
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    found => found.isDirectory(),
    () => false,
  )
}
