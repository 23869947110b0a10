/** The registry in an SQL database. */

import type {
  Decide,
  ImagePage,
  ImageQuery,
  ImageRecord,
  ImageStatus,
  MemberRecord,
  MemberStatus,
  Membership,
  NewImage,
  NewTask,
  Registry,
  SharesQuery,
  TaskChanges,
  TaskQuery,
  TaskRecord,
} from '../registry.js'
import {type Clock, laterThan, monotonicClock} from './clock.js'
import {listImages} from './image-pages.js'
import {
  deleteProperties,
  findExisting,
  findImage,
  loadRecords,
  replaceTags,
  upsertProperties,
} from './images.js'
import {
  deleteMember,
  findMember,
  insertMember,
  listMembers,
  listShares,
  replaceMembers,
  setMemberStatus,
  upsertMember,
} from './members.js'
import {toChangedColumns, toImageRecord, toImageRow} from './rows.js'
import type {Database, Trx} from './tables.js'
import {
  deleteFinishedTasks,
  findTask,
  insertTask,
  listTasks,
  listUnfinishedTasks,
  updateTask,
} from './tasks.js'
import {deleteUnusedData, insertUnusedData, listStoredData, listUnusedData} from './unused-data.js'

/** Implements the contract of `Registry` on a database that Kysely supports. */
export class KyselyRegistry implements Registry {
  readonly #db: Database
  readonly #now: Clock

  /** @param db a database whose schema is up to date; `close` closes it */
  constructor(db: Database, now: Clock = monotonicClock()) {
    this.#db = db
    this.#now = now
  }

  create(image: NewImage): Promise<ImageRecord | undefined> {
    return this.#inTransaction(async trx => {
      const row = toImageRow(image, this.#now())
      const inserted = await trx
        .insertInto('images')
        .values(row)
        .onConflict(conflict => conflict.column('id').doNothing())
        .executeTakeFirst()
      if (inserted.numInsertedOrUpdatedRows !== 1n) return undefined
      await upsertProperties(trx, image.id, image.properties ?? {})
      const tags = await replaceTags(trx, image.id, image.tags ?? [])
      return toImageRecord(row, image.properties ?? {}, tags)
    })
  }

  find(id: string): Promise<ImageRecord | undefined> {
    return this.#inSnapshot(trx => findImage(trx, id))
  }

  change(id: string, decide: Decide): Promise<ImageRecord | undefined> {
    return this.#inTransaction(trx => this.#change(trx, id, decide))
  }

  delete(id: string, check: (image: ImageRecord) => void = () => {}): Promise<ImageRecord | undefined> {
    return this.#inTransaction(async trx => {
      const old = await findExisting(trx, id)
      if (old === undefined) return undefined
      check(old)
      const now = laterThan(old.updatedAt, this.#now())
      await trx
        .updateTable('images')
        .set({status: 'deleted', deleted: 1, deleted_at: now, updated_at: now})
        .where('id', '=', id)
        .execute()
      await deleteProperties(trx, id)
      await trx.deleteFrom('image_tags').where('image_id', '=', id).execute()
      await trx.deleteFrom('image_members').where('image_id', '=', id).execute()
      await insertUnusedData(trx, old)
      return old
    })
  }

  list(query: ImageQuery): Promise<ImagePage | 'unknown marker'> {
    return this.#inSnapshot(trx => listImages(trx, query))
  }

  listByStatus(status: ImageStatus): Promise<readonly ImageRecord[]> {
    return this.#inSnapshot(async trx => {
      const select = trx.selectFrom('images').selectAll().where('status', '=', status)
      return loadRecords(trx, await select.orderBy('created_at').orderBy('id').execute())
    })
  }

  listUnusedData(limit: number, after = ''): Promise<readonly string[]> {
    return listUnusedData(this.#db, limit, after)
  }

  forgetUnusedData(locations: readonly string[]): Promise<void> {
    return deleteUnusedData(this.#db, locations)
  }

  listStoredData(ids: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
    return listStoredData(this.#db, ids)
  }

  listMembers(imageId: string): Promise<readonly MemberRecord[] | undefined> {
    return this.#withImage(imageId, undefined, trx => listMembers(trx, imageId))
  }

  listShares(memberId: string, query: SharesQuery): Promise<readonly MemberRecord[]> {
    return listShares(this.#db, memberId, query)
  }

  putMember(imageId: string, memberId: string, canShare: boolean | undefined): Promise<boolean> {
    return this.#withImage(imageId, false, trx =>
      upsertMember(trx, imageId, {memberId, canShare}, this.#now()),
    )
  }

  replaceMembers(imageId: string, members: readonly Membership[]): Promise<boolean> {
    return this.#withImage(imageId, false, trx => replaceMembers(trx, imageId, members, this.#now()))
  }

  deleteMember(imageId: string, memberId: string): Promise<boolean> {
    return this.#withImage(imageId, false, trx => deleteMember(trx, imageId, memberId))
  }

  addMember(imageId: string, memberId: string): Promise<MemberRecord | 'known' | undefined> {
    return this.#withImage(imageId, undefined, async trx => {
      const added = await insertMember(trx, imageId, memberId, this.#now())
      return added ? findMember(trx, imageId, memberId) : 'known'
    })
  }

  setMemberStatus(
    imageId: string,
    memberId: string,
    status: MemberStatus,
  ): Promise<MemberRecord | undefined> {
    return this.#withImage(imageId, undefined, async trx => {
      await setMemberStatus(trx, imageId, {memberId, status}, this.#now())
      return findMember(trx, imageId, memberId)
    })
  }

  createTask(task: NewTask, decide: Decide): Promise<TaskRecord | undefined> {
    return this.#inTransaction(async trx => {
      const changed = await this.#change(trx, task.imageId, decide)
      return changed && insertTask(trx, task, this.#now())
    })
  }

  updateTask(id: string, changes: TaskChanges, decide?: Decide): Promise<TaskRecord | undefined> {
    return this.#inTransaction(async trx => {
      const task = await updateTask(trx, id, changes, this.#now())
      if (task && decide) await this.#change(trx, task.imageId, decide)
      return task
    })
  }

  findTask(id: string): Promise<TaskRecord | undefined> {
    return findTask(this.#db, id)
  }

  listUnfinishedTasks(): Promise<readonly TaskRecord[]> {
    return listUnfinishedTasks(this.#db)
  }

  deleteFinishedTasks(before: string): Promise<void> {
    return deleteFinishedTasks(this.#db, before)
  }

  listTasks(query: TaskQuery): Promise<readonly TaskRecord[] | 'unknown marker'> {
    return this.#inTransaction(trx => listTasks(trx, query))
  }

  async close(): Promise<void> {
    await this.#db.destroy()
  }

  async #change(trx: Trx, id: string, decide: Decide): Promise<ImageRecord | undefined> {
    const old = await findExisting(trx, id)
    const changes = old && decide(old)
    if (old === undefined || changes === undefined) return undefined
    if (Object.keys(changes).length === 0) return old
    const columns = {...toChangedColumns(changes), updated_at: laterThan(old.updatedAt, this.#now())}
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

  /** Several queries that see the same state. */
  #inSnapshot<T>(work: (trx: Trx) => Promise<T>): Promise<T> {
    return this.#db.transaction().setAccessMode('read only').execute(work)
  }

  #inTransaction<T>(work: (trx: Trx) => Promise<T>): Promise<T> {
    return this.#db.transaction().execute(work)
  }

  #withImage<T, M>(id: string, notFound: M, work: (trx: Trx) => Promise<T>): Promise<T | M> {
    return this.#inTransaction(async sql => {
      const image = await sql.selectFrom('images').select('deleted').where('id', '=', id).executeTakeFirst()
      return image?.deleted === 0 ? work(sql) : notFound
    })
  }
}
