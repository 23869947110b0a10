/** Opens the databases of registries for maintenance, without a service. */
import {stat} from 'node:fs/promises'
import {basename, dirname, join} from 'node:path'
import {Failure} from '../../lib/model/errors.js'
import {findVersion} from '../registry/migrations/migrate.js'
import {parseRegistryUrl} from '../registry/open-registry.js'
import type {Registry} from '../registry/registry.js'
import type {Database} from '../registry/sql/tables.js'
import {readSettings} from '../settings/setting.js'
import type {GivenSettings} from '../settings/sources.js'
import {REGISTRY} from '../settings/tables.js'

/** A database that is open. */
export interface OpenDatabase {
  readonly db: Database
  /** The registry in it, if its schema is that of this release. */
  readonly registry: Registry
  readonly engine: 'sqlite' | 'postgres'
  /** Its file, or its URL without secrets, for messages. */
  readonly name: string
  close(): Promise<void>
}

/** How to open a database. */
export interface OpenOptions {
  readonly given: GivenSettings
  /** Locks the data folder of an SQLite registry, so that no service uses it. */
  readonly isExclusive?: boolean
  readonly pid?: number
  /** Creates the file of SQLite if it does not exist. */
  readonly mayCreate?: boolean
}

/** Name of the registry in a data folder. */
const REGISTRY_FILE = 'registry.sqlite'

/**
 * Opens a database.
 * @param url `sqlite:FILE`, `sqlite:DIR` for the data folder of a service, or `postgres://USER@HOST/DATABASE`
 * @throws Failure `usage` for another URL; `not-found` for a file that does not exist; `conflict` when a service uses it;
 *   `unavailable` for a database that cannot be reached; `failed` for a file that cannot be read
 */
export async function openDatabaseAt(url: string, options: OpenOptions): Promise<OpenDatabase> {
  const place = parseRegistryUrl(url)
  if (place.engine === 'sqlite') return openFile(place.file, options)
  const {sql_timeout: timeout} = readSettings(REGISTRY, options.given.in())
  const {openPostgres} = await import('../registry/postgres/open.js')
  const limits = {connections: 1, timeout, isPatient: true}
  const {db, name, config} = await openPostgres(place.url, limits, {warn: () => {}})
  const {PostgresRegistry} = await import('../registry/postgres/postgres-registry.js')
  const registry = new PostgresRegistry(db, config)
  return {db, registry, engine: 'postgres', name, close: () => db.destroy()}
}

/** @throws Failure `conflict` when the schema of the database is that of another release */
export async function requireLatestSchema({db, engine, name}: OpenDatabase): Promise<void> {
  const {current, latest} = await findVersion(db)
  if (current === latest) return
  const url = engine === 'sqlite' ? `sqlite:${name}` : name
  throw new Failure('conflict', `cannot use the registry ${name}`, {
    why: `its schema is ${current ?? 'empty'}, this release has ${latest}`,
    advice: `Run glance-manage db_sync --registry ${url}, or use the release that wrote it.`,
  })
}

async function openFile(path: string, options: OpenOptions): Promise<OpenDatabase> {
  const {isExclusive = false, pid = 0, mayCreate = false} = options
  const file = (await isFolder(path)) ? join(path, REGISTRY_FILE) : path
  if (!mayCreate) await requireFile(file)
  const isOfService = isExclusive && basename(file) === REGISTRY_FILE
  const unlock = isOfService ? await lockFolder(dirname(file), pid) : () => {}
  try {
    const {openDatabase} = await import('../registry/sqlite/open.js')
    const db = await openDatabase(file)
    const {KyselyRegistry} = await import('../registry/sql/kysely-registry.js')
    const registry = new KyselyRegistry(db)
    const close = () => db.destroy().finally(unlock)
    return {db, registry, engine: 'sqlite', name: file, close}
  } catch (error) {
    unlock()
    throw error
  }
}

async function requireFile(file: string): Promise<void> {
  await stat(file).catch(error => {
    throw new Failure('not-found', `there is no registry ${file}`, {why: error.message})
  })
}

/** Locks the data folder of a service. @returns a function that ends the lock */
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
