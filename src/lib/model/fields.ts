/** FIELDS: every attribute of an image once, with all that parsing, printing, filtering and help need. */
import type {Image} from './image.js'

export type FieldKind = 'text' | 'boolean' | 'count' | 'time'

/** Who gives a field its value: the user at any time, only when the image is added, or the server. */
export type Settable = 'always' | 'on-add' | 'never'

export interface Field {
  /** As users and the wire write it. */
  readonly name: string
  readonly attribute: Exclude<keyof Image, 'properties' | 'uri'>
  readonly kind: FieldKind
  readonly settable: Settable
  /** May narrow a list. */
  readonly filter: boolean
  /** What the block of `show` and `details` writes before the value. */
  readonly label: string
  readonly help: string
}

const text = {kind: 'text', settable: 'always', filter: true} as const
const byServer = {settable: 'never', filter: false} as const

/** In the order in which `show` prints them. */
export const FIELDS: readonly Field[] = [
  {
    ...text,
    name: 'id',
    attribute: 'id',
    settable: 'on-add',
    filter: false,
    label: 'Id',
    help: 'Identifier (a UUID); chosen by the server when it is not given',
  },
  {
    ...text,
    name: 'is_public',
    attribute: 'isPublic',
    kind: 'boolean',
    label: 'Public?',
    help: 'Whether everybody may see and use the image',
  },
  {
    ...text,
    name: 'name',
    attribute: 'name',
    label: 'Name',
    help: 'Name of the image, at most 255 characters; need not be unique',
  },
  {
    ...text,
    name: 'status',
    attribute: 'status',
    settable: 'never',
    label: 'Status',
    help: 'queued, saving, active, killed or deleted; set by the server',
  },
  {
    ...byServer,
    name: 'size',
    attribute: 'size',
    kind: 'count',
    settable: 'on-add',
    label: 'Size',
    help: 'Size of the data in bytes; given with data, the upload must have this size',
  },
  {
    ...byServer,
    name: 'virtual_size',
    attribute: 'virtualSize',
    kind: 'count',
    label: 'Virtual size',
    help: 'Size in bytes of the disk inside the image; set by the server',
  },
  {
    ...text,
    name: 'location',
    attribute: 'location',
    filter: false,
    label: 'Location',
    help: 'URL where the data already lies; registers it without a copy',
  },
  {
    ...text,
    name: 'disk_format',
    attribute: 'diskFormat',
    label: 'Disk format',
    help: 'Format of the disk: aki ari ami raw iso vhd vhdx vdi qcow2 vmdk ploop',
  },
  {
    ...text,
    name: 'container_format',
    attribute: 'containerFormat',
    label: 'Container format',
    help: 'Format of the container: aki ari ami bare ovf ova docker',
  },
  {
    ...text,
    name: 'min_ram',
    attribute: 'minRam',
    kind: 'count',
    label: 'Minimum Ram Required (MB)',
    help: 'Memory that an instance needs, in MiB',
  },
  {
    ...text,
    name: 'min_disk',
    attribute: 'minDisk',
    kind: 'count',
    label: 'Minimum Disk Required (GB)',
    help: 'Disk that an instance needs, in GiB',
  },
  {
    ...text,
    name: 'owner',
    attribute: 'owner',
    filter: false,
    label: 'Owner',
    help: 'Project that owns the image; for administrators',
  },
  {
    ...text,
    name: 'protected',
    attribute: 'protected',
    kind: 'boolean',
    label: 'Protected?',
    help: 'Whether the image is kept from being deleted',
  },
  {
    ...byServer,
    name: 'checksum',
    attribute: 'checksum',
    kind: 'text',
    settable: 'on-add',
    label: 'Checksum',
    help: 'MD5 of the data in hexadecimal; given with data, the upload must have this checksum',
  },
  {
    ...byServer,
    name: 'deleted',
    attribute: 'deleted',
    kind: 'boolean',
    label: 'Deleted?',
    help: 'Whether the image is deleted; set by the server',
  },
  {
    ...byServer,
    name: 'created_at',
    attribute: 'createdAt',
    kind: 'time',
    label: 'Created at',
    help: 'When the image was added (UTC); set by the server',
  },
  {
    ...byServer,
    name: 'updated_at',
    attribute: 'updatedAt',
    kind: 'time',
    label: 'Updated at',
    help: 'When the image was changed last (UTC); set by the server',
  },
  {
    ...byServer,
    name: 'deleted_at',
    attribute: 'deletedAt',
    kind: 'time',
    label: 'Deleted at',
    help: 'When the image was deleted (UTC); set by the server',
  },
]

/** Filters that are no field of an image. */
export const EXTRA_FILTERS: readonly {readonly name: string; readonly help: string}[] = [
  {name: 'size_min', help: 'At least so many bytes'},
  {name: 'size_max', help: 'At most so many bytes'},
  {name: 'changes-since', help: 'Changed since this time (ISO 8601), deleted images included'},
]

const byName = new Map(FIELDS.map(field => [field.name, field]))

/** The field of that name, or undefined for a custom property. */
export function fieldNamed(name: string): Field | undefined {
  return byName.get(name)
}
