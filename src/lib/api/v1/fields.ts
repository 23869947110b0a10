/** Reads the attributes of an image as every generation of v1 servers writes them, in headers and in JSON. */

import {readableText} from '../../http/header-text.js'
import {FIELDS, type Field} from '../../model/fields.js'
import type {Image, ImageSummary} from '../../model/image.js'
import {notUnderstood} from './failures.js'

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
    ...toldFields(fields),
    id: summary.id,
    uri: `${url}/v1/images/${encodeURIComponent(summary.id)}`,
    properties,
  }
}

/** @throws Failure when there is no id: then it is no image */
export function summaryFrom(fields: WireFields): ImageSummary {
  const id = textFrom(fields['id'])
  if (!id) throw notUnderstood('id')
  return {
    id,
    name: textFrom(fields['name']),
    diskFormat: wordFrom(fields['disk_format']),
    containerFormat: wordFrom(fields['container_format']),
    size: countFrom(fields['size']),
    checksum: wordFrom(fields['checksum']),
  }
}

function toldFields(fields: WireFields): Partial<Image> {
  const told = FIELDS.filter(field => field.since === undefined && Object.hasOwn(fields, field.name))
  const entries = told.map(field => [field.attribute, fieldValue(field, fields[field.name])] as const)
  return Object.fromEntries(entries.filter(([name, value]) => name !== 'status' || value !== null))
}

function fieldValue({kind, name}: Field, value: unknown): string | number | boolean | null {
  if (kind === 'boolean') return booleanFrom(value)
  if (kind === 'count') return countFrom(value)
  return name === 'name' ? textFrom(value) : wordFrom(value)
}

/** Text that users choose. Numbers are ids of 2011.3 (v1-wire P10). */
export function textFrom(value: unknown): string | null {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return typeof value === 'string' && value !== '' ? readableText(value) : null
}

/** Text that nobody would call `None`: some servers print their null like this (v1-wire P12). */
function wordFrom(value: unknown): string | null {
  const text = textFrom(value)
  return text === 'None' ? null : text
}

function countFrom(value: unknown): number | null {
  const count = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value
  return typeof count === 'number' && Number.isFinite(count) ? count : null
}

function booleanFrom(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value
  const word = String(value ?? '').toLowerCase()
  if (/^(true|t|1|on|yes|y)$/.test(word)) return true
  return /^(false|f|0|off|no|n)$/.test(word) ? false : null
}
