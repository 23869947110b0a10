/** Reads the attributes of an image as every generation of v1 servers writes them, in headers and in JSON. */

import {decodeHeaderText} from '../../http/header-text.js'
import type {Field} from '../../model/field.js'
import {FIELDS} from '../../model/fields.js'
import type {Image, ImageSummary} from '../../model/image.js'
import {unexpectedReplyError} from './failures.js'

/** Values by the name of the field. From headers they are text, from JSON anything. */
export type WireFields = Readonly<Record<string, unknown>>

/**
 * An image from its fields; those we do not know are ignored, those that are missing or unreadable are null.
 * @param url base of the service
 */
export function imageFrom(fields: WireFields, properties: Image['properties'], url: string): Image {
  const summary = summaryFrom(fields)
  return {
    ...summary,
    status: 'unknown',
    isPublic: null,
    owner: null,
    minRam: null,
    minDisk: null,
    createdAt: null,
    updatedAt: null,
    ...readFields(fields),
    id: summary.id,
    uri: `${url}/v1/images/${encodeURIComponent(summary.id)}`,
    properties,
  }
}

/** @throws Failure when there is no id: then it is no image */
export function summaryFrom(fields: WireFields): ImageSummary {
  const id = textFrom(fields['id'])
  if (!id) throw unexpectedReplyError('id')
  return {
    id,
    name: textFrom(fields['name']),
    diskFormat: textUnlessNone(fields['disk_format']),
    containerFormat: textUnlessNone(fields['container_format']),
    size: countFrom(fields['size']),
    checksum: textUnlessNone(fields['checksum']),
  }
}

function readFields(fields: WireFields): Partial<Image> {
  const present = FIELDS.filter(field => field.since === undefined && Object.hasOwn(fields, field.name))
  const entries = present.map(field => [field.attribute, parseFieldValue(field, fields[field.name])] as const)
  return Object.fromEntries(entries.filter(([name, value]) => name !== 'status' || value !== null))
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

/** Text that nobody would call `None`: some servers print their null like this (wire/v1.md#p12). */
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
