/** The fields of an image in API v1. */
import {COLUMN_LIST, type NamedColumn} from '../../registry/columns.js'

/**
 * The fields that the service shows: all of them in JSON (wire/v1.md#c1), those that are not null in headers
 * (wire/v1.md#e1, #e3).
 */
export const FIELDS: readonly NamedColumn[] = COLUMN_LIST.filter(({v1}) => v1 !== undefined)

/** Names that clients may send in headers although the service does not show them. */
const WRITE_ONLY_NAMES = ['location', 'copy_from', 'uri', 'store']

/** Every name that may follow `x-image-meta-`. */
export const KNOWN_NAMES: ReadonlySet<string> = new Set([
  ...FIELDS.map(field => field.name),
  ...WRITE_ONLY_NAMES,
])

/** The fields in the brief list (wire/v1.md#d1). */
export const BRIEF_FIELDS = FIELDS.filter(({name}) =>
  ['id', 'name', 'size', 'disk_format', 'container_format', 'checksum'].includes(name),
)
