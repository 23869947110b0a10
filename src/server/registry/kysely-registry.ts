/** The registry in an SQL database. */
import type {Kysely, Transaction} from 'kysely'
import {type Clock, risingClock} from './clock.js'
import {dropProperties, find, findExisting, imageRow, putProperties, putTags, withDetails} from './details.js'
import {stretches} from './list-query.js'
import {
  addMember,
  deleteMember,
  memberOf,
  membersOf,
  putMember,
  replaceMembers,
  setMemberStatus,
  sharesOf,
} from './members.js'
import {changedColumns, imageRecord, newRow} from './records.js'
import type {
  Decide,
  ImageQuery,
  ImageRecord,
  ImageStatus,
  MemberRecord,
  MemberStatus,
  Membership,
  NewImage,
  NewTask,
  Registry,
  TaskQuery,
  TaskRecord,
  TaskStatus,
} from './registry.js'
import type {ImageRow, Tables} from './schema.js'
import {createTask, failTasks, findTask, forgetTasks, tasks, updateTask} from './tasks.js'

type Sql = Transaction<Tables>

export class KyselyRegistry implements Registry {
  readonly #db: Kysely<Tables>
  readonly #now: Clock

  /** Takes the database over: `close` closes it. Its schema must be up to date. */
  constructor(db: Kysely<Tables>, now: Clock = risingClock()) {
    this.#db = db
    this.#now = now
  }

  create(image: NewImage): Promise<ImageRecord | undefined> {
    return this.#atomically(async sql => {
      const row = newRow(image, this.#now())
      const inserted = await sql
        .insertInto('images')
        .values(row)
        .onConflict(conflict => conflict.column('id').doNothing())
        .executeTakeFirst()
      if (inserted.numInsertedOrUpdatedRows !== 1n) return undefined
      await putProperties(sql, image.id, image.properties ?? {})
      const tags = await putTags(sql, image.id, image.tags ?? [])
      return imageRecord(row, image.properties ?? {}, tags)
    })
  }

  find(id: string): Promise<ImageRecord | undefined> {
    return this.#atomically(sql => find(sql, id))
  }

  change(id: string, decide: Decide): Promise<ImageRecord | undefined> {
    return this.#atomically(async sql => {
      const old = await findExisting(sql, id)
      const changes = old && decide(old)
      if (changes === undefined) return undefined
      if (Object.keys(changes).length === 0) return old
      const columns = {...changedColumns(changes), updated_at: this.#now()}
      await sql.updateTable('images').set(columns).where('id', '=', id).execute()
      if (changes.properties !== undefined) {
        await dropProperties(sql, id)
        await putProperties(sql, id, changes.properties)
      }
      if (changes.tags !== undefined) await putTags(sql, id, changes.tags)
      return find(sql, id)
    })
  }

  delete(id: string, check: (image: ImageRecord) => void = () => {}): Promise<ImageRecord | undefined> {
    return this.#atomically(async sql => {
      const old = await findExisting(sql, id)
      if (old === undefined) return undefined
      check(old)
      const now = this.#now()
      await sql
        .updateTable('images')
        .set({status: 'deleted', deleted: 1, deleted_at: now, updated_at: now})
        .where('id', '=', id)
        .execute()
      await dropProperties(sql, id)
      await sql.deleteFrom('image_tags').where('image_id', '=', id).execute()
      await sql.deleteFrom('image_members').where('image_id', '=', id).execute()
      return old
    })
  }

  list(query: ImageQuery): Promise<readonly ImageRecord[] | 'no such marker'> {
    return this.#atomically(async sql => {
      const marker = query.marker === undefined ? undefined : await imageRow(sql, query.marker)
      if (query.marker !== undefined && marker === undefined) return 'no such marker'
      const rows: ImageRow[] = []
      for (const stretch of stretches(query, marker)) {
        if (rows.length >= query.limit) break
        let select = sql.selectFrom('images').selectAll()
        for (const condition of stretch.conditions) select = select.where(condition)
        for (const {column, dir} of stretch.order) select = select.orderBy(column, dir)
        rows.push(...(await select.limit(query.limit - rows.length).execute()))
      }
      return withDetails(sql, rows)
    })
  }

  withStatus(status: ImageStatus): Promise<readonly ImageRecord[]> {
    return this.#atomically(async sql => {
      const select = sql.selectFrom('images').selectAll().where('status', '=', status)
      return withDetails(sql, await select.orderBy('created_at').orderBy('id').execute())
    })
  }

  members(imageId: string): Promise<readonly MemberRecord[] | undefined> {
    return this.#onImage(imageId, undefined, sql => membersOf(sql, imageId))
  }

  sharesOf(memberId: string, of?: {readonly ownedBy: string}): Promise<readonly MemberRecord[]> {
    return sharesOf(this.#db, memberId, of?.ownedBy)
  }

  putMember(imageId: string, memberId: string, canShare: boolean | undefined): Promise<boolean> {
    return this.#onImage(imageId, false, sql => putMember(sql, imageId, {memberId, canShare}, this.#now()))
  }

  replaceMembers(imageId: string, members: readonly Membership[]): Promise<boolean> {
    return this.#onImage(imageId, false, sql => replaceMembers(sql, imageId, members, this.#now()))
  }

  deleteMember(imageId: string, memberId: string): Promise<boolean> {
    return this.#onImage(imageId, false, sql => deleteMember(sql, imageId, memberId))
  }

  addMember(imageId: string, memberId: string): Promise<MemberRecord | 'known' | undefined> {
    return this.#onImage(imageId, undefined, async sql => {
      const added = await addMember(sql, imageId, memberId, this.#now())
      return added ? memberOf(sql, imageId, memberId) : 'known'
    })
  }

  setMemberStatus(
    imageId: string,
    memberId: string,
    status: MemberStatus,
  ): Promise<MemberRecord | undefined> {
    return this.#onImage(imageId, undefined, async sql => {
      await setMemberStatus(sql, imageId, memberId, status, this.#now())
      return memberOf(sql, imageId, memberId)
    })
  }

  createTask(task: NewTask): Promise<TaskRecord> {
    return createTask(this.#db, task, this.#now())
  }

  updateTask(
    id: string,
    changes: {readonly status?: TaskStatus; readonly message?: string},
  ): Promise<TaskRecord | undefined> {
    return this.#atomically(sql => updateTask(sql, id, {...changes, updated_at: this.#now()}))
  }

  findTask(id: string): Promise<TaskRecord | undefined> {
    return findTask(this.#db, id)
  }

  failTasks(message: string): Promise<readonly TaskRecord[]> {
    return this.#atomically(sql => failTasks(sql, {message, updated_at: this.#now()}))
  }

  forgetTasks(before: string): Promise<void> {
    return forgetTasks(this.#db, before)
  }

  tasks(query: TaskQuery): Promise<readonly TaskRecord[] | 'no such marker'> {
    return this.#atomically(sql => tasks(sql, query))
  }

  async close(): Promise<void> {
    await this.#db.destroy()
  }

  #atomically<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return this.#db.transaction().execute(work)
  }

  #onImage<T, M>(id: string, missing: M, work: (sql: Sql) => Promise<T>): Promise<T | M> {
    return this.#atomically(async sql => {
      const image = await sql.selectFrom('images').select('deleted').where('id', '=', id).executeTakeFirst()
      return image?.deleted === 0 ? work(sql) : missing
    })
  }
}
