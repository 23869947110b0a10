/** The registry in PostgreSQL: transactions that collide with others run again. */
import {type RawBuilder, sql} from 'kysely'
import type pg from 'pg'
import {KyselyRegistry} from '../sql/kysely-registry.js'
import type {JsonFunctions} from '../sql/lists/read-images.js'
import type {Database, Trx} from '../sql/tables.js'
import {announceDeletion, DeletionListener} from './deletions.js'

/** A transaction that collides again and again is given up; it never was in tests with 40 at the same time. */
const MAX_RUNS = 20

/** Codes of a serialization failure and of a deadlock. */
const COLLISIONS: ReadonlySet<unknown> = new Set(['40001', '40P01'])

const POSTGRES_JSON: JsonFunctions = {
  array: 'json_build_array',
  collect: 'json_agg',
  collectPairs: 'json_object_agg',
  toText: json => sql`${json}::text`,
  fromText: text => sql`${text}::json`,
}

/** A registry that other processes use at the same time. */
export class PostgresRegistry extends KyselyRegistry {
  override readonly isShared = true

  readonly #config: pg.ClientConfig
  #listener: DeletionListener | undefined

  /** @param config of the connection that listens */
  constructor(db: Database, config: pg.ClientConfig) {
    super(db)
    this.#config = config
  }

  protected override get seconds(): RawBuilder<number> {
    return sql`extract(epoch from clock_timestamp())::double precision`
  }

  protected override get json(): JsonFunctions {
    return POSTGRES_JSON
  }

  override watchDeletions(hear: (id: string) => void): void {
    this.#listener = new DeletionListener(this.#config, hear)
    void this.#listener.open()
  }

  override async close(): Promise<void> {
    await this.#listener?.close()
    await super.close()
  }

  protected override announceDeletion(trx: Trx, id: string): Promise<void> {
    return announceDeletion(trx, id)
  }

  protected override async run<T>(transaction: () => Promise<T>): Promise<T> {
    for (let runs = 1; ; runs++) {
      try {
        return await transaction()
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? error.code : undefined
        if (runs === MAX_RUNS || !COLLISIONS.has(code)) throw error
      }
    }
  }
}
