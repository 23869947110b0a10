/** Reads the fields of an image from a reply, by the table of FIELDS. */
import type {ImageField} from '../model/field.js'
import type {Image} from '../model/image.js'

/**
 * The attributes that the reply has. An unreadable status is left out, since `status` is never null.
 * @param fields the fields to read
 * @param reply values by field name
 * @param parse parses a value as the version of the API writes it
 */
export function readFields(
  fields: readonly ImageField[],
  reply: Readonly<Record<string, unknown>>,
  parse: (field: ImageField, value: unknown) => Image[ImageField['attribute']],
): Partial<Image> {
  const present = fields.filter(({name}) => Object.hasOwn(reply, name))
  const entries = present.map(field => [field.attribute, parse(field, reply[field.name])] as const)
  return Object.fromEntries(entries.filter(([attribute, value]) => attribute !== 'status' || value !== null))
}
