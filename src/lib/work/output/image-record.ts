/** Images as records of JSON. */
import {cacheByKeys} from '../../api/cache-by-keys.js'
import type {FieldKind} from '../../model/field.js'
import {IMAGE_FIELDS} from '../../model/fields.js'
import type {Image, ImageSummary} from '../../model/image.js'
import {createBlank, type JsonObject} from '../../model/json-object.js'
import {toUtcTime} from '../../model/utc-time.js'
import {IMAGE} from './record-kinds.js'

const derive = cacheByKeys(attributes => {
  const fields = IMAGE_FIELDS.filter(({attribute}) => attributes.includes(attribute))
  const isWhole = attributes.includes('properties')
  const names = (isWhole ? IMAGE.fields : fields).map(({name}) => name)
  return {fields, blank: createBlank(isWhole ? names : ['uri', ...names])}
})

/**
 * All documented fields of an image; of one in a brief list those that the server returned. The records of both versions are
 * alike: times have a zone, and an image that is public in v1 has that visibility.
 */
export function imageRecord(image: ImageSummary & Partial<Image>): JsonObject {
  const {uri, properties} = image
  const {fields, blank} = derive(image)
  const record: Record<string, unknown> = {...blank}
  record['uri'] = uri
  for (const {name, attribute, kind} of fields) record[name] = toValue(kind, image[attribute])
  if (image.isPublic === true) record['visibility'] ??= 'public'
  if (properties) record['properties'] = properties
  return record
}

function toValue(kind: FieldKind, value: unknown): unknown {
  return kind === 'time' && typeof value === 'string' ? toUtcTime(value) : value
}
