/** Pages of lists of images. */
import {type SelectQueryBuilder, sql} from 'kysely'
import type {ImagePage, ImageQuery, ImageRecord} from '../../registry.js'
import {type Condition, IS_LISTED} from '../filters.js'
import {loadProperties, padIds, selectImageRow, splitIntoChunks} from '../images.js'
import type {Tables, Trx} from '../tables.js'
import {keysetRanges} from './keyset.js'
import {type FoundImage, type JsonFunctions, readImages} from './read-images.js'

/** Bytes of the JSON of properties that are read with their image; larger ones are read once it is known that they fit. */
const MAX_PROPERTY_BYTES = 2048

/** See `Registry.list`. */
export async function listImages(
  trx: Trx,
  query: ImageQuery,
  json: JsonFunctions,
): Promise<ImagePage | 'unknown marker'> {
  const marker = query.marker === undefined ? undefined : await selectImageRow(trx, query.marker)
  if (query.marker !== undefined && marker === undefined) return 'unknown marker'
  const found: FoundImage[] = []
  for (const range of keysetRanges(query, marker)) {
    if (found.length >= query.limit) break
    let select = selectSource(trx, query)
    for (const condition of range.conditions) select = select.where(condition)
    for (const {column, dir} of range.order) select = select.orderBy(column, dir)
    const rest = select.limit(query.limit - found.length)
    found.push(...(await readImages(trx, json, rest, MAX_PROPERTY_BYTES)))
  }
  const fitting = await cutPage(trx, found, query.maxBytes ?? Number.POSITIVE_INFINITY)
  const hasMore = found.length === query.limit || fitting.length < found.length
  return {images: await completeImages(trx, fitting), hasMore}
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
 * The first images that have this many bytes together, at least one. Large properties are measured, not read, so that they are
 * never all in memory.
 */
async function cutPage(
  trx: Trx,
  found: readonly FoundImage[],
  maxBytes: number,
): Promise<readonly FoundImage[]> {
  if (found.length < 2 || maxBytes === Number.POSITIVE_INFINITY) return found
  // The JSON of properties is larger than they are.
  let bytes = found.reduce((sum, {image, propertyBytes}) => sum + measureImage(image) + propertyBytes, 0)
  if (bytes <= maxBytes) return found
  const sizes = await measureProperties(
    trx,
    found.map(({image}) => image.id),
  )
  bytes = 0
  const end = found.findIndex(({image}) => {
    bytes += measureImage(image) + (sizes.get(image.id) ?? 0)
    return bytes > maxBytes
  })
  return end < 0 ? found : found.slice(0, Math.max(1, end))
}

function measureImage({name, locations}: ImageRecord): number {
  const [first] = locations
  const isPlain = locations.length < 2 && Object.keys(first?.metadata ?? {}).length === 0
  return (name?.length ?? 0) + (isPlain ? 0 : JSON.stringify(locations).length)
}

/** Bytes of the properties of each image by its id; absent without properties. */
async function measureProperties(trx: Trx, ids: readonly string[]): Promise<Map<string, number>> {
  // `octet_length` does not read the values.
  const bytes = sql<number>`sum(octet_length(name) + coalesce(octet_length(value), 0))`.as('bytes')
  const sizes = new Map<string, number>()
  for (const chunk of splitIntoChunks(ids)) {
    const select = trx.selectFrom('image_properties').select(['image_id', bytes])
    const measured = select.where('image_id', 'in', padIds(chunk)).groupBy('image_id')
    for (const row of await measured.execute()) sizes.set(row.image_id, Number(row.bytes))
  }
  return sizes
}

/** The images with those properties that were not read. */
async function completeImages(trx: Trx, found: readonly FoundImage[]): Promise<readonly ImageRecord[]> {
  const rest = found.filter(({isWhole}) => !isWhole).map(({image}) => image.id)
  if (rest.length === 0) return found.map(({image}) => image)
  const properties = await loadProperties(trx, rest)
  return found.map(({image}) => ({...image, properties: properties.get(image.id) ?? image.properties}))
}
