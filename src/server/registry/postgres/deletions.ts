/** Hears of images that other processes delete while their data arrives, through LISTEN and NOTIFY. */
import {sql} from 'kysely'
import pg from 'pg'
import type {Trx} from '../sql/tables.js'

const CHANNEL = 'glance_deleted_images'

/** Milliseconds until a connection that broke is opened again. */
const RETRY_INTERVAL = 5000

/** Tells the listeners, once the transaction commits. */
export async function announceDeletion(trx: Trx, id: string): Promise<void> {
  await sql`select pg_notify(${CHANNEL}, ${id})`.execute(trx)
}

/**
 * A connection of its own that listens, and is opened again when it breaks. It may miss deletions meanwhile, and through a pool
 * that shares connections it hears none.
 */
export class DeletionListener {
  readonly #config: pg.ClientConfig
  readonly #hear: (id: string) => void
  #client: pg.Client | undefined
  #timer: NodeJS.Timeout | undefined

  constructor(config: pg.ClientConfig, hear: (id: string) => void) {
    this.#config = config
    this.#hear = hear
  }

  /** Connects. Never rejects: without a database it tries again. */
  async open(): Promise<void> {
    const client = new pg.Client({application_name: 'glance', keepAlive: true, ...this.#config})
    this.#client = client
    client.on('error', () => this.#reopen(client))
    client.on('end', () => this.#reopen(client))
    client.on('notification', ({payload = ''}) => this.#hear(payload))
    await client
      .connect()
      .then(() => client.query(`listen ${CHANNEL}`))
      .catch(() => this.#reopen(client))
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer)
    const client = this.#client
    this.#client = undefined
    await client?.end().catch(() => {})
  }

  #reopen(client: pg.Client): void {
    if (this.#client !== client) return
    this.#client = undefined
    client.end().catch(() => {})
    this.#timer = setTimeout(() => this.open(), RETRY_INTERVAL).unref()
  }
}
