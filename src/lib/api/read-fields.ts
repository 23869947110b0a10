/** Reads the fields of an image from a reply, by the table of FIELDS. */
import type {ImageField} from '../model/field.js'
import type {Image} from '../model/image.js'
import {createObjectMaker} from './object-maker.js'

const makeObject = createObjectMaker()

/** How a version of the API writes the fields of an image. */
export interface WireFormat {
  readonly fields: readonly ImageField[]
  /** Parses a value as the version writes it. */
  parse(field: ImageField, value: unknown): Image[ImageField['attribute']]
}

/**
 * A copy of the defaults with the attributes that the reply has. An unreadable status is left out, since `status` is never
 * null.
 * @param reply values by field name
 */
export function readFields<T extends object>(
  defaults: T,
  reply: Readonly<Record<string, unknown>>,
  {fields, parse}: WireFormat,
): T & Partial<Image> {
  const attributes: string[] = []
  const values: unknown[] = []
  for (const field of fields) {
    const {attribute, name} = field
    if (!Object.hasOwn(reply, name)) continue
    const value = parse(field, reply[name])
    if (value === null && attribute === 'status') continue
    attributes.push(attribute)
    values.push(value)
  }
  for (const [attribute, value] of Object.entries(defaults)) {
    if (attributes.includes(attribute)) continue
    attributes.push(attribute)
    values.push(value)
  }
  return makeObject(attributes, values) as T & Partial<Image>
}
