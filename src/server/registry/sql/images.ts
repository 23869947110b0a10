/** Images in an SQL database, with the properties and tags that are in tables of their own. */
import type {ImageRecord} from '../registry.js'
import {groupProperties, groupTags, toImageRecord, toPropertyRows} from './rows.js'
import type {ImageRow, PropertyRow, Trx} from './tables.js'

/** Values in one statement; database engines may refuse more. */
const MAX_VALUES = 1000

/** The row of an image, without properties and tags. */
export function selectImageRow(trx: Trx, id: string): Promise<ImageRow | undefined> {
  return trx.selectFrom('images').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Adds the row of an image; false if its id was used before. */
export async function insertImage(trx: Trx, row: ImageRow): Promise<boolean> {
  const insert = trx.insertInto('images').values(row)
  const inserted = await insert.onConflict(conflict => conflict.column('id').doNothing()).executeTakeFirst()
  if (inserted.numInsertedOrUpdatedRows !== 1n) return false
  // Afterwards: the insertion waits for a purge of the same image, which adds the id there.
  const purged = trx.selectFrom('purged_images').select('id').where('id', '=', row.id)
  if ((await purged.executeTakeFirst()) === undefined) return true
  await trx.deleteFrom('images').where('id', '=', row.id).execute()
  return false
}

/** The record of an image, deleted or not. */
export async function findImage(trx: Trx, id: string): Promise<ImageRecord | undefined> {
  const row = await selectImageRow(trx, id)
  return row && (await loadRecords(trx, [row]))[0]
}

/** The record of an image that is not deleted; until the transaction ends, no other one changes it. */
export async function lockImage(trx: Trx, id: string): Promise<ImageRecord | undefined> {
  const row = await trx.selectFrom('images').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  return row?.deleted === 0 ? (await loadRecords(trx, [row]))[0] : undefined
}

/** The records of these rows; all their properties are read in one query, and all their tags in another. */
export async function loadRecords(trx: Trx, images: readonly ImageRow[]): Promise<ImageRecord[]> {
  const properties = await loadProperties(
    trx,
    images.map(({id}) => id),
  )
  const records: ImageRecord[] = []
  for (const chunk of splitIntoChunks(images)) {
    const ids = padIds(chunk.map(({id}) => id))
    const tagQuery = trx.selectFrom('image_tags').selectAll().where('image_id', 'in', ids)
    const tags = groupTags(await tagQuery.orderBy('image_id').orderBy('tag').execute())
    for (const row of chunk)
      records.push(toImageRecord(row, properties.get(row.id) ?? {}, tags.get(row.id) ?? []))
  }
  return records
}

/** The properties of images by id; absent without properties. */
export async function loadProperties(
  trx: Trx,
  ids: readonly string[],
): Promise<ReadonlyMap<string, ImageRecord['properties']>> {
  const rows: PropertyRow[] = []
  for (const chunk of splitIntoChunks(ids)) {
    const query = trx.selectFrom('image_properties').selectAll().where('image_id', 'in', padIds(chunk))
    rows.push(...(await query.orderBy('image_id').orderBy('name').execute()))
  }
  return groupProperties(rows)
}

/** Adds the properties; those that exist get the new value. */
export async function upsertProperties(
  trx: Trx,
  id: string,
  properties: ImageRecord['properties'],
): Promise<void> {
  for (const rows of splitIntoChunks(toPropertyRows(id, properties))) {
    await trx
      .insertInto('image_properties')
      .values([...rows])
      .onConflict(conflict =>
        conflict.columns(['image_id', 'name']).doUpdateSet(({ref}) => ({value: ref('excluded.value')})),
      )
      .execute()
  }
}

/** Deletes all properties of an image. */
export async function deleteProperties(trx: Trx, id: string): Promise<void> {
  await trx.deleteFrom('image_properties').where('image_id', '=', id).execute()
}

/** Deletes the properties, tags and members of deleted images. */
export async function deleteDetails(trx: Trx, ids: readonly string[]): Promise<void> {
  for (const table of ['image_properties', 'image_tags', 'image_members'] as const)
    await trx.deleteFrom(table).where('image_id', 'in', ids).execute()
}

/** Makes these the only tags of an image. @returns each tag once, in alphabetical order */
export async function replaceTags(trx: Trx, id: string, tags: readonly string[]): Promise<readonly string[]> {
  const unique = [...new Set(tags)].sort(compareBytes)
  await trx.deleteFrom('image_tags').where('image_id', '=', id).execute()
  for (const chunk of splitIntoChunks(unique)) {
    await trx
      .insertInto('image_tags')
      .values(chunk.map(tag => ({image_id: id, tag})))
      .execute()
  }
  return unique
}

/** Compares text as the database does. */
function compareBytes(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other))
}

/** Repeats an id up to a power of two, so that pages of all sizes share a few statements. */
export function padIds(ids: readonly string[]): string[] {
  const size = 2 ** Math.ceil(Math.log2(ids.length))
  return Array.from({length: size}, (_, n) => ids[n] ?? ids[0]!)
}

/** Parts of a list that fit into one statement. */
export function* splitIntoChunks<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < all.length; start += MAX_VALUES) yield all.slice(start, start + MAX_VALUES)
}
