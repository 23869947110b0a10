/** The fields of an image as API v1 writes them: header names, and where each stands in a record. */
import type {ImageRecord} from '../../registry/registry.js'

export interface WireField {
  /** As in JSON, and behind `x-image-meta-` in headers. */
  readonly name: string
  readonly read: (image: ImageRecord) => string | number | boolean | null
}

/**
 * What the service tells of an image: all of them in JSON (wire/v1.md#c1), those that are not null in headers
 * (wire/v1.md#e1, #e3).
 */
export const FIELDS: readonly WireField[] = [
  {name: 'id', read: image => image.id},
  {name: 'name', read: image => image.name},
  {name: 'status', read: image => image.status},
  {name: 'size', read: image => image.size},
  {name: 'virtual_size', read: image => image.virtualSize},
  {name: 'disk_format', read: image => image.diskFormat},
  {name: 'container_format', read: image => image.containerFormat},
  {name: 'checksum', read: image => image.checksum},
  {name: 'owner', read: image => image.owner},
  {name: 'is_public', read: image => image.isPublic},
  {name: 'protected', read: image => image.protected},
  {name: 'min_disk', read: image => image.minDisk},
  {name: 'min_ram', read: image => image.minRam},
  {name: 'created_at', read: image => image.createdAt},
  {name: 'updated_at', read: image => image.updatedAt},
  {name: 'deleted', read: image => image.deleted},
  {name: 'deleted_at', read: image => image.deletedAt},
]

/** What a client may name in headers although the service does not tell it (part 1, "Known fields"). */
const WRITE_ONLY_NAMES = ['location', 'copy_from', 'uri', 'store']

/** Every name that may stand behind `x-image-meta-`. */
export const KNOWN_NAMES: ReadonlySet<string> = new Set([
  ...FIELDS.map(field => field.name),
  ...WRITE_ONLY_NAMES,
])

/** What the brief list tells (wire/v1.md#d1). */
export const BRIEF_FIELDS = FIELDS.filter(({name}) =>
  ['id', 'name', 'size', 'disk_format', 'container_format', 'checksum'].includes(name),
)
