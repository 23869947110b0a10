/** The data that a record refers to, and whether it is complete. */
import type {ImageRecord} from './image-record.js'

/** All locations of an image: those of its data, and the one of the data that is being received. None of a deleted one. */
export function listLocations({
  status,
  locations,
  arriving,
}: Pick<ImageRecord, 'status' | 'locations' | 'arriving'>): string[] {
  if (status === 'deleted') return []
  const urls = locations.map(({url}) => url)
  return arriving === null ? urls : [...urls, arriving]
}

/** The locations that an image had before a change, and has no more. */
export function findDroppedData(before: ImageRecord, after: ImageRecord): string[] {
  const kept = new Set(listLocations(after))
  return listLocations(before).filter(location => !kept.has(location))
}

/** True for an image that is complete. One that became active with size 0 still has no data (wire/v1.md#e5). */
export function isFilled({status}: Pick<ImageRecord, 'status'>): boolean {
  return status === 'active' || status === 'deactivated'
}
