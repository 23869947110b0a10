/** Purges what remains of deleted images: their rows, and the tasks that ended. */
import type {Database} from '../registry/sql/tables.js'

/** Rows in one transaction, which holds up others only shortly. */
const BATCH = 500

const DAY = 86_400_000

/** What to purge. */
export interface PurgeOptions {
  /** Days since the deletion of an image, or since the end of a task. */
  readonly age: number
  /** Largest number of images and of tasks. */
  readonly maxRows: number
  /** Milliseconds since 1970. */
  readonly now: number
}

/** Numbers of rows that were purged. */
export interface Purged {
  readonly images: number
  readonly tasks: number
}

/**
 * Deletes old rows in batches. Data that is still to be deleted stays recorded, and ids are kept so that they are never used
 * again.
 */
export async function purge(db: Database, {age, maxRows, now}: PurgeOptions): Promise<Purged> {
  const before = new Date(now - age * DAY).toISOString().slice(0, 23)
  const images = await repeat(maxRows, limit => purgeImages(db, before, limit))
  const tasks = await repeat(maxRows, limit => purgeTasks(db, before, limit))
  return {images, tasks}
}

async function repeat(maxRows: number, purgeBatch: (limit: number) => Promise<number>): Promise<number> {
  let purged = 0
  while (purged < maxRows) {
    const limit = Math.min(BATCH, maxRows - purged)
    const count = await purgeBatch(limit)
    purged += count
    if (count < limit) break
  }
  return purged
}

/** The time of its deletion is that of the last change of an image. */
function purgeImages(db: Database, before: string, limit: number): Promise<number> {
  return db.transaction().execute(async trx => {
    const old = trx
      .selectFrom('images')
      .select('id')
      .where('status', '=', 'deleted')
      .where('updated_at', '<', before)
    const ids = (await old.orderBy('updated_at').limit(limit).forUpdate().execute()).map(({id}) => id)
    if (ids.length === 0) return 0
    const kept = trx.insertInto('purged_images').values(ids.map(id => ({id})))
    await kept.onConflict(conflict => conflict.doNothing()).execute()
    await trx.deleteFrom('images').where('id', 'in', ids).execute()
    return ids.length
  })
}

function purgeTasks(db: Database, before: string, limit: number): Promise<number> {
  return db.transaction().execute(async trx => {
    const ended = trx.selectFrom('tasks').select('id').where('status', 'in', ['success', 'failure'])
    const old = ended.where('updated_at', '<', before).limit(limit).forUpdate()
    const ids = (await old.execute()).map(({id}) => id)
    if (ids.length > 0) await trx.deleteFrom('tasks').where('id', 'in', ids).execute()
    return ids.length
  })
}
