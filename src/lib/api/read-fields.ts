/** Reads the fields of an image from a reply, by the table of FIELDS. */
import type {ImageField} from '../model/field.js'
import type {Image} from '../model/image.js'
import {createBlank} from '../model/json-object.js'
import {cacheByKeys} from './cache-by-keys.js'

/** How a version of the API writes the fields of an image. */
export interface WireFormat<Defaults> {
  readonly fields: readonly ImageField[]
  /** The attributes of an image of which the reply has none. */
  readonly defaults: Defaults
  /** Parses a value as the version writes it. */
  parse(field: ImageField, value: unknown): Image[ImageField['attribute']]
}

/**
 * A function that reads the fields of a reply, values by field name: it returns the defaults with the attributes that the
 * reply has. An unreadable status is left out, since `status` is never null.
 */
export function createFieldReader<Defaults extends object>({fields, defaults, parse}: WireFormat<Defaults>) {
  const derive = cacheByKeys(names => {
    const present = fields.filter(({name}) => names.includes(name))
    const attributes = present.map(({attribute}) => attribute)
    return {present, blank: {...createBlank([...attributes, ...Object.keys(defaults)]), ...defaults}}
  })
  return (reply: Readonly<Record<string, unknown>>): Defaults & Partial<Image> => {
    const {present, blank} = derive(reply)
    const image: Record<string, unknown> = {...blank}
    for (const field of present) {
      const value = parse(field, reply[field.name])
      if (value !== null || field.attribute !== 'status') image[field.attribute] = value
    }
    return image as Defaults & Partial<Image>
  }
}
