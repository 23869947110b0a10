/** Images as records of JSON. */
import {IMAGE_FIELDS} from '../../model/fields.js'
import type {Image, ImageSummary} from '../../model/image.js'
import type {JsonObject} from '../../model/json-object.js'

/** The attributes that the server returned, by field name; custom properties are in `properties`. */
export function imageRecord(image: ImageSummary & Partial<Image>): JsonObject {
  const {uri, properties} = image
  const present = IMAGE_FIELDS.filter(({attribute}) => image[attribute] !== undefined)
  return {
    ...(uri !== undefined && {uri}),
    ...Object.fromEntries(present.map(({name, attribute}) => [name, image[attribute]])),
    ...(properties && {properties}),
  }
}
