/** The request headers of API v1 that describe an image. */
import {HttpError} from '../../http/http-error.js'
import {decodeHeader} from '../../http/text.js'
import type {Column} from '../../registry/columns.js'
import {parseIsoTime} from '../iso-time.js'
import {FIELDS, KNOWN_NAMES} from './fields.js'
import type {ImageInput} from './input.js'

const META = 'x-image-meta-'
const PROPERTY = 'x-image-meta-property-'
const COPY_FROM = 'x-glance-api-copy-from'
const PURGE = 'x-glance-registry-purge-props'

type Fields = ReadonlyMap<string, string>

/**
 * Parses the headers of a request. `-` and `_` are the same, names are case-insensitive, the values of a repeated header
 * are joined with a comma, an empty value is null (wire/v1.md#f34, #f35, #f36, #f37, #f38, #l16, #l17, #l18, #l19, #l20,
 * #l21, #l22, #l23, #l24, #l25, #l26, #l27, #l28, #l29, #l30, #l31).
 * @param raw names and values in turn, as received
 * @throws HttpError 400 for unknown fields, invalid numbers and invalid times (wire/v1.md#f9, #f10, #f34, #f39, #f47)
 */
export function parseImageHeaders(raw: readonly string[]): ImageInput {
  const {fields, properties, copyFrom} = groupHeaders(raw)
  validateTimes(fields)
  return {
    ...parseTexts(fields),
    ...parseCounts(fields),
    ...parseBooleans(fields),
    ...(copyFrom === undefined ? {} : {copyFrom: copyFrom || null}),
    properties: Object.fromEntries([...properties].map(([name, value]) => [name, value || null])),
  }
}

/**
 * True if a PUT keeps the properties that it does not name (wire/v1.md#g1, #g2, #g3, #g4): the header is present and is
 * not true.
 */
export function shouldKeepProperties(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): boolean {
  const value = headers[PURGE]
  return value !== undefined && !parseBoolean(String(value))
}

function groupHeaders(raw: readonly string[]) {
  const fields = new Map<string, string>()
  const properties = new Map<string, string>()
  let copyFrom: string | undefined
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i]!.toLowerCase().replaceAll('_', '-')
    const value = decodeHeader(raw[i + 1]!)
    if (name.startsWith(PROPERTY)) appendValue(properties, toUnderscores(name.slice(PROPERTY.length)), value)
    else if (name.startsWith(META)) appendValue(fields, parseFieldName(name), value)
    else if (name === COPY_FROM) copyFrom = value
  }
  return {fields, properties, copyFrom}
}

function appendValue(map: Map<string, string>, name: string, value: string): void {
  const previous = map.get(name)
  map.set(name, previous === undefined ? value : `${previous},${value}`)
}

function parseFieldName(header: string): string {
  const name = toUnderscores(header.slice(META.length))
  if (KNOWN_NAMES.has(name)) return name
  throw new HttpError(400, {detail: `Bad header: ${header}`})
}

function toUnderscores(name: string): string {
  return name.replaceAll('-', '_')
}

/** Attributes by the names of their headers. A status is read only to refuse one that differs. */
const TEXT_FIELDS = {...toAttributes('text'), status: 'status', location: 'location', store: 'store'}
const COUNT_FIELDS = toAttributes('count')
const BOOLEAN_FIELDS = toAttributes('boolean')
const TIME_FIELDS = FIELDS.filter(({kind}) => kind === 'time').map(({name}) => name)

function toAttributes(kind: Column['kind']): Readonly<Record<string, string>> {
  const fields = FIELDS.filter(field => field.kind === kind && field.v1 === 'read-write')
  return Object.fromEntries(fields.map(({name, attribute}) => [name, attribute]))
}

function parseTexts(fields: Fields): Partial<ImageInput> {
  return convertFields(fields, TEXT_FIELDS, (value, name) => (isNull(value, name) ? null : value))
}

/** The documents of the API write the owner of an image without one as `null`. */
function isNull(value: string, name: string): boolean {
  return value === '' || (name === 'owner' && value === 'null')
}

function parseCounts(fields: Fields): Partial<ImageInput> {
  return convertFields(fields, COUNT_FIELDS, parseCount)
}

function parseBooleans(fields: Fields): Partial<ImageInput> {
  return convertFields(fields, BOOLEAN_FIELDS, parseBoolean)
}

function convertFields<T>(
  fields: Fields,
  names: Readonly<Record<string, string>>,
  convert: (value: string, name: string) => T,
): Readonly<Record<string, T>> {
  const present = Object.entries(names).filter(([name]) => fields.has(name))
  return Object.fromEntries(
    present.map(([name, attribute]) => [attribute, convert(fields.get(name) ?? '', name)]),
  )
}

function parseCount(value: string, name: string): number {
  const invalid = (reason: string) =>
    new HttpError(400, {explanation: `Invalid value '${value}' for parameter '${name}': ${reason}`})
  if (!/^\s*[+-]?\d+\s*$/.test(value)) throw invalid(`Cannot convert image ${name} '${value}' to an integer.`)
  const count = Number(value)
  if (count < 0) throw invalid('Cannot be a negative value.')
  return count
}

/** Any other value is false, even one that is not a boolean (wire/v1.md#f38, #g4). */
function parseBoolean(value: string): boolean {
  return /^(1|t|true|on|y|yes)$/i.test(value.trim())
}

/** Times that clients send are ignored, but must be valid (wire/v1.md#f47, #g20). */
function validateTimes(fields: Fields): void {
  for (const name of TIME_FIELDS) {
    const value = fields.get(name)
    if (!value || parseIsoTime(value) !== undefined) continue
    throw new HttpError(400, {explanation: `Invalid time format for ${name}.`})
  }
}
