/** The registry in an SQLite file whose disk may be full: what makes room is done all the same. */
import {type Kysely, sql} from 'kysely'
import {KyselyRegistry} from './kysely-registry.js'
import type {Decide, ImageChanges, ImageRecord} from './registry.js'
import type {Reserve} from './reserve.js'
import type {Tables} from './schema.js'

type Create = KyselyRegistry['create']
type Delete = KyselyRegistry['delete']

export class SqliteRegistry extends KyselyRegistry {
  readonly #reserve: Reserve
  readonly #shortenLog: () => Promise<unknown>

  constructor(db: Kysely<Tables>, reserve: Reserve) {
    super(db)
    this.#reserve = reserve
    // What fails here fails once more in the work behind it.
    this.#shortenLog = () => sql`pragma wal_checkpoint(truncate)`.execute(db).catch(() => {})
  }

  /** Nothing new is let in before the reserve has its room again. */
  override create(...given: Parameters<Create>): ReturnType<Create> {
    this.#reserve.take()
    return super.create(...given)
  }

  /** A change that makes room may use the room of the reserve. */
  override change(id: string, decide: Decide): Promise<ImageRecord | undefined> {
    let isEntitled = true
    const noteAndDecide: Decide = image => {
      const changes = decide(image)
      isEntitled = changes !== undefined && makesRoom(changes)
      return changes
    }
    this.#reserve.take()
    return this.#reserve.within(
      () => super.change(id, noteAndDecide),
      this.#shortenLog,
      () => isEntitled,
    )
  }

  override delete(...given: Parameters<Delete>): ReturnType<Delete> {
    return this.#reserve.within(() => super.delete(...given), this.#shortenLog)
  }
}

/** It gives up data that did not arrive, or lets an image be deleted. */
function makesRoom({status, protected: isProtected}: ImageChanges): boolean {
  return status === 'killed' || status === 'queued' || isProtected === false
}
