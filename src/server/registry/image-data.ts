/** The data that a record refers to. */
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
