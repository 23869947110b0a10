/** Images as records of JSON. */
import {cacheByKeys} from '../../api/cache-by-keys.js'
import type {FieldKind} from '../../model/field.js'
import {IMAGE_FIELDS} from '../../model/fields.js'
import type {Image, ImageSummary} from '../../model/image.js'
import {createBlank, type JsonObject} from '../../model/json-object.js'
import {toUtcTime} from '../../model/utc-time.js'
import {IMAGE} from './record-kinds.js'

/** The record of an image of which the server returned nothing. */
const BLANK = {
  ...createBlank(IMAGE.fields.map(({name}) => name)),
  ...Object.fromEntries(IMAGE.fields.map(({name, fallback = null}) => [name, fallback])),
}

const findFields = cacheByKeys(attributes =>
  IMAGE_FIELDS.filter(({attribute}) => attributes.includes(attribute)),
)

/**
 * All documented fields of an image. The records of both versions are alike: times have a zone, and an image that is public in
 * v1 has that visibility.
 */
export function imageRecord(image: ImageSummary & Partial<Image>): JsonObject {
  const {uri, properties} = image
  const record: Record<string, unknown> = {...BLANK}
  record['uri'] = uri
  for (const {name, attribute, kind} of findFields(image)) record[name] = toValue(kind, image[attribute])
  if (image.isPublic === true) record['visibility'] ??= 'public'
  if (properties) record['properties'] = properties
  return record
}

function toValue(kind: FieldKind, value: unknown): unknown {
  return kind === 'time' && typeof value === 'string' ? toUtcTime(value) : value
}
