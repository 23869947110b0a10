/** Parses the request for a new image in API v2. */
import {randomUUID} from 'node:crypto'
import {HttpError} from '../../../http/http-error.js'
import {GENERATED} from '../../../images/rules.js'
import type {NewImage} from '../../../registry/registry.js'
import {validateImage} from '../schemas/validate.js'
import {isReserved, isSettable, READ_ONLY, toChange} from './fields.js'

/** Read-only attributes that a new image may name: they are ignored, as by the real service. */
const IGNORED = ['os_hash_algo', 'os_hash_value']

/** In characters. */
const MAX_PROPERTY_NAME = 255

/**
 * The record that the body describes.
 * @throws HttpError 400 for values that violate the schema, 403 for attributes that clients may not set
 */
export function parseNewImage(body: object): NewImage {
  if (Array.isArray(body)) throw new HttpError(400, {explanation: 'The image must be a JSON object.'})
  const image = new Map<string, unknown>(Object.entries(body))
  // Before the values are validated (wire/glance-25.md#never-accepted).
  rejectReadOnly([...image.keys()].filter(name => GENERATED.has(name)))
  validateImage(body)
  validatePropertyNames([...image.keys()])
  rejectReadOnly([...image.keys()].filter(name => READ_ONLY.has(name) && !IGNORED.includes(name)))
  const properties: [string, string | null][] = []
  let record: NewImage = {id: randomUUID()}
  for (const [name, value] of image) {
    if (isSettable(name)) record = {...record, ...toChange(name, value)}
    else if (IGNORED.includes(name)) continue
    else if (name === 'id') record = {...record, id: value as string}
    else properties.push([name, value as string | null])
  }
  return {...record, properties: Object.fromEntries(properties)}
}

function rejectReadOnly([name]: readonly string[]): void {
  if (name !== undefined) throw new HttpError(403, {explanation: `Attribute '${name}' is read-only.`})
}

function validatePropertyNames(names: readonly string[]): void {
  for (const name of names) {
    if ([...name].length > MAX_PROPERTY_NAME) {
      throw new HttpError(400, {
        explanation: `Custom property should not be greater than ${MAX_PROPERTY_NAME} characters.`,
      })
    }
    if (isReserved(name)) throw new HttpError(403, {detail: `Attribute '${name}' is reserved.`})
    if (name === 'locations') throw new HttpError(403, {explanation: `Attribute '${name}' is reserved.`})
  }
}
