/** Changes and deletions of images in an SQL database, each within a transaction that has locked the image. */

import {laterThan} from '../clock.js'
import type {Decide, ImageRecord} from '../registry.js'
import {deleteProperties, findImage, lockImage, replaceTags, upsertProperties} from './images.js'
import {toChangedColumns} from './rows.js'
import type {Trx} from './tables.js'
import {insertUnusedData} from './unused-data.js'

/** See `Registry.change`. */
export async function changeImage(
  trx: Trx,
  id: string,
  decide: Decide,
  now: string,
): Promise<ImageRecord | undefined> {
  const old = await lockImage(trx, id)
  const changes = old && decide(old)
  if (old === undefined || changes === undefined) return undefined
  if (Object.keys(changes).length === 0) return old
  const columns = {...toChangedColumns(changes), updated_at: laterThan(old.updatedAt, now)}
  await trx.updateTable('images').set(columns).where('id', '=', id).execute()
  if (changes.properties !== undefined) {
    await deleteProperties(trx, id)
    await upsertProperties(trx, id, changes.properties)
  }
  if (changes.tags !== undefined) await replaceTags(trx, id, changes.tags)
  const changed = await findImage(trx, id)
  await insertUnusedData(trx, old, changed)
  return changed
}

/** See `Registry.delete`. */
export async function deleteImage(
  trx: Trx,
  id: string,
  check: (image: ImageRecord) => void,
  now: string,
): Promise<ImageRecord | undefined> {
  const old = await lockImage(trx, id)
  if (old === undefined) return undefined
  check(old)
  const time = laterThan(old.updatedAt, now)
  await trx
    .updateTable('images')
    .set({status: 'deleted', deleted: 1, deleted_at: time, updated_at: time})
    .where('id', '=', id)
    .execute()
  await deleteProperties(trx, id)
  await trx.deleteFrom('image_tags').where('image_id', '=', id).execute()
  await trx.deleteFrom('image_members').where('image_id', '=', id).execute()
  await insertUnusedData(trx, old)
  return old
}
