/** The log of the registry: what it is told, and how statements are described. */
import type {LogEvent} from 'kysely'

/** What hears of the work of the registry. */
export interface RegistryListener {
  /** Receives each statement; absent: statements are not logged. */
  readonly logStep?: ((step: string) => void) | undefined
  /** Is told when the database is away, and when it is there again. */
  readonly warn: (line: string) => void
}

/** A statement without its values, which may be secrets, and its outcome. */
export function describeStatement(event: LogEvent): string {
  const outcome = event.level === 'error' ? `failed with ${describeSqlError(event.error)}` : 'done'
  const milliseconds = event.queryDurationMillis.toFixed(1)
  return `registry ${outcome} in ${milliseconds}ms: ${event.query.sql.replace(/\s+/g, ' ')}`
}

/** The code of the error; messages may quote values. */
function describeSqlError(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
}
