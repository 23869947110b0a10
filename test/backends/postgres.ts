/** A PostgreSQL for tests, at the URL in POSTGRES_URL; without it they are skipped. */
import {randomBytes} from 'node:crypto'
import pg from 'pg'
import {openPostgresRegistry} from '../../src/server/registry/postgres/open.js'
import type {PostgresRegistry} from '../../src/server/registry/postgres/postgres-registry.js'

const SERVER = process.env['POSTGRES_URL'] ?? ''

/** Declares tests that are skipped without a server. */
export function describePostgres(title: string, tests: () => void): void {
  if (SERVER === '') describe.skip(title, tests)
  else describe(title, tests)
}

export const LIMITS = {connections: 10, timeout: 5} as const

/** Byte order, as for a service in production. */
const C_ORDER = "encoding 'UTF8' lc_collate 'C' lc_ctype 'C'"

/** A database of the tests in a `describe`. */
export interface TestDatabase {
  readonly url: string
  /** Runs statements on a connection of its own. */
  run(statement: string): Promise<readonly Record<string, unknown>[]>
}

/** Call within `describe`: makes a database, and drops it afterwards. @param order options of `create database` */
export function useDatabase(order = C_ORDER): TestDatabase {
  const database = nameDatabase(order)
  before(database.create)
  after(database.drop)
  return database
}

/** A database of a random name, which is to be created. @param order options of `create database` */
export function nameDatabase(order = C_ORDER) {
  const name = `glance_test_${randomBytes(6).toString('hex')}`
  const url = withPath(SERVER, name)
  return {
    url,
    run: (statement: string) => runOn(url, statement),
    create: async () => {
      await runOn(SERVER, `create database ${name} template template0 ${order}`)
      // A crash of the server would end the tests anyway.
      await runOn(SERVER, `alter database ${name} set synchronous_commit = off`)
    },
    drop: async () => void (await runOn(SERVER, `drop database if exists ${name} with (force)`)),
  }
}

/** The registry in a database. */
export function openTestRegistry(url: string): Promise<PostgresRegistry> {
  return openPostgresRegistry(url, LIMITS, {warn: () => {}})
}

/** The URL of a schema in a database. */
export function inSchema(url: string, schema: string): string {
  return `${url}?options=${encodeURIComponent(`-c search_path=${schema}`)}`
}

async function runOn(url: string, statement: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    const result = await client.query(statement)
    return result.rows
  } finally {
    await client.end()
  }
}

function withPath(url: string, path: string): string {
  if (url === '') return ''
  const changed = new URL(url)
  changed.pathname = path
  return changed.href
}
