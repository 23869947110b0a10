/** Formats results and failures as JSON, one object per line. */
import type {Failure} from '../../model/errors.js'
import {IMAGE_FIELDS} from '../../model/fields.js'
import type {Image, ImageSummary} from '../../model/image.js'
import type {JsonObject} from '../../model/json-object.js'

/** The object as one line; control characters, which a terminal would obey, are escaped. */
export function jsonLine(record: JsonObject): string {
  return JSON.stringify(record).replace(
    /[\x7f-\x9f\u2028\u2029]/g,
    char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

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

/** A failure as a record: texts for people, and codes for scripts. */
export function failureRecord(failure: Failure): JsonObject {
  const {message, kind, exitCode, why, advice, requestId} = failure
  return {error: message, kind, exit_code: exitCode, why, advice, request_id: requestId}
}
