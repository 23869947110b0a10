/** The registry in an SQL database. */
import type {Kysely, Transaction} from 'kysely'
import {type Clock, risingClock} from './clock.js'
import {stretches} from './list-query.js'
import {deleteMember, membersOf, putMember, replaceMembers, sharesOf} from './members.js'
import {changedColumns, imageRecord, newRow, propertiesByImage, propertyRows} from './records.js'
import type {
  ImageChanges,
  ImageQuery,
  ImageRecord,
  ImageStatus,
  MemberRecord,
  NewImage,
  Registry,
} from './registry.js'
import type {ImageRow, Tables} from './schema.js'

type Sql = Transaction<Tables>

/** More values in one statement than this, and an engine may refuse it. */
const AT_ONCE = 1000

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
      return imageRecord(row, image.properties ?? {})
    })
  }

  find(id: string): Promise<ImageRecord | undefined> {
    return this.#atomically(sql => find(sql, id))
  }

  update(
    id: string,
    changes: ImageChanges,
    options: {readonly onlyFrom?: readonly ImageStatus[]; readonly mergeProperties?: boolean} = {},
  ): Promise<ImageRecord | undefined> {
    const {onlyFrom, mergeProperties = false} = options
    return this.#atomically(async sql => {
      let query = sql
        .updateTable('images')
        .set({...changedColumns(changes), updated_at: this.#now()})
        .where('id', '=', id)
        .where('deleted', '=', 0)
      if (onlyFrom !== undefined) query = query.where('status', 'in', onlyFrom)
      if ((await query.executeTakeFirst()).numUpdatedRows !== 1n) return undefined
      if (changes.properties !== undefined) {
        if (!mergeProperties) await dropProperties(sql, id)
        await putProperties(sql, id, changes.properties)
      }
      return find(sql, id)
    })
  }

  delete(id: string): Promise<ImageRecord | undefined> {
    return this.#atomically(async sql => {
      const old = await find(sql, id)
      if (old === undefined || old.deleted) return undefined
      const now = this.#now()
      await sql
        .updateTable('images')
        .set({status: 'deleted', deleted: 1, deleted_at: now, updated_at: now})
        .where('id', '=', id)
        .execute()
      await dropProperties(sql, id)
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
        for (const column of stretch.order) select = select.orderBy(column, query.sortDir)
        rows.push(...(await select.limit(query.limit - rows.length).execute()))
      }
      return withProperties(sql, rows)
    })
  }

  withStatus(status: ImageStatus): Promise<readonly ImageRecord[]> {
    return this.#atomically(async sql => {
      const select = sql.selectFrom('images').selectAll().where('status', '=', status)
      return withProperties(sql, await select.orderBy('created_at').orderBy('id').execute())
    })
  }

  members(imageId: string): Promise<readonly MemberRecord[] | undefined> {
    return this.#onImage(imageId, undefined, sql => membersOf(sql, imageId))
  }

  sharesOf(memberId: string): Promise<readonly MemberRecord[]> {
    return sharesOf(this.#db, memberId)
  }

  putMember(imageId: string, memberId: string, canShare: boolean | undefined): Promise<boolean> {
    return this.#onImage(imageId, false, sql => putMember(sql, imageId, memberId, canShare))
  }

  replaceMembers(
    imageId: string,
    members: readonly {readonly memberId: string; readonly canShare: boolean | undefined}[],
  ): Promise<boolean> {
    return this.#onImage(imageId, false, sql => replaceMembers(sql, imageId, members))
  }

  deleteMember(imageId: string, memberId: string): Promise<boolean> {
    return this.#onImage(imageId, false, sql => deleteMember(sql, imageId, memberId))
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

function imageRow(sql: Sql, id: string): Promise<ImageRow | undefined> {
  return sql.selectFrom('images').selectAll().where('id', '=', id).executeTakeFirst()
}

async function find(sql: Sql, id: string): Promise<ImageRecord | undefined> {
  const row = await imageRow(sql, id)
  return row && (await withProperties(sql, [row]))[0]
}

async function withProperties(sql: Sql, images: readonly ImageRow[]): Promise<ImageRecord[]> {
  const records: ImageRecord[] = []
  for (const some of inPortions(images)) {
    const ids = padded(some.map(({id}) => id))
    const select = sql.selectFrom('image_properties').selectAll().where('image_id', 'in', ids)
    const properties = propertiesByImage(await select.orderBy('image_id').orderBy('name').execute())
    for (const row of some) records.push(imageRecord(row, properties.get(row.id) ?? {}))
  }
  return records
}

async function putProperties(sql: Sql, id: string, properties: ImageRecord['properties']): Promise<void> {
  for (const rows of inPortions(propertyRows(id, properties))) {
    await sql
      .insertInto('image_properties')
      .values([...rows])
      .onConflict(conflict =>
        conflict.columns(['image_id', 'name']).doUpdateSet(({ref}) => ({value: ref('excluded.value')})),
      )
      .execute()
  }
}

async function dropProperties(sql: Sql, id: string): Promise<void> {
  await sql.deleteFrom('image_properties').where('image_id', '=', id).execute()
}

/** To a power of two by repetition, so that pages of all sizes share a few statements. */
function padded(ids: readonly string[]): string[] {
  const size = 2 ** Math.ceil(Math.log2(ids.length))
  return Array.from({length: size}, (_, n) => ids[n] ?? ids[0]!)
}

function* inPortions<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < all.length; start += AT_ONCE) yield all.slice(start, start + AT_ONCE)
}
