/** A libsql database as the query builder wants it: values it can bind, and statements it can use again. */
import type {SqliteDatabase, SqliteStatement} from 'kysely'
import type Libsql from 'libsql'

/** More texts than the service has queries, but for lists with rare sets of filters. */
const MAX_STATEMENTS = 256

/**
 * The driver frees a statement when the garbage collector gets to it, which does not know that each one holds 20 KiB of
 * foreign memory: with a statement for each query a busy service grows by gigabytes. So the last ones used are kept.
 */
export function withStatementCache(database: Libsql.Database): SqliteDatabase {
  const cached = new Map<string, SqliteStatement>()
  return {
    prepare(text) {
      const statement = cached.get(text) ?? wrapStatement(database.prepare(text))
      // At the end again: a map is in the order in which its keys came.
      cached.delete(text)
      cached.set(text, statement)
      const [oldest] = cached.keys()
      if (cached.size > MAX_STATEMENTS && oldest !== undefined) cached.delete(oldest)
      return statement
    },
    close() {
      cached.clear()
      checkpointLog(database)
      database.close()
    },
  }
}

/** Not left to the driver, which closes the file only once the statements were collected. */
function checkpointLog(database: Libsql.Database): void {
  try {
    database.prepare('pragma wal_checkpoint(truncate)').all()
  } catch {
    // On a full disk all stays in the log, from which the next start reads it.
  }
}

function wrapStatement(statement: Libsql.Statement): SqliteStatement {
  return {
    reader: statement.reader,
    all: values => statement.all(values.map(toBindable)),
    run: values => statement.run(values.map(toBindable)),
    iterate: values => statement.iterate(values.map(toBindable)),
  }
}

/** Without this the driver binds whole numbers as floats, and a boolean ends the process. */
function toBindable(value: unknown): unknown {
  if (typeof value === 'boolean') return BigInt(value)
  return Number.isSafeInteger(value) ? BigInt(value as number) : value
}
