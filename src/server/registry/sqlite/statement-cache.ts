/** Adapts a libsql database to Kysely: converts values that the driver cannot bind, and caches statements. */
import type {SqliteDatabase, SqliteStatement} from 'kysely'
import type Libsql from 'libsql'

/** More than the service has queries, except lists with rare sets of filters. */
const MAX_STATEMENTS = 256

/**
 * Caches the statements that were used last. The driver frees a statement only when it is garbage-collected, and the
 * collector does not see that each holds 20 KiB of native memory: without a cache a busy service grows by gigabytes.
 */
export function withStatementCache(database: Libsql.Database): SqliteDatabase {
  const cached = new Map<string, SqliteStatement>()
  return {
    prepare(text) {
      const statement = cached.get(text) ?? wrapStatement(database.prepare(text))
      // Moves the statement to the end of the map, which keeps the order of insertion.
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

/** Done here because the driver closes the file only after the statements are garbage-collected. */
function checkpointLog(database: Libsql.Database): void {
  try {
    database.prepare('pragma wal_checkpoint(truncate)').all()
  } catch {
    // On a full disk the changes stay in the log, which the next start reads.
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

/** Without this the driver binds integers as floats, and a boolean aborts the process. */
function toBindable(value: unknown): unknown {
  if (typeof value === 'boolean') return BigInt(value)
  return Number.isSafeInteger(value) ? BigInt(value as number) : value
}
