/** The registry in an SQLite file, through libsql. */
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  Kysely,
  SqliteAdapter,
  SqliteDriver,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import type Libsql from 'libsql'
import {Failure} from '../../../lib/model/errors.js'
import {migrate} from '../migrations/migrate.js'
import {KyselyRegistry} from '../sql/kysely-registry.js'
import type {Tables} from '../sql/tables.js'
import {DiskReserve} from './disk-reserve.js'
import {SqliteRegistry} from './sqlite-registry.js'
import {withStatementCache} from './statement-cache.js'

/**
 * Opens the registry in this file, which is made when absent, and brings its schema up to date.
 * @throws Failure when the file cannot be opened, or is no registry of this release or an older one
 */
export async function openRegistry(path: string): Promise<KyselyRegistry> {
  // A full disk must not keep a service from opening in which something could be deleted.
  const reserve = path === ':memory:' ? undefined : new DiskReserve(`${path}-reserve`)
  reserve?.release()
  const db = await openDatabase(path)
  try {
    await migrate(db)
  } catch (error) {
    await db.destroy()
    throw error
  }
  reserve?.allocate()
  return reserve === undefined ? new KyselyRegistry(db) : new SqliteRegistry(db, reserve)
}

/** The database alone, with its schema as it is. */
export async function openDatabase(path: string): Promise<Kysely<Tables>> {
  const {default: Database} = await import('libsql')
  try {
    const database = new Database(path)
    for (const pragma of PRAGMAS) database.prepare(`pragma ${pragma}`).all()
    return new Kysely<Tables>({dialect: libsqlDialect(database)})
  } catch (error) {
    throw new Failure('failed', `Cannot open the registry ${path}`, {
      why: error instanceof Error ? error.message : String(error),
      cause: error,
    })
  }
}

/**
 * With `full`, what was answered survives a power failure; it costs one fsync for each change. The log is kept to about
 * 1 MiB (256 pages): a full disk must have room to take it into the file.
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
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: db => new SqliteIntrospector(db),
  }
}

class LibsqlDriver extends SqliteDriver {
  readonly #database: Libsql.Database

  constructor(database: Libsql.Database) {
    super({database: withStatementCache(database)})
    this.#database = database
  }

  /** Takes the write lock at the beginning, where waiting helps; one taken in the middle fails at once when busy. */
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }

  /** On a full disk SQLite has done it already, and a second time would hide why. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#database.inTransaction) await super.rollbackTransaction(connection)
  }
}

/** SQLite takes changes of the schema back with the rest, so that a migration happens as a whole or not at all. */
class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}
