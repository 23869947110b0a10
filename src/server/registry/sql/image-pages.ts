/** Pages of lists of images. */
import {sql} from 'kysely'
import type {ImagePage, ImageQuery} from '../registry.js'
import {loadRecords, padIds, selectImageRow, splitIntoChunks} from './images.js'
import {keysetRanges} from './keyset.js'
import type {ImageRow, Trx} from './tables.js'

/** See `Registry.list`. */
export async function listImages(trx: Trx, query: ImageQuery): Promise<ImagePage | 'unknown marker'> {
  const marker = query.marker === undefined ? undefined : await selectImageRow(trx, query.marker)
  if (query.marker !== undefined && marker === undefined) return 'unknown marker'
  const rows: ImageRow[] = []
  for (const range of keysetRanges(query, marker)) {
    if (rows.length >= query.limit) break
    let select = trx.selectFrom('images').selectAll()
    for (const condition of range.conditions) select = select.where(condition)
    for (const {column, dir} of range.order) select = select.orderBy(column, dir)
    rows.push(...(await select.limit(query.limit - rows.length).execute()))
  }
  const fitting = await cutRows(trx, rows, query.maxBytes ?? Number.POSITIVE_INFINITY)
  const hasMore = rows.length === query.limit || fitting.length < rows.length
  return {images: await loadRecords(trx, fitting), hasMore}
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
  const sizes = await measureProperties(trx, images)
  let bytes = 0
  const end = images.findIndex(({id, name, locations}) => {
    bytes += (name?.length ?? 0) + (locations?.length ?? 0) + (sizes.get(id) ?? 0)
    return bytes > maxBytes
  })
  return end < 0 ? images : images.slice(0, Math.max(1, end))
}

/** Bytes of the properties of each image by its id; absent without properties. */
async function measureProperties(trx: Trx, images: readonly ImageRow[]): Promise<Map<string, number>> {
  const sizes = new Map<string, number>()
  // `octet_length` does not read the values.
  const bytes = sql<number>`sum(octet_length(name) + coalesce(octet_length(value), 0))`
  for (const chunk of splitIntoChunks(images)) {
    const select = trx.selectFrom('image_properties').select(['image_id', bytes.as('bytes')])
    const measured = select.where('image_id', 'in', padIds(chunk.map(({id}) => id))).groupBy('image_id')
    for (const row of await measured.execute()) sizes.set(row.image_id, row.bytes)
  }
  return sizes
}
