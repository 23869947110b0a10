/** Pages of lists of images. */
import {type SelectQueryBuilder, sql} from 'kysely'
import type {ImagePage, ImageQuery} from '../registry.js'
import {type Condition, IS_LISTED} from './filters.js'
import {loadRecords, padIds, selectImageRow, splitIntoChunks} from './images.js'
import {keysetRanges} from './keyset.js'
import type {ImageRow, Tables, Trx} from './tables.js'

/** See `Registry.list`. */
export async function listImages(trx: Trx, query: ImageQuery): Promise<ImagePage | 'unknown marker'> {
  const marker = query.marker === undefined ? undefined : await selectImageRow(trx, query.marker)
  if (query.marker !== undefined && marker === undefined) return 'unknown marker'
  const rows: ImageRow[] = []
  for (const range of keysetRanges(query, marker)) {
    if (rows.length >= query.limit) break
    let select = selectSource(trx, query).selectAll()
    for (const condition of range.conditions) select = select.where(condition)
    for (const {column, dir} of range.order) select = select.orderBy(column, dir)
    rows.push(...(await select.limit(query.limit - rows.length).execute()))
  }
  const fitting = await cutRows(trx, rows, query.maxBytes ?? Number.POSITIVE_INFINITY)
  const hasMore = rows.length === query.limit || fitting.length < rows.length
  return {images: await loadRecords(trx, fitting), hasMore}
}

/**
 * The images to search. Those of a few names or one checksum are few, and are found first: PostgreSQL may expect more of them, and
 * then reads all images in the order of the list.
 */
function selectSource(trx: Trx, query: ImageQuery): SelectQueryBuilder<Tables, 'images', object> {
  const few = findFew(query)
  if (few === undefined) return trx.selectFrom('images')
  const found = trx.selectFrom('images').selectAll().where(few)
  const listed = query.changesSince === undefined ? found.where(IS_LISTED) : found
  // Under this name all conditions find it in place of the table.
  return trx
    .with(
      as => as('found').materialized(),
      () => listed,
    )
    .selectFrom('found as images')
}

/** A condition that few images meet; undefined if there is none, or if its index is sorted like the list. */
function findFew({name, checksum, hashValue, oneOf, sortKey}: ImageQuery): Condition | undefined {
  const names = oneOf?.name ?? []
  if (names.length > 0) return sql`name in (${sql.join(names)})`
  if (sortKey === 'created_at') return undefined
  if (checksum !== undefined) return sql`checksum = ${checksum}`
  if (hashValue !== undefined) return sql`os_hash_value = ${hashValue}`
  return name === undefined ? undefined : sql`name = ${name}`
}

/**
 * The first rows whose records have this many bytes together, at least one. The properties are measured, not read, so that
 * large ones are never all in memory.
 */
async function cutRows(
  trx: Trx,
  images: readonly ImageRow[],
  maxBytes: number,
): Promise<readonly ImageRow[]> {
  if (images.length < 2 || maxBytes === Number.POSITIVE_INFINITY) return images
  let bytes = images.reduce((sum, image) => sum + measureRow(image), await measureAllProperties(trx, images))
  if (bytes <= maxBytes) return images
  const sizes = await measureProperties(trx, images)
  bytes = 0
  const end = images.findIndex(image => {
    bytes += measureRow(image) + (sizes.get(image.id) ?? 0)
    return bytes > maxBytes
  })
  return end < 0 ? images : images.slice(0, Math.max(1, end))
}

function measureRow({name, locations}: ImageRow): number {
  return (name?.length ?? 0) + (locations?.length ?? 0)
}

/** Bytes of properties. `octet_length` does not read the values. */
const BYTES = sql<number>`coalesce(sum(octet_length(name) + coalesce(octet_length(value), 0)), 0)`.as('bytes')

/** Bytes of the properties of all images: one row, because each row of a result costs time. */
async function measureAllProperties(trx: Trx, images: readonly ImageRow[]): Promise<number> {
  let sum = 0
  for (const chunk of splitIntoChunks(images)) {
    const ids = padIds(chunk.map(({id}) => id))
    const select = trx.selectFrom('image_properties').select(BYTES).where('image_id', 'in', ids)
    sum += Number((await select.executeTakeFirst())?.bytes ?? 0)
  }
  return sum
}

/** Bytes of the properties of each image by its id; absent without properties. */
async function measureProperties(trx: Trx, images: readonly ImageRow[]): Promise<Map<string, number>> {
  const sizes = new Map<string, number>()
  for (const chunk of splitIntoChunks(images)) {
    const select = trx.selectFrom('image_properties').select(['image_id', BYTES])
    const measured = select.where('image_id', 'in', padIds(chunk.map(({id}) => id))).groupBy('image_id')
    for (const row of await measured.execute()) sizes.set(row.image_id, Number(row.bytes))
  }
  return sizes
}
