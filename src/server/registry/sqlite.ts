/** The registry in an SQLite file, through libsql. */
import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  SqliteAdapter,
  type SqliteDatabase,
  SqliteDialect,
  SqliteDriver,
  type SqliteStatement,
} from 'kysely'
import type Libsql from 'libsql'
import {Failure} from '../../lib/model/errors.js'
import {KyselyRegistry} from './kysely-registry.js'
import {migrate} from './migrations.js'
import type {Tables} from './schema.js'

/**
 * Opens the registry in this file, which is made when absent, and brings its schema up to date.
 * @throws Failure when the file cannot be opened, or is no registry of this release or an older one
 */
export async function openSqliteRegistry(path: string): Promise<KyselyRegistry> {
  const db = await openSqlite(path)
  try {
    await migrate(db)
  } catch (error) {
    await db.destroy()
    throw error
  }
  return new KyselyRegistry(db)
}

/** The database alone, with its schema as it is. */
export async function openSqlite(path: string): Promise<Kysely<Tables>> {
  const {default: Database} = await import('libsql')
  try {
    const database = new Database(path)
    for (const pragma of PRAGMAS) database.prepare(`pragma ${pragma}`).all()
    return new Kysely<Tables>({dialect: new LibsqlDialect({database: bindingSafely(database)})})
  } catch (error) {
    throw new Failure('failed', `Cannot open the registry ${path}`, {
      why: error instanceof Error ? error.message : String(error),
      cause: error,
    })
  }
}

/** With `full`, what was answered survives a power failure; it costs one fsync for each change. */
const PRAGMAS = ['journal_mode = wal', 'synchronous = full', 'foreign_keys = on', 'busy_timeout = 5000']

class LibsqlDialect extends SqliteDialect {
  readonly #database: SqliteDatabase

  constructor(config: {readonly database: SqliteDatabase}) {
    super(config)
    this.#database = config.database
  }

  override createDriver(): Driver {
    return new ImmediateDriver({database: this.#database})
  }

  override createAdapter(): SqliteAdapter {
    return new TransactionalAdapter()
  }
}

/** Takes the write lock at the beginning, where waiting helps; a lock taken in the middle fails at once when busy. */
class ImmediateDriver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }
}

/** SQLite takes changes of the schema back with the rest, so that a migration happens as a whole or not at all. */
class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}

function bindingSafely(database: Libsql.Database): SqliteDatabase {
  return {
    prepare: text => bindingStatement(database.prepare(text)),
    close: () => database.close(),
  }
}

function bindingStatement(statement: Libsql.Statement): SqliteStatement {
  return {
    reader: statement.reader,
    all: values => statement.all(values.map(bindable)),
    run: values => statement.run(values.map(bindable)),
    iterate: values => statement.iterate(values.map(bindable)),
  }
}

/** Without this the driver binds whole numbers as floats, and a boolean ends the process. */
function bindable(value: unknown): unknown {
  if (typeof value === 'boolean') return BigInt(value)
  return Number.isSafeInteger(value) ? BigInt(value as number) : value
}
