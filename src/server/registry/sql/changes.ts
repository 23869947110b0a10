/** Changes and deletions of images in an SQL database, each within a transaction that has locked the images. */

import {type RawBuilder, sql} from 'kysely'
import {type Clock, laterThan} from '../clock.js'
import type {
  Decide,
  DecideDeletion,
  DecideMembers,
  Deletion,
  ImageRecord,
  ImageStatus,
  Scrubbed,
} from '../registry.js'
import {
  deleteDetails,
  deleteProperties,
  findImage,
  loadRecords,
  lockImage,
  replaceTags,
  upsertProperties,
} from './images.js'
import {listMembers} from './members.js'
import {insertEvents} from './outbox/events.js'
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
  const {events = [], failure: _, ...attributes} = changes
  if (Object.keys(attributes).length === 0) {
    await insertEvents(trx, events, {image: old}, now)
    return old
  }
  const columns = {...toChangedColumns(changes), updated_at: laterThan(old.updatedAt, now)}
  await trx.updateTable('images').set(columns).where('id', '=', id).execute()
  if (changes.properties !== undefined) {
    await deleteProperties(trx, id)
    await upsertProperties(trx, id, changes.properties)
  }
  if (changes.tags !== undefined) await replaceTags(trx, id, changes.tags)
  const changed = await findImage(trx, id)
  if (changed) {
    await insertUnusedData(trx, old, changed)
    await insertEvents(trx, events, {image: changed}, now)
  }
  return changed
}

/** What decides about a change of members, and the result for an image that does not exist. */
export interface MemberDecision<M> {
  readonly notFound: M
  readonly decide?: DecideMembers | undefined
}

/** Changes members while no other transaction changes those of the same image. */
export async function changeMembers<T, M>(
  trx: Trx,
  id: string,
  {notFound, decide, work}: MemberDecision<M> & {readonly work: (trx: Trx) => Promise<T>},
  now: Clock,
): Promise<T | M> {
  const image = await lockImage(trx, id)
  if (image === undefined) return notFound
  const before = decide && (await listMembers(trx, id))
  const {events = [], ...changes} = (before && decide(image, before)) ?? {}
  const result = await work(trx)
  const isChanged = Object.keys(changes).length > 0
  const changed = isChanged ? await changeImage(trx, id, () => changes, now()) : image
  if (events.length === 0) return result
  await insertEvents(trx, events, {image: changed, before, after: await listMembers(trx, id)}, now())
  return result
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
  const {status, events = []} = decide(image)
  const isPending = status === 'pending_delete'
  const time = laterThan(image.updatedAt, now)
  const end = isPending
    ? {status: 'pending_delete', arriving: null, status_before: image.status, pending_since: seconds}
    : {status: 'deleted'}
  await trx
    .updateTable('images')
    .set({...end, deleted: 1, deleted_at: time, updated_at: time})
    .where('id', '=', id)
    .execute()
  const deleted: ImageRecord = {
    ...image,
    status: status ?? 'deleted',
    deleted: true,
    deletedAt: time,
    updatedAt: time,
  }
  await insertEvents(trx, events, {image: deleted}, now)
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
    .orderBy('deleted_at')
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
