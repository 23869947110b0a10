/** The registry in an SQLite file whose disk may be full: what makes room is done all the same. */
import {type Kysely, sql} from 'kysely'
import type {Decide, ImageChanges, ImageRecord} from '../registry.js'
import {KyselyRegistry} from '../sql/kysely-registry.js'
import type {Tables} from '../sql/tables.js'
import type {DiskReserve} from './disk-reserve.js'

type Create = KyselyRegistry['create']
type Delete = KyselyRegistry['delete']

export class SqliteRegistry extends KyselyRegistry {
  readonly #reserve: DiskReserve
  readonly #truncateLog: () => Promise<unknown>

  constructor(db: Kysely<Tables>, reserve: DiskReserve) {
    super(db)
    this.#reserve = reserve
    // What fails here fails once more in the work behind it.
    this.#truncateLog = () => sql`pragma wal_checkpoint(truncate)`.execute(db).catch(() => {})
  }

  /** Nothing new is let in before the reserve has its room again. */
  override create(...args: Parameters<Create>): ReturnType<Create> {
    this.#reserve.allocate()
    return super.create(...args)
  }

  /** A change that makes room may use the room of the reserve. */
  override change(id: string, decide: Decide): Promise<ImageRecord | undefined> {
    let isEntitled = true
    const noteAndDecide: Decide = image => {
      const changes = decide(image)
      isEntitled = changes !== undefined && freesSpace(changes)
      return changes
    }
    this.#reserve.allocate()
    return this.#reserve.runWithReserve(
      () => super.change(id, noteAndDecide),
      this.#truncateLog,
      () => isEntitled,
    )
  }

  override delete(...args: Parameters<Delete>): ReturnType<Delete> {
    return this.#reserve.runWithReserve(() => super.delete(...args), this.#truncateLog)
  }
}

/** It gives up data that did not arrive, or lets an image be deleted. */
function freesSpace({status, protected: isProtected}: ImageChanges): boolean {
  return status === 'killed' || status === 'queued' || isProtected === false
}
