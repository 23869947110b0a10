/** The image in a request to the registry API: validates it by the rules of the manual, and converts it to a record. */
import {randomUUID} from 'node:crypto'
import {badRequest} from '../../../http/http-error.js'
import {requireLimits, requireMatchingFormats} from '../../../images/rules.js'
import {COLUMN_LIST, type NamedColumn} from '../../../registry/columns.js'
import type {ImageChanges, ImageRecord, NewImage} from '../../../registry/registry.js'
import {isCount} from '../../../registry/remote/checks.js'
import {FIELDS} from '../fields.js'
import {isUuid} from '../input.js'

/** The values that the manual allows, in its order. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  status: ['active', 'saving', 'queued', 'killed'],
  disk_format: ['ari', 'aki', 'ami', 'raw', 'iso', 'vhd', 'vdi', 'qcow2', 'vmdk'],
  container_format: ['ari', 'aki', 'ami', 'bare', 'ovf'],
}

/** What an API server sends back of an image that it has read, and the registry sets itself. */
const OWN = new Set(['created_at', 'updated_at', 'deleted_at', 'deleted', 'virtual_size'])

/** Fields that API servers set. */
const WRITABLE: ReadonlyMap<string, NamedColumn> = new Map(
  [...FIELDS, ...COLUMN_LIST.filter(({name}) => name === 'location')]
    .filter(({name}) => name !== 'id' && !OWN.has(name))
    .map(column => [column.name, column]),
)

/** Characters of a text; the location of data may be longer. */
const MAX_TEXT = 255

type Json = Readonly<Record<string, unknown>>

/**
 * A new record of `{"image": {...}}`. Status and both formats must be given.
 * @throws HttpError 400 for anything that the manual does not allow; ServiceError `formats-mixed`, `limit-exceeded`,
 *   `count-out-of-range`
 */
export function parseNewImage(body: object | undefined): NewImage {
  const {id, ...fields} = requireImage(body)
  for (const name of Object.keys(WORDS)) {
    if (fields[name] === undefined) throw badRequest(`Image ${name} is required: ${listWords(name)}.`)
  }
  const changes = parseFields(fields)
  requireBothFormats(changes)
  return {...changes, id: parseId(id)}
}

/**
 * The changes of an image by `{"image": {...}}`.
 * @param purges delete the properties that are not given
 * @returns a function that gives the changes of a record; it throws as `parseNewImage`
 */
export function parseImageChanges(
  body: object | undefined,
  purges: boolean,
): (image: ImageRecord) => ImageChanges {
  const {id, ...fields} = requireImage(body)
  const changes = parseFields(fields)
  return image => {
    if (id !== undefined && id !== null && id !== image.id)
      throw badRequest('The id of an image cannot change.')
    if ('diskFormat' in changes || 'containerFormat' in changes) requireBothFormats({...image, ...changes})
    if (purges) return {properties: {}, ...changes}
    const {properties} = changes
    return properties === undefined ? changes : {...changes, properties: {...image.properties, ...properties}}
  }
}

function requireImage(body: object | undefined): Json {
  const image: unknown = body && 'image' in body ? body.image : undefined
  if (isObject(image)) return image
  throw badRequest('Expected a body of the form {"image": {...}}.')
}

function parseFields(fields: Json): ImageChanges {
  const {properties, ...others} = fields
  const entries = Object.entries(others).filter(([name]) => !OWN.has(name))
  const changes: ImageChanges = Object.fromEntries(
    entries.map(([name, value]) => {
      const column = WRITABLE.get(name)
      if (column === undefined) throw badRequest(`Unknown attribute '${name}' of an image.`)
      return [column.attribute, parseValue(column, value)]
    }),
  )
  const parsed = properties === undefined ? {} : {properties: parseProperties(properties)}
  requireLimits({...changes, ...parsed})
  return {...changes, ...parsed}
}

/** A count that is null has its initial value. */
function parseValue({name, kind, initial}: NamedColumn, value: unknown): unknown {
  const words = WORDS[name]
  if (words) {
    if (words.includes(value as string)) return value
    throw badRequest(`Invalid ${name} '${value || ''}' for image: expected ${listWords(name)}.`)
  }
  if (kind === 'boolean' && typeof value === 'boolean') return value
  if (kind === 'count' && (value === null || isCount(value))) return value ?? initial
  const isText = kind === 'text' && (value === null || typeof value === 'string')
  if (isText && (name === 'location' || [...(value ?? '')].length <= MAX_TEXT)) return value
  throw badRequest(`Invalid ${name} for image: expected ${EXPECTED[kind]}.`)
}

const EXPECTED: Readonly<Record<NamedColumn['kind'], string>> = {
  text: `a text of at most ${MAX_TEXT} characters, or null`,
  count: 'a whole number that is not negative',
  boolean: 'true or false',
  time: 'a time',
}

function listWords(name: string): string {
  return `one of ${WORDS[name]?.join(', ')}`
}

/** An object with the values by name, or a list of objects with name and value. */
function parseProperties(given: unknown): ImageRecord['properties'] {
  const entries = Array.isArray(given)
    ? given.map(one => (isObject(one) ? [one['name'], one['value'] ?? null] : []))
    : isObject(given)
      ? Object.entries(given)
      : undefined
  const isValid = ([name, value]: readonly unknown[]) =>
    typeof name === 'string' && (value === null || typeof value === 'string')
  if (entries?.every(isValid)) return Object.fromEntries(entries)
  throw badRequest('Invalid properties for image: expected {NAME: TEXT} or [{"name": NAME, "value": TEXT}].')
}

function requireBothFormats({diskFormat, containerFormat}: ImageChanges): void {
  if (diskFormat && containerFormat) requireMatchingFormats(diskFormat, containerFormat)
}

function parseId(id: unknown): string {
  if (id === undefined || id === null) return randomUUID()
  if (typeof id === 'string' && isUuid(id)) return id
  throw badRequest('Invalid image id format.')
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
