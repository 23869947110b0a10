/** What hangs on an image in tables of its own, properties and tags, in an SQL database. */
import type {Transaction} from 'kysely'
import {imageRecord, propertiesByImage, propertyRows, tagsByImage} from './records.js'
import type {ImageRecord} from './registry.js'
import type {ImageRow, Tables} from './schema.js'

type Sql = Transaction<Tables>

/** More values in one statement than this, and an engine may refuse it. */
const AT_ONCE = 1000

export function imageRow(sql: Sql, id: string): Promise<ImageRow | undefined> {
  return sql.selectFrom('images').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function find(sql: Sql, id: string): Promise<ImageRecord | undefined> {
  const row = await imageRow(sql, id)
  return row && (await withDetails(sql, [row]))[0]
}

/** The record, unless it is deleted. */
export async function findExisting(sql: Sql, id: string): Promise<ImageRecord | undefined> {
  const image = await find(sql, id)
  return image?.deleted ? undefined : image
}

/** The rows as records, with a query for all their properties and one for all their tags. */
export async function withDetails(sql: Sql, images: readonly ImageRow[]): Promise<ImageRecord[]> {
  const records: ImageRecord[] = []
  for (const some of inPortions(images)) {
    const ids = padded(some.map(({id}) => id))
    const ofImages = sql.selectFrom('image_properties').selectAll().where('image_id', 'in', ids)
    const properties = propertiesByImage(await ofImages.orderBy('image_id').orderBy('name').execute())
    const tagged = sql.selectFrom('image_tags').selectAll().where('image_id', 'in', ids)
    const tags = tagsByImage(await tagged.orderBy('image_id').orderBy('tag').execute())
    for (const row of some)
      records.push(imageRecord(row, properties.get(row.id) ?? {}, tags.get(row.id) ?? []))
  }
  return records
}

/** Adds the properties, or changes those that are there. */
export async function putProperties(
  sql: Sql,
  id: string,
  properties: ImageRecord['properties'],
): Promise<void> {
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

export async function dropProperties(sql: Sql, id: string): Promise<void> {
  await sql.deleteFrom('image_properties').where('image_id', '=', id).execute()
}

/** Makes these the only tags; gives them as a record has them. */
export async function putTags(sql: Sql, id: string, tags: readonly string[]): Promise<readonly string[]> {
  const unique = [...new Set(tags)].sort(byBytes)
  await sql.deleteFrom('image_tags').where('image_id', '=', id).execute()
  for (const some of inPortions(unique)) {
    await sql
      .insertInto('image_tags')
      .values(some.map(tag => ({image_id: id, tag})))
      .execute()
  }
  return unique
}

/** As the database sorts text. */
function byBytes(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other))
}

/** To a power of two by repetition, so that pages of all sizes share a few statements. */
function padded(ids: readonly string[]): string[] {
  const size = 2 ** Math.ceil(Math.log2(ids.length))
  return Array.from({length: size}, (_, n) => ids[n] ?? ids[0]!)
}

function* inPortions<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < all.length; start += AT_ONCE) yield all.slice(start, start + AT_ONCE)
}
