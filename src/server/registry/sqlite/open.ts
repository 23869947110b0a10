/** The registry in an SQLite file, through libsql. */
import {existsSync} from 'node:fs'
import {dirname} from 'node:path'
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  Kysely,
  SqliteAdapter,
  SqliteDriver,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type TransactionSettings,
} from 'kysely'
import type Libsql from 'libsql'
import {Failure, type FailureDetails} from '../../../lib/model/errors.js'
import {migrate} from '../migrations/migrate.js'
import {KyselyRegistry} from '../sql/kysely-registry.js'
import {describeStatement} from '../sql/log.js'
import type {Tables} from '../sql/tables.js'
import {DiskReserve} from './disk-reserve.js'
import {loadDatabase} from './load-database.js'
import {SqliteRegistry} from './sqlite-registry.js'
import {withStatementCache} from './statement-cache.js'

/**
 * Opens the registry in this file, which is created if it does not exist, and updates its schema.
 * @param logStep receives each statement; absent: statements are not logged
 * @throws Failure when the file cannot be opened, or is not a registry of this release or an older one
 */
export async function openRegistry(path: string, logStep?: (step: string) => void): Promise<KyselyRegistry> {
  // On a full disk the service must start, so that images can be deleted.
  const reserve = path === ':memory:' ? undefined : new DiskReserve(`${path}-reserve`)
  reserve?.release()
  const db = await openDatabase(path, logStep)
  try {
    await migrate(db)
  } catch (error) {
    await db.destroy()
    throw error
  }
  reserve?.allocate()
  return reserve === undefined ? new KyselyRegistry(db) : new SqliteRegistry(db, reserve)
}

/**
 * Opens the database without changing its schema.
 * @param logStep receives each statement; absent: statements are not logged
 * @throws Failure when the file cannot be opened
 */
export async function openDatabase(path: string, logStep?: (step: string) => void): Promise<Kysely<Tables>> {
  const Database = await loadDatabase()
  try {
    const database = new Database(path)
    for (const pragma of PRAGMAS) database.prepare(`pragma ${pragma}`).all()
    const dialect = libsqlDialect(database)
    return new Kysely<Tables>(
      logStep === undefined ? {dialect} : {dialect, log: event => logStep(describeStatement(event))},
    )
  } catch (error) {
    throw new Failure('failed', `cannot open the registry ${path}`, {
      ...explainRefusal(path, error),
      cause: error,
    })
  }
}

/** SQLITE_CANTOPEN, whose message has no reason. */
const CANNOT_OPEN = /\b14"?\)?$/

function explainRefusal(path: string, error: unknown): Pick<FailureDetails, 'why' | 'advice'> {
  const message = error instanceof Error ? error.message : String(error)
  if (!CANNOT_OPEN.test(message)) return {why: message}
  const folder = dirname(path)
  return existsSync(folder)
    ? {why: 'the file cannot be opened or created', advice: 'Check its access and that of its folder.'}
    : {why: `the folder ${folder} does not exist`, advice: 'Create it, or choose another registry.'}
}

/**
 * With `synchronous = full`, acknowledged changes survive a power failure; the cost is one fsync per change. The log is
 * limited to about 1 MiB (256 pages), because a full disk must have space to write it back into the file.
 */
const PRAGMAS = [
  'journal_mode = wal',
  'synchronous = full',
  'foreign_keys = on',
  'busy_timeout = 5000',
  'wal_autocheckpoint = 256',
  'journal_size_limit = 1048576',
]

function libsqlDialect(database: Libsql.Database): Dialect {
  return {
    createDriver: () => new LibsqlDriver(database),
    createAdapter: () => new TransactionalAdapter(),
    createQueryCompiler: () => new LocklessCompiler(),
    createIntrospector: db => new SqliteIntrospector(db),
  }
}

class LibsqlDriver extends SqliteDriver {
  readonly #database: Libsql.Database

  constructor(database: Libsql.Database) {
    super({database: withStatementCache(database)})
    this.#database = database
  }

  /** Takes the write lock at the start, when SQLite waits for it; taken later, a busy lock fails immediately. */
  override async beginTransaction(
    connection: DatabaseConnection,
    settings?: TransactionSettings,
  ): Promise<void> {
    const begin = settings?.accessMode === 'read only' ? 'begin' : 'begin immediate'
    await connection.executeQuery(CompiledQuery.raw(begin))
  }

  /** On a full disk SQLite has already rolled back, and a second rollback would hide the error. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#database.inTransaction) await super.rollbackTransaction(connection)
  }
}

/** A transaction that writes has locked all rows from its beginning, so that `for update` is left out. */
class LocklessCompiler extends SqliteQueryCompiler {
  protected override visitSelectModifier(): void {}
}

/** SQLite rolls back changes of the schema too, so a migration is done completely or not at all. */
class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}
