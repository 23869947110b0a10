/** How an image looks: the block of `show`, the row of `index`, the metadata that `--verbose` adds. */
import {redactText} from '../../http/redact.js'
import type {Draft} from '../../model/draft.js'
import type {Field} from '../../model/field.js'
import {FIELDS} from '../../model/fields.js'
import type {Image} from '../../model/image.js'
import {toPythonText} from './text.js'

/** Lines of the block that are always there, whatever the server told. */
const ALWAYS_SHOWN = [
  'id',
  'is_public',
  'name',
  'status',
  'size',
  'disk_format',
  'container_format',
  'min_ram',
  'min_disk',
]

/** Lines that stand behind the properties. */
const AFTER_PROPERTIES = [
  'protected',
  'tags',
  'os_hidden',
  'checksum',
  'os_hash_algo',
  'os_hash_value',
  'deleted',
  'created_at',
  'updated_at',
  'deleted_at',
  'virtual_size',
]

const NAME_WIDTH = 30

/** The block of `show` and `details`, one line an attribute. */
export function imageBlock(image: Image): string[] {
  const lines = (fields: readonly Field[]) =>
    fields.filter(field => isShown(image, field)).map(field => formatField(image, field))
  return [
    `URI: ${image.uri}`,
    ...lines(FIELDS.filter(field => !AFTER_PROPERTIES.includes(field.name))),
    ...Object.entries(image.properties).map(([key, value]) => `Property '${key}': ${toPythonText(value)}`),
    ...lines(FIELDS.filter(field => AFTER_PROPERTIES.includes(field.name))),
  ]
}

function isShown(image: Image, field: Field): boolean {
  const value = image[field.attribute]
  if (ALWAYS_SHOWN.includes(field.name)) return true
  if (field.name === 'deleted' || field.name === 'os_hidden') return value === true
  if (Array.isArray(value)) return value.length > 0
  return value !== undefined && value !== null && value !== ''
}

/** A label that is a question is its own punctuation: `Public? Yes`. */
function formatField(image: Image, {attribute, kind, label}: Field): string {
  const value = image[attribute]
  const text = kind === 'boolean' ? (value === true ? 'Yes' : 'No') : formatValue(value)
  return `${label}${label.endsWith('?') ? '' : ':'} ${text}`
}

/** A list as people read it. */
function formatValue(value: unknown): string {
  return Array.isArray(value) ? value.join(', ') : toPythonText(value)
}

/** The metadata as `key => value` lines sorted by key, as `--verbose` and a dry run print them. */
export function metadataLines(image: Partial<Image>): string[] {
  const entries: [string, unknown][] = FIELDS.filter(field => image[field.attribute] !== undefined).map(
    field => [field.name, image[field.attribute]],
  )
  if (image.properties !== undefined) entries.push(['properties', image.properties])
  return keyValueLines(entries)
}

/** What a draft says, in the same lines; passwords and signatures in its URLs are masked. */
export function draftLines(draft: Draft): string[] {
  const {copyFrom, location, store, ...fields} = draft
  const entries: [string, unknown][] = FIELDS.filter(({attribute}) => attribute in fields).map(field => [
    field.name,
    fields[field.attribute as keyof typeof fields],
  ])
  if (location !== undefined) entries.push(['location', redactText(location)])
  if (copyFrom !== undefined) entries.push(['copy_from', redactText(copyFrom)])
  if (store !== undefined) entries.push(['store', store])
  return keyValueLines([...entries, ['properties', fields.properties]])
}

/** `key => value` lines sorted by key, the key right-justified. */
function keyValueLines(entries: readonly (readonly [string, unknown])[]): string[] {
  return [...entries]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => ` ${key.padStart(NAME_WIDTH)} => ${toPythonText(value)}`)
}
