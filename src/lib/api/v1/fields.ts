/** Reads the attributes of an image, in headers and in JSON, as any v1 server writes them. */

import {decodeHeaderText} from '../../http/header-text.js'
import type {Field} from '../../model/field.js'
import {IMAGE_FIELDS} from '../../model/fields.js'
import {EMPTY_IMAGE, EMPTY_SUMMARY, type Image, type ImageSummary} from '../../model/image.js'
import {encodeShownId} from '../path-segment.js'
import {createFieldReader} from '../read-fields.js'
import {unexpectedReplyError} from './failures.js'

/** Values by the name of the field: text from headers, any type from JSON. */
export type WireFields = Readonly<Record<string, unknown>>

const V1_FIELDS = IMAGE_FIELDS.filter(field => field.since === undefined)
const SUMMARY_FIELDS = V1_FIELDS.filter(({attribute}) => Object.hasOwn(EMPTY_SUMMARY, attribute))

const readImage = createFieldReader({fields: V1_FIELDS, defaults: EMPTY_IMAGE, parse: parseFieldValue})
const readSummary = createFieldReader({
  fields: SUMMARY_FIELDS,
  defaults: EMPTY_SUMMARY,
  parse: parseFieldValue,
})

/**
 * An image from its fields; unknown ones are ignored, missing and unreadable ones are null.
 * @param url base of the service
 * @throws Failure without an id: then it is not an image
 */
export function imageFrom(fields: WireFields, properties: Image['properties'], url: string): Image {
  const id = requireId(fields)
  return Object.assign(readImage(fields), {id, uri: imageUri(id, url), properties})
}

/** A summary from its fields. @throws Failure without an id: then it is not an image */
export function summaryFrom(fields: WireFields, url: string): ImageSummary {
  const id = requireId(fields)
  return Object.assign(readSummary(fields), {id, uri: imageUri(id, url)})
}

function imageUri(id: string, url: string): string {
  return `${url}/v1/images/${encodeShownId(id)}`
}

function requireId(fields: WireFields): string {
  const id = textFrom(fields['id'])
  if (id) return id
  throw unexpectedReplyError('id')
}

function parseFieldValue({kind, name}: Field, value: unknown): string | number | boolean | null {
  if (kind === 'boolean') return booleanFrom(value)
  if (kind === 'count') return countFrom(value)
  return name === 'name' ? textFrom(value) : textUnlessNone(value)
}

/** Text that users choose. Numbers are ids of 2011.3 (wire/v1.md#p10). */
export function textFrom(value: unknown): string | null {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return typeof value === 'string' && value !== '' ? decodeHeaderText(value) : null
}

/** Text for which `None` means null, as some servers print it (wire/v1.md#p12). */
function textUnlessNone(value: unknown): string | null {
  const text = textFrom(value)
  return text === 'None' ? null : text
}

function countFrom(value: unknown): number | null {
  const count = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value
  return typeof count === 'number' && Number.isFinite(count) ? count : null
}

function booleanFrom(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value
  const text = String(value ?? '').toLowerCase()
  if (/^(true|t|1|on|yes|y)$/.test(text)) return true
  return /^(false|f|0|off|no|n)$/.test(text) ? false : null
}
