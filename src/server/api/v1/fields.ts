/** The fields of an image as API v1 writes them: header names, kinds, and where each stands in a record. */
import type {ImageRecord} from '../../registry/registry.js'

export type Kind = 'text' | 'boolean' | 'count' | 'time'

export interface WireField {
  /** As in JSON, and behind `x-image-meta-` in headers. */
  readonly name: string
  readonly kind: Kind
  readonly of: (image: ImageRecord) => string | number | boolean | null
}

/** What the service tells of an image: all of them in JSON (v1-wire C1), those that are not null in headers (E1, E3). */
export const SHOWN: readonly WireField[] = [
  {name: 'id', kind: 'text', of: image => image.id},
  {name: 'name', kind: 'text', of: image => image.name},
  {name: 'status', kind: 'text', of: image => image.status},
  {name: 'size', kind: 'count', of: image => image.size},
  {name: 'virtual_size', kind: 'count', of: image => image.virtualSize},
  {name: 'disk_format', kind: 'text', of: image => image.diskFormat},
  {name: 'container_format', kind: 'text', of: image => image.containerFormat},
  {name: 'checksum', kind: 'text', of: image => image.checksum},
  {name: 'owner', kind: 'text', of: image => image.owner},
  {name: 'is_public', kind: 'boolean', of: image => image.isPublic},
  {name: 'protected', kind: 'boolean', of: image => image.protected},
  {name: 'min_disk', kind: 'count', of: image => image.minDisk},
  {name: 'min_ram', kind: 'count', of: image => image.minRam},
  {name: 'created_at', kind: 'time', of: image => image.createdAt},
  {name: 'updated_at', kind: 'time', of: image => image.updatedAt},
  {name: 'deleted', kind: 'boolean', of: image => image.deleted},
  {name: 'deleted_at', kind: 'time', of: image => image.deletedAt},
]

/** What a client may name in headers although the service does not tell it (part 1, "Known fields"). */
const HEARD_ONLY = ['location', 'copy_from', 'uri', 'store']

/** Every name that may stand behind `x-image-meta-`. */
export const KNOWN: ReadonlySet<string> = new Set([...SHOWN.map(field => field.name), ...HEARD_ONLY])

/** What the brief list tells (v1-wire D1). */
export const BRIEF = SHOWN.filter(({name}) =>
  ['id', 'name', 'size', 'disk_format', 'container_format', 'checksum'].includes(name),
)
