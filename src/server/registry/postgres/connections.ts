/** Connections to PostgreSQL, whose errors tell when the database is away. */
import type {PostgresPool, PostgresPoolClient, PostgresQueryResult} from 'kysely'
import pg from 'pg'
import {RegistryUnavailable} from '../unavailable.js'

/** Limits of the connections. */
export interface ConnectionLimits {
  /** Largest number of connections. */
  readonly connections: number
  /** Seconds to wait for a connection, and for the end of a statement. */
  readonly timeout: number
  /** Statements may take as long as they need. */
  readonly isPatient?: boolean
}

/** Oid of `bigint`, which the driver returns as text unless it is told otherwise. */
const BIGINT = 20

/** A pool that opens connections when they are needed, and drops those that are broken. */
export class Connections implements PostgresPool {
  readonly #pool: pg.Pool
  readonly #warn: (line: string) => void
  #isAway = false

  /** @param warn is told when the database is away, and when it is there again */
  constructor(config: pg.PoolConfig, limits: ConnectionLimits, warn: (line: string) => void) {
    const {connections, timeout, isPatient = false} = limits
    const milliseconds = timeout * 1000
    this.#warn = warn
    this.#pool = new pg.Pool({
      application_name: 'glance',
      ...config,
      max: connections,
      keepAlive: true,
      connectionTimeoutMillis: milliseconds,
      // The second is for a network without answers; with answers, the statement ends before.
      ...(isPatient ? {} : {statement_timeout: milliseconds, query_timeout: milliseconds + 500}),
      types: {getTypeParser: toParser},
    })
    // An event that nothing hears would end the process. The statement that runs fails, and an idle connection is dropped.
    this.#pool.on('error', () => {})
    this.#pool.on('connect', client => client.on('error', () => {}))
  }

  /** @throws RegistryUnavailable */
  async connect(): Promise<PostgresPoolClient> {
    try {
      const client = await this.#pool.connect()
      if (this.#isAway) this.#warn('the database of the registry is available again')
      this.#isAway = false
      return new Connection(client, error => this.#translate(error))
    } catch (error) {
      throw this.#report(new RegistryUnavailable(describeError(error), error))
    }
  }

  end(): Promise<void> {
    return this.#pool.end()
  }

  #translate(error: unknown): unknown {
    if (!isUnavailable(error)) return error
    return this.#report(new RegistryUnavailable(describeError(error), error))
  }

  #report(error: RegistryUnavailable): RegistryUnavailable {
    if (!this.#isAway) this.#warn(`the database of the registry is not available: ${error.message}`)
    this.#isAway = true
    return error
  }
}

/** A connection that is in use. */
class Connection implements PostgresPoolClient {
  readonly #client: pg.PoolClient
  readonly #translate: (error: unknown) => unknown
  #failure: RegistryUnavailable | undefined

  constructor(client: pg.PoolClient, translate: (error: unknown) => unknown) {
    this.#client = client
    this.#translate = translate
  }

  query(statement: unknown, values?: readonly unknown[]): never {
    return this.#query(String(statement), values ?? []) as never
  }

  async #query(statement: string, values: readonly unknown[]): Promise<PostgresQueryResult<unknown>> {
    // A rollback on a broken connection would wait for its end once more.
    if (this.#failure !== undefined) throw this.#failure
    try {
      return (await this.#client.query(statement, [...values])) as PostgresQueryResult<unknown>
    } catch (error) {
      const translated = this.#translate(error)
      if (translated instanceof RegistryUnavailable) this.#failure = translated
      throw translated
    }
  }

  release(): void {
    this.#client.release(this.#failure !== undefined)
  }
}

const toParser: pg.CustomTypesConfig['getTypeParser'] = (oid: number, format?: 'text' | 'binary') =>
  oid === BIGINT ? Number : pg.types.getTypeParser(oid, format as 'text')

/** Codes of PostgreSQL by which it refuses to work for now: its end, its start, too many connections, a time-out, a standby. */
const UNAVAILABLE = /^(08...|57P0.|57014|53300|25006)$/

/** An error without a code of PostgreSQL is one of the connection. */
function isUnavailable(error: unknown): boolean {
  const code = error instanceof pg.DatabaseError ? error.code : undefined
  if (code !== undefined) return UNAVAILABLE.test(code)
  return error instanceof Error && !(error instanceof TypeError)
}

/** What the operator is told. Messages of the driver and the server contain no passwords. */
export function describeError(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(describeError).join(', ')
  return error instanceof Error ? error.message || error.name : String(error)
}
