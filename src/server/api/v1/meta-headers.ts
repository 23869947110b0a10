/** The headers in which clients of API v1 say what an image shall be. */
import {HttpError} from '../../http/fault.js'
import {textOfHeader} from '../../http/text.js'
import {isoTime} from '../iso-time.js'
import {KNOWN} from './fields.js'
import type {ImageInput} from './input.js'

const META = 'x-image-meta-'
const PROPERTY = 'x-image-meta-property-'
const COPY_FROM = 'x-glance-api-copy-from'
const PURGE = 'x-glance-registry-purge-props'

type Fields = ReadonlyMap<string, string>

/**
 * What the headers say; `-` and `_` are the same, names are folded, a repeated header is joined with a comma, an empty
 * value is null (v1-wire F34 to F38, L16 to L31).
 * @param raw names and values in turn, as they came
 * @throws HttpError 400 for unknown fields, bad numbers and times (F9, F10, F34, F39, F47)
 */
export function inputFromHeaders(raw: readonly string[]): ImageInput {
  const {fields, properties, copyFrom} = sorted(raw)
  requireTimes(fields)
  return {
    ...texts(fields),
    ...counts(fields),
    ...booleans(fields),
    ...(copyFrom === undefined ? {} : {copyFrom: copyFrom || null}),
    properties: Object.fromEntries([...properties].map(([name, value]) => [name, value || null])),
  }
}

/** Whether a PUT keeps the properties it does not name (v1-wire G1 to G4): the header is there and is no yes. */
export function keepsProperties(headers: Readonly<Record<string, string | string[] | undefined>>): boolean {
  const value = headers[PURGE]
  return value !== undefined && !isYes(String(value))
}

function sorted(raw: readonly string[]) {
  const fields = new Map<string, string>()
  const properties = new Map<string, string>()
  let copyFrom: string | undefined
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i]!.toLowerCase().replaceAll('_', '-')
    const value = textOfHeader(raw[i + 1]!)
    if (name.startsWith(PROPERTY)) join(properties, underscored(name.slice(PROPERTY.length)), value)
    else if (name.startsWith(META)) join(fields, known(name), value)
    else if (name === COPY_FROM) copyFrom = value
  }
  return {fields, properties, copyFrom}
}

function join(map: Map<string, string>, name: string, value: string): void {
  const before = map.get(name)
  map.set(name, before === undefined ? value : `${before},${value}`)
}

function known(header: string): string {
  const name = underscored(header.slice(META.length))
  if (KNOWN.has(name)) return name
  throw new HttpError(400, {detail: `Bad header: ${header}`})
}

function underscored(name: string): string {
  return name.replaceAll('-', '_')
}

/** Which header fills which attribute. */
const TEXTS = {
  id: 'id',
  name: 'name',
  status: 'status',
  disk_format: 'diskFormat',
  container_format: 'containerFormat',
  owner: 'owner',
  checksum: 'checksum',
  location: 'location',
  store: 'store',
} as const
const COUNTS = {size: 'size', min_disk: 'minDisk', min_ram: 'minRam'} as const
const BOOLEANS = {is_public: 'isPublic', protected: 'protected'} as const
const TIMES = ['created_at', 'updated_at', 'deleted_at']

function texts(fields: Fields): Partial<ImageInput> {
  return filled(fields, TEXTS, value => value || null)
}

function counts(fields: Fields): Partial<ImageInput> {
  return filled(fields, COUNTS, countOf)
}

function booleans(fields: Fields): Partial<ImageInput> {
  return filled(fields, BOOLEANS, isYes)
}

function filled<T>(
  fields: Fields,
  names: Readonly<Record<string, string>>,
  convert: (value: string, name: string) => T,
): Readonly<Record<string, T>> {
  const present = Object.entries(names).filter(([name]) => fields.has(name))
  return Object.fromEntries(
    present.map(([name, attribute]) => [attribute, convert(fields.get(name) ?? '', name)]),
  )
}

function countOf(value: string, name: string): number {
  const bad = (why: string) =>
    new HttpError(400, {explanation: `Invalid value '${value}' for parameter '${name}': ${why}`})
  if (!/^\s*[+-]?\d+\s*$/.test(value)) throw bad(`Cannot convert image ${name} '${value}' to an integer.`)
  const count = Number(value)
  if (count < 0) throw bad('Cannot be a negative value.')
  return count
}

/** Everything else, garbage too, is a no (v1-wire, notes after F38 and G4). */
function isYes(value: string): boolean {
  return /^(1|t|true|on|y|yes)$/i.test(value.trim())
}

/** Times are the service's own; what is sent must still be one (v1-wire F47, G20). */
function requireTimes(fields: Fields): void {
  for (const name of TIMES) {
    const value = fields.get(name)
    if (!value || isoTime(value) !== undefined) continue
    throw new HttpError(400, {explanation: `Invalid time format for ${name}.`})
  }
}
