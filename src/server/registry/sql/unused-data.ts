/** Data that images use, and data that they use no more, in an SQL database. */
import {findDroppedData, listLocations} from '../image-data.js'
import type {ImageRecord} from '../registry.js'
import {parseLocations} from './rows.js'
import type {Database, Trx} from './tables.js'

/** Records the data that the image had before a change and has no more. @returns its locations */
export async function insertUnusedData(
  trx: Trx,
  before: ImageRecord,
  after: ImageRecord,
): Promise<readonly string[]> {
  const locations = findDroppedData(before, after)
  if (locations.length === 0) return locations
  const insert = trx.insertInto('unused_data').values(locations.map(location => ({location})))
  await insert.onConflict(conflict => conflict.doNothing()).execute()
  return locations
}

/** Locations of unused data, in order. @param after the last location of the page before */
export async function listUnusedData(db: Database, limit: number, after: string): Promise<readonly string[]> {
  const select = db.selectFrom('unused_data').select('location').where('location', '>', after)
  const rows = await select.orderBy('location').limit(limit).execute()
  return rows.map(({location}) => location)
}

/** Deletes the records of unused data. */
export async function deleteUnusedData(db: Database, locations: readonly string[]): Promise<void> {
  await db.deleteFrom('unused_data').where('location', 'in', locations).execute()
}

/** The locations of each of these images, none for deleted ones; images that were never created are absent. */
export async function listStoredData(
  db: Database,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const columns = ['id', 'status', 'location', 'locations', 'arriving'] as const
  const rows = await db.selectFrom('images').select(columns).where('id', 'in', ids).execute()
  return new Map(
    rows.map(row => {
      const {id, arriving} = row
      const status = row.status as ImageRecord['status']
      return [id, listLocations({status, locations: parseLocations(row), arriving})]
    }),
  )
}
