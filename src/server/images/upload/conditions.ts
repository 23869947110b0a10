/** Under which conditions an upload may change its image. */
import type {Decide, ImageChanges, ImageRecord} from '../../registry/registry.js'

/** Ends an upload; nothing is changed unless its data is the data that the image is receiving. */
export function ifArriving(location: string, change: (image: ImageRecord) => ImageChanges): Decide {
  return image => (image.arriving === location ? {arriving: null, holder: null, ...change(image)} : undefined)
}

/** False for an image whose copy waits in another process. */
export function isFree(image: ImageRecord, process: string): boolean {
  return (image.holder ?? process) === process
}
