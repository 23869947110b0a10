/** Formats images: the block of `show` and `details`, the metadata that `--verbose` prints. */
import type {ImageField} from '../../model/field.js'
import {IMAGE_FIELDS} from '../../model/fields.js'
import type {Image} from '../../model/image.js'
import {formatSize} from './formats/size.js'
import {toPythonText} from './text.js'

const NAME_WIDTH = 30
const RULE = '='.repeat(80)

/** The block of `show` and `details`, one line per attribute. @param isHuman print sizes in KiB, MiB and GiB */
export function imageBlock(image: Image, isHuman = false): string[] {
  const lines = (fields: readonly ImageField[]) =>
    fields
      .filter(field => isShown(image, field))
      .map(field => formatField(image, field, isHuman && isSize(field)))
  return [
    `URI: ${image.uri}`,
    ...lines(IMAGE_FIELDS.filter(field => !field.afterProperties)),
    ...Object.entries(image.properties).map(([key, value]) => `Property '${key}': ${toPythonText(value)}`),
    ...lines(IMAGE_FIELDS.filter(field => field.afterProperties)),
  ]
}

/** The layout of several images. */
interface BlocksLayout {
  /** Also print a rule above. */
  readonly isFirst: boolean
  readonly isHuman: boolean
}

/** The blocks of several images with a rule after each. */
export function imageBlocks(images: readonly Image[], {isFirst, isHuman}: BlocksLayout): string[] {
  return [...(isFirst ? [RULE] : []), ...images.flatMap(image => [...imageBlock(image, isHuman), RULE])]
}

/** Formats images that arrive one after the other: a single one as its block, several as `imageBlocks`. */
export function createBlockFormatter(isSingle: boolean, isHuman: boolean): (image: Image) => string[] {
  let isFirst = true
  return image => {
    if (isSingle) return imageBlock(image, isHuman)
    const lines = imageBlocks([image], {isFirst, isHuman})
    isFirst = false
    return lines
  }
}

function isShown(image: Image, {attribute, shown}: ImageField): boolean {
  const value = image[attribute]
  if (shown === 'always') return true
  if (shown === 'if-true') return value === true
  if (Array.isArray(value)) return value.length > 0
  return value !== undefined && value !== null && value !== ''
}

/** A label that ends with a question mark takes no colon: `Public? Yes`. */
function formatField(image: Image, {attribute, kind, label}: ImageField, isHuman: boolean): string {
  const value = image[attribute]
  const amount = isHuman && typeof value === 'number' ? formatSize(value) : formatValue(value)
  const text = kind === 'boolean' ? (value === true ? 'Yes' : 'No') : amount
  return `${label}${label.endsWith('?') ? '' : ':'} ${text}`
}

function isSize({name}: ImageField): boolean {
  return name === 'size' || name === 'virtual_size'
}

/** A list with commas between its items, any other value as Python prints it. */
function formatValue(value: unknown): string {
  return Array.isArray(value) ? value.join(', ') : toPythonText(value)
}

/** The metadata as `key => value` lines sorted by key, as `--verbose` prints them. */
export function metadataLines(image: Partial<Image>): string[] {
  const entries: [string, unknown][] = IMAGE_FIELDS.filter(field => image[field.attribute] !== undefined).map(
    field => [field.name, image[field.attribute]],
  )
  if (image.properties !== undefined) entries.push(['properties', image.properties])
  return keyValueLines(entries)
}

/** `key => value` lines sorted by key, the key right-justified. */
export function keyValueLines(entries: readonly (readonly [string, unknown])[]): string[] {
  return [...entries]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => ` ${key.padStart(NAME_WIDTH)} => ${toPythonText(value)}`)
}
