/** The migration that adds indexes of the images for which filters ask that match few. */
import {sql} from 'kysely'
import type {Database} from '../sql/tables.js'

/** Values that few images have, and for which lists ask. */
const RARE = {
  protected: 'protected = 1',
  hidden: 'os_hidden = 1',
  community: "visibility = 'community'",
}

/** Images with other values are not in these indexes, and cost nothing there. */
export async function addRareFilters(db: Database): Promise<void> {
  const listed = sql`status not in ('killed', 'deleted', 'pending_delete')`
  for (const [name, condition] of Object.entries(RARE)) {
    const index = sql.ref(`images_${name}_by_created_at`)
    const rare = sql.raw(condition)
    await sql`create index ${index} on images (created_at, id) where ${rare} and ${listed}`.execute(db)
  }
}
