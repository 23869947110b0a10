/**
 * Adapts a libsql database to Kysely: converts values that the driver cannot bind, caches statements, and reads rows as arrays,
 * which is faster.
 */
import type {SqliteDatabase, SqliteStatement} from 'kysely'
import type Libsql from 'libsql'
import {createBlank} from '../../../lib/model/json-object.js'

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
  const {reader} = statement
  const toRow = reader ? createRowMaker(statement.raw()) : undefined
  return {
    reader,
    all: values => (statement.all(values.map(toBindable)) as unknown[][]).map(values => toRow?.(values)),
    run: values => statement.run(values.map(toBindable)),
    iterate: () => {
      throw new Error('rows are not read one by one')
    },
  }
}

function createRowMaker(statement: Libsql.Statement): (values: readonly unknown[]) => unknown {
  const names = statement.columns().map(({name}) => name)
  const blank = createBlank(names)
  return values => {
    const row: Record<string, unknown> = {...blank}
    for (let i = 0; i < names.length; i++) row[names[i]!] = values[i]
    return row
  }
}

/** Without this the driver binds integers as floats, and a boolean aborts the process. */
function toBindable(value: unknown): unknown {
  if (typeof value === 'boolean') return BigInt(value)
  return Number.isSafeInteger(value) ? BigInt(value as number) : value
}
