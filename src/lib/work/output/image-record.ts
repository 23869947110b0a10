/** Images as records of JSON. */
import type {FieldKind} from '../../model/field.js'
import {IMAGE_FIELDS} from '../../model/fields.js'
import type {Image, ImageSummary} from '../../model/image.js'
import type {JsonObject} from '../../model/json-object.js'
import {toUtcTime} from './time.js'

/**
 * The attributes that the server returned, by field name; custom properties are in `properties`. The records of both
 * versions are alike: times have a zone, and an image that is public in v1 has that visibility.
 */
export function imageRecord(image: ImageSummary & Partial<Image>): JsonObject {
  const {uri, properties} = image
  const present = IMAGE_FIELDS.filter(({attribute}) => image[attribute] !== undefined)
  return {
    ...(uri !== undefined && {uri}),
    ...Object.fromEntries(present.map(({name, attribute, kind}) => [name, toValue(kind, image[attribute])])),
    ...(image.isPublic === true && {visibility: image.visibility ?? 'public'}),
    ...(properties && {properties}),
  }
}

function toValue(kind: FieldKind, value: unknown): unknown {
  return kind === 'time' && typeof value === 'string' ? toUtcTime(value) : value
}
