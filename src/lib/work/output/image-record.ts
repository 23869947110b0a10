/** Images as records of JSON. */

import {createObjectMaker} from '../../api/object-maker.js'
import type {FieldKind} from '../../model/field.js'
import {IMAGE_FIELDS} from '../../model/fields.js'
import type {Image, ImageSummary} from '../../model/image.js'
import type {JsonObject} from '../../model/json-object.js'
import {toUtcTime} from '../../model/utc-time.js'

const makeObject = createObjectMaker()

/**
 * The attributes that the server returned, by field name; custom properties are in `properties`. The records of both
 * versions are alike: times have a zone, and an image that is public in v1 has that visibility.
 */
export function imageRecord(image: ImageSummary & Partial<Image>): JsonObject {
  const {uri, properties} = image
  const names = ['uri']
  const values: unknown[] = [uri]
  for (const {name, attribute, kind} of IMAGE_FIELDS) {
    const value = image[attribute]
    if (value === undefined) continue
    names.push(name)
    values.push(toValue(kind, value))
  }
  const record = makeObject(names, values)
  if (image.isPublic === true) record['visibility'] ??= 'public'
  if (properties) record['properties'] = properties
  return record
}

function toValue(kind: FieldKind, value: unknown): unknown {
  return kind === 'time' && typeof value === 'string' ? toUtcTime(value) : value
}
