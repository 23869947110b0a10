/** Changes and deletions of images in an SQL database, each within a transaction that has locked the images. */

import {type RawBuilder, sql} from 'kysely'
import {laterThan} from '../clock.js'
import type {Decide, DecideDeletion, Deletion, ImageRecord, ImageStatus, Scrubbed} from '../registry.js'
import {
  deleteDetails,
  deleteProperties,
  findImage,
  loadRecords,
  lockImage,
  replaceTags,
  upsertProperties,
} from './images.js'
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
  if (changed) await insertUnusedData(trx, old, changed)
  return changed
}

/** The times of a deletion. */
export interface DeletionTimes {
  /** As in the record of an image. */
  readonly now: string
  /** Seconds since 1970 by the clock of the database. */
  readonly seconds: RawBuilder<number>
}

/** See `Registry.delete`. */
export async function deleteImage(
  trx: Trx,
  id: string,
  decide: DecideDeletion,
  {now, seconds}: DeletionTimes,
): Promise<Deletion | undefined> {
  const image = await lockImage(trx, id)
  if (image === undefined) return undefined
  const isPending = decide(image) === 'pending_delete'
  const time = laterThan(image.updatedAt, now)
  const end = isPending
    ? {status: 'pending_delete', arriving: null, status_before: image.status, pending_since: seconds}
    : {status: 'deleted'}
  await trx
    .updateTable('images')
    .set({...end, deleted: 1, deleted_at: time, updated_at: time})
    .where('id', '=', id)
    .execute()
  if (isPending) return {image, unused: await insertUnusedData(trx, image, {...image, arriving: null})}
  await deleteDetails(trx, [id])
  return {image, unused: await insertUnusedData(trx, image, {...image, status: 'deleted'})}
}

/** See `Registry.scrub`. */
export async function scrubImages(
  trx: Trx,
  age: number,
  limit: number,
  {now, seconds}: DeletionTimes,
): Promise<Scrubbed> {
  const rows = await trx
    .selectFrom('images')
    .selectAll()
    .where('status', '=', sql.lit('pending_delete'))
    .where('pending_since', '<=', sql<number>`${seconds} - ${age}`)
    .orderBy('pending_since')
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute()
  if (rows.length === 0) return {ids: [], unused: []}
  const unused: string[] = []
  for (const image of await loadRecords(trx, rows)) {
    const end = {status: 'deleted', pending_since: null, updated_at: laterThan(image.updatedAt, now)}
    await trx.updateTable('images').set(end).where('id', '=', image.id).execute()
    unused.push(...(await insertUnusedData(trx, image, {...image, status: 'deleted'})))
  }
  const ids = rows.map(({id}) => id)
  await deleteDetails(trx, ids)
  return {ids, unused}
}

/** See `Registry.restore`. */
export async function restoreImage(
  trx: Trx,
  id: string,
  now: string,
): Promise<ImageStatus | 'restored' | undefined> {
  const row = await trx.selectFrom('images').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  if (row?.status !== 'pending_delete') return row?.status as ImageStatus | undefined
  const alive = {deleted: 0, deleted_at: null, status_before: null, pending_since: null}
  const time = laterThan(row.updated_at, now)
  await trx
    .updateTable('images')
    .set({...alive, status: row.status_before ?? 'active', updated_at: time})
    .where('id', '=', id)
    .execute()
  return 'restored'
}
