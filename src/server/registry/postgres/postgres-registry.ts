/** The registry in PostgreSQL: transactions that collide with others run again, and an image is read in one statement. */
import {type RawBuilder, sql} from 'kysely'
import type pg from 'pg'
import type {ImageRecord} from '../registry.js'
import {KyselyRegistry} from '../sql/kysely-registry.js'
import {toImageRecord} from '../sql/rows.js'
import type {Database, ImageRow, Trx} from '../sql/tables.js'
import {announceDeletion, DeletionListener} from './deletions.js'

/** A transaction that collides again and again is given up; it never was in tests with 40 at the same time. */
const MAX_RUNS = 20

/** Codes of a serialization failure and of a deadlock. */
const COLLISIONS: ReadonlySet<unknown> = new Set(['40001', '40P01'])

/** A row with what is in other tables; null: nothing there. */
interface WholeRow extends ImageRow {
  properties: ImageRecord['properties'] | null
  tags: readonly string[] | null
}

/** A registry that other processes use at the same time. */
export class PostgresRegistry extends KyselyRegistry {
  readonly #db: Database
  override readonly isShared = true

  readonly #config: pg.ClientConfig
  #listener: DeletionListener | undefined

  /** @param config of the connection that listens */
  constructor(db: Database, config: pg.ClientConfig) {
    super(db)
    this.#db = db
    this.#config = config
  }

  protected override get seconds(): RawBuilder<number> {
    return sql`extract(epoch from clock_timestamp())::double precision`
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

  /** One round trip instead of five: each request that names an image begins with it. */
  override async find(id: string): Promise<ImageRecord | undefined> {
    const {rows} = await sql<WholeRow>`
      select images.*,
        (select json_object_agg(name, value order by name) from image_properties where image_id = images.id) as properties,
        (select json_agg(tag order by tag) from image_tags where image_id = images.id) as tags
      from images where id = ${id}`.execute(this.#db)
    const [row] = rows
    return row && toImageRecord(row, row.properties ?? {}, row.tags ?? [])
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
