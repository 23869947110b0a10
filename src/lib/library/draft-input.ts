/** Drafts from the values of a program: fields in camel case or by their names on the wire, words of booleans, counts. */
import {canSet, type Draft, type Purpose, parseFieldValue} from '../model/draft.js'
import {usageError} from '../model/errors.js'
import type {Field} from '../model/field.js'
import {FIELDS} from '../model/fields.js'
import {rejectUnknownKeys, requireObject} from './check-values.js'

/** Formats of the `type` that images had before they had formats; the format of a machine is detected. */
const FORMATS_OF_TYPE: Readonly<Record<string, object>> = {
  kernel: {diskFormat: 'aki', containerFormat: 'aki'},
  ramdisk: {diskFormat: 'ari', containerFormat: 'ari'},
  raw: {diskFormat: 'raw'},
  machine: {},
}

/**
 * A draft from the metadata that a program gives. Keys are attributes (`diskFormat`) or names of fields
 * (`disk_format`); values are checked as on the command line. Keys without a value are ignored.
 * @throws Failure of kind `usage` for a key that is unknown, given twice or not settable, and for an invalid value
 */
export function toDraft(meta: object, purpose: Purpose): Draft {
  requireObject(meta, 'image metadata')
  const {properties, type, ...fields} = meta as Readonly<Record<string, unknown>>
  const values = new Map<string, unknown>()
  const settable = FIELDS.filter(field => canSet(field, purpose))
  const known = settable.flatMap(({attribute, name}) => [attribute, name])
  rejectUnknownKeys(fields, [...new Set([...known, 'properties'])], 'image metadata', PROPERTIES_ADVICE)
  for (const [key, value] of Object.entries(fields)) {
    const field = settable.find(({attribute, name}) => key === attribute || key === name)
    if (field === undefined || value === undefined) continue
    if (values.has(field.attribute)) throw usageError(`${field.attribute} is given twice`)
    values.set(field.attribute, parseValue(field, value))
  }
  const draft = {...toFormats(type), ...Object.fromEntries(values), properties: toProperties(properties)}
  if (draft.location !== undefined && draft.copyFrom !== undefined)
    throw usageError('location and copyFrom exclude each other')
  return draft
}

const PROPERTIES_ADVICE = 'Put custom properties into `properties`.'

function toFormats(type: unknown): Partial<Draft> {
  if (type === undefined) return {}
  const formats = Object.hasOwn(FORMATS_OF_TYPE, String(type)) ? FORMATS_OF_TYPE[String(type)] : undefined
  if (formats !== undefined) return formats
  throw usageError(`invalid type '${type}': expected one of ${Object.keys(FORMATS_OF_TYPE).join(', ')}`)
}

function parseValue(field: Field, value: unknown): unknown {
  if (field.kind === 'list' && Array.isArray(value)) return [...new Set(value.map(toText(field.attribute)))]
  if (value === null && field.clearable) return null
  return parseFieldValue(field, toText(field.attribute)(value))
}

function toText(name: string): (value: unknown) => string {
  return value => {
    if (['string', 'number', 'bigint', 'boolean'].includes(typeof value)) return String(value)
    throw usageError(`invalid ${name}: expected a text, a number or a boolean`)
  }
}

function toProperties(properties: unknown): Draft['properties'] {
  if (properties === undefined) return {}
  if (typeof properties !== 'object' || properties === null || Array.isArray(properties))
    throw usageError('invalid properties: expected an object of names and values')
  const entries = Object.entries(properties).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries.map(([name, value]) => [name, toText(`property ${name}`)(value)]))
}
