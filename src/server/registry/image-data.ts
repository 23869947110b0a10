/** The data that a record refers to. */
import type {ImageRecord} from './image-record.js'

/** All locations of an image: those of its data, and the one of the data that is being received. */
export function listLocations({locations, arriving}: Pick<ImageRecord, 'locations' | 'arriving'>): string[] {
  const urls = locations.map(({url}) => url)
  return arriving === null ? urls : [...urls, arriving]
}

/** The locations that an image had before a change, and has no more. @param after absent for a deleted image */
export function findDroppedData(before: ImageRecord, after?: ImageRecord): string[] {
  const kept = new Set(after === undefined ? [] : listLocations(after))
  return listLocations(before).filter(location => !kept.has(location))
}
