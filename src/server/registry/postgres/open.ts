/** The registry in a PostgreSQL database. */
import {Kysely} from 'kysely'
import type pg from 'pg'
import {Failure} from '../../../lib/model/errors.js'
import {migrate} from '../migrations/migrate.js'
import {describeStatement, type RegistryListener} from '../sql/log.js'
import type {Tables} from '../sql/tables.js'
import {setByteOrder} from './byte-order.js'
import {type ConnectionLimits, Connections, describeError} from './connections.js'
import {HintlessDialect} from './dialect.js'
import {PostgresRegistry} from './postgres-registry.js'
import {configure, describe} from './url.js'

/** A database that is being opened. */
export interface PostgresDatabase {
  readonly db: Kysely<Tables>
  /** The URL without secrets, for messages. */
  readonly name: string
  /** Settings of its connections. */
  readonly config: pg.ClientConfig
}

/**
 * Opens the registry in this database, and updates its schema.
 * @param url `postgres://USER:PASSWORD@HOST:PORT/DATABASE`; what is missing is taken from the variables of PostgreSQL, and the
 *   password also from `~/.pgpass`
 * @throws Failure `usage` for an invalid URL; `unavailable` when the database cannot be reached; `failed` when the schema cannot
 *   be updated
 */
export async function openPostgresRegistry(
  url: string,
  limits: ConnectionLimits,
  listener: RegistryListener,
): Promise<PostgresRegistry> {
  await updateSchema(url, limits)
  const {db, config} = await openPostgres(url, limits, listener)
  return new PostgresRegistry(db, {...config, connectionTimeoutMillis: limits.timeout * 1000})
}

/** Updates the schema over one connection without a time limit for statements. It may throw all errors of `openPostgresRegistry`. */
export async function updateSchema(url: string, {timeout}: Pick<ConnectionLimits, 'timeout'>): Promise<void> {
  const {db} = await openPostgres(url, {connections: 1, timeout, isPatient: true}, {warn: () => {}})
  try {
    await migrate(db)
    await setByteOrder(db)
  } finally {
    await db.destroy()
  }
}

/** Opens a database, and checks that it answers. It may throw all errors of `openPostgresRegistry`. */
export async function openPostgres(
  url: string,
  limits: ConnectionLimits,
  {logStep, warn}: RegistryListener,
): Promise<PostgresDatabase> {
  const config = await configure(url)
  const connections = new Connections(config, limits, warn)
  const dialect = new HintlessDialect(connections)
  const log = logStep && {
    log: (event: Parameters<typeof describeStatement>[0]) => logStep(describeStatement(event)),
  }
  const db = new Kysely<Tables>({dialect, ...log})
  const name = describe(config)
  try {
    await db.connection().execute(async () => {})
  } catch (error) {
    await connections.end()
    throw new Failure('unavailable', `cannot open the registry ${name}`, {
      why: describeError(error),
      advice: 'Check that PostgreSQL runs, and its address, user and password in sql_connection.',
      cause: error,
    })
  }
  return {db, name, config}
}
