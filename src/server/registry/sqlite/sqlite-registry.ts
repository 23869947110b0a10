/** The registry in an SQLite file; changes that free space succeed even on a full disk. */
import {type Kysely, sql} from 'kysely'
import type {Decide, ImageChanges, ImageRecord} from '../registry.js'
import {KyselyRegistry} from '../sql/kysely-registry.js'
import type {Tables} from '../sql/tables.js'
import type {DiskReserve} from './disk-reserve.js'

type Create = KyselyRegistry['create']
type Delete = KyselyRegistry['delete']
type Scrub = KyselyRegistry['scrub']

/** A registry that uses a reserve of disk space for changes that free space. */
export class SqliteRegistry extends KyselyRegistry {
  readonly #reserve: DiskReserve
  readonly #truncateLog: () => Promise<unknown>

  constructor(db: Kysely<Tables>, reserve: DiskReserve) {
    super(db)
    this.#reserve = reserve
    // An error here recurs in the work that follows.
    this.#truncateLog = () => sql`pragma wal_checkpoint(truncate)`.execute(db).catch(() => {})
  }

  /** Restores the reserve first, so that new images do not use its space. */
  override create(...args: Parameters<Create>): ReturnType<Create> {
    this.#reserve.allocate()
    return super.create(...args)
  }

  /** A change that frees space may use the reserve. */
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

  override scrub(...args: Parameters<Scrub>): ReturnType<Scrub> {
    return this.#reserve.runWithReserve(() => super.scrub(...args), this.#truncateLog)
  }
}

/** True for the end of a failed upload, and for a change that lets an image be deleted. */
function freesSpace({status, protected: isProtected}: ImageChanges): boolean {
  return status === 'killed' || status === 'queued' || isProtected === false
}
