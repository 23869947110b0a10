/** FIELDS: every attribute of an image once, with all that parsing, printing, filtering and help need. */
import type {Image} from './image.js'

/** `words` is a list: commas separate its parts where people type it. */
export type FieldKind = 'text' | 'boolean' | 'count' | 'time' | 'list'

/**
 * Who gives a field its value: the user at any time, only when the image is added, or the server. Of `size` and `checksum`
 * the user says what they must be, whenever there is data.
 */
export type Settable = 'always' | 'on-add' | 'never'

export interface Field {
  /** As users and the wire write it. */
  readonly name: string
  readonly attribute: Exclude<keyof Image, 'properties' | 'uri'>
  readonly kind: FieldKind
  readonly settable: Settable
  /** May narrow a list; a number is the version of the Image API from which it may. */
  readonly filter: boolean | 2
  /** The version of the Image API that brought the field; without it, every version has it. */
  readonly since?: 2
  /** The only values there are. */
  readonly choices?: readonly string[]
  /** What the block of `show` and `details` writes before the value. */
  readonly label: string
  readonly help: string
}

/** Who may see and use an image. */
export const VISIBILITIES = ['public', 'community', 'shared', 'private'] as const

/** What a project says to an image that is shared with it. */
export const MEMBER_STATUSES = ['accepted', 'rejected', 'pending'] as const

const textField = {kind: 'text', settable: 'always', filter: true} as const
const setByServer = {settable: 'never', filter: false} as const

/** In the order in which `show` prints them. */
export const FIELDS: readonly Field[] = [
  {
    ...textField,
    name: 'id',
    attribute: 'id',
    settable: 'on-add',
    filter: 2,
    label: 'Id',
    help: 'Identifier (a UUID); chosen by the server when it is not given',
  },
  {
    ...textField,
    name: 'is_public',
    attribute: 'isPublic',
    kind: 'boolean',
    label: 'Public?',
    help: 'Whether everybody may see and use the image',
  },
  {
    ...textField,
    name: 'visibility',
    attribute: 'visibility',
    since: 2,
    choices: VISIBILITIES,
    label: 'Visibility',
    help: 'Who may use the image: public community shared private; beats is_public (v2)',
  },
  {
    ...textField,
    name: 'name',
    attribute: 'name',
    label: 'Name',
    help: 'Name of the image, at most 255 characters; need not be unique',
  },
  {
    ...textField,
    name: 'status',
    attribute: 'status',
    settable: 'never',
    label: 'Status',
    help: 'queued, saving, active, killed, deleted; on v2 also uploading, importing, deactivated; set by the server',
  },
  {
    ...setByServer,
    name: 'size',
    attribute: 'size',
    kind: 'count',
    settable: 'always',
    label: 'Size',
    help: 'Size of the data in bytes; given with data, the upload must have this size',
  },
  {
    ...setByServer,
    name: 'virtual_size',
    attribute: 'virtualSize',
    kind: 'count',
    label: 'Virtual size',
    help: 'Size in bytes of the disk inside the image; set by the server',
  },
  {
    ...textField,
    name: 'location',
    attribute: 'location',
    filter: false,
    label: 'Location',
    help: 'URL where the data already lies; registers it without a copy',
  },
  {
    ...textField,
    name: 'disk_format',
    attribute: 'diskFormat',
    label: 'Disk format',
    help: 'Format of the disk: aki ari ami raw iso vhd vhdx vdi qcow2 vmdk ploop',
  },
  {
    ...textField,
    name: 'container_format',
    attribute: 'containerFormat',
    label: 'Container format',
    help: 'Format of the container: aki ari ami bare ovf ova docker',
  },
  {
    ...textField,
    name: 'min_ram',
    attribute: 'minRam',
    kind: 'count',
    label: 'Minimum Ram Required (MB)',
    help: 'Memory that an instance needs, in MiB',
  },
  {
    ...textField,
    name: 'min_disk',
    attribute: 'minDisk',
    kind: 'count',
    label: 'Minimum Disk Required (GB)',
    help: 'Disk that an instance needs, in GiB',
  },
  {
    ...textField,
    name: 'owner',
    attribute: 'owner',
    filter: 2,
    label: 'Owner',
    help: 'Project that owns the image; for administrators',
  },
  {
    ...textField,
    name: 'protected',
    attribute: 'protected',
    kind: 'boolean',
    label: 'Protected?',
    help: 'Whether the image is kept from being deleted',
  },
  {
    ...textField,
    name: 'tags',
    attribute: 'tags',
    kind: 'list',
    filter: false,
    since: 2,
    label: 'Tags',
    help: 'Words to find the image by, separated by commas (v2)',
  },
  {
    ...textField,
    name: 'os_hidden',
    attribute: 'osHidden',
    kind: 'boolean',
    since: 2,
    label: 'Hidden?',
    help: 'Whether lists leave the image out unless asked for hidden ones (v2)',
  },
  {
    ...setByServer,
    name: 'checksum',
    attribute: 'checksum',
    kind: 'text',
    settable: 'always',
    filter: 2,
    label: 'Checksum',
    help: 'MD5 of the data in hexadecimal; given with data, the upload must have this checksum',
  },
  {
    ...setByServer,
    name: 'os_hash_algo',
    attribute: 'osHashAlgo',
    kind: 'text',
    since: 2,
    label: 'Hash algorithm',
    help: 'How os_hash_value is computed; set by the server (v2)',
  },
  {
    ...setByServer,
    name: 'os_hash_value',
    attribute: 'osHashValue',
    kind: 'text',
    filter: 2,
    since: 2,
    label: 'Hash',
    help: 'Digest of the data in hexadecimal; set by the server (v2)',
  },
  {
    ...setByServer,
    name: 'deleted',
    attribute: 'deleted',
    kind: 'boolean',
    label: 'Deleted?',
    help: 'Whether the image is deleted; set by the server',
  },
  {
    ...setByServer,
    name: 'created_at',
    attribute: 'createdAt',
    kind: 'time',
    filter: 2,
    label: 'Created at',
    help: 'When the image was added (UTC); set by the server',
  },
  {
    ...setByServer,
    name: 'updated_at',
    attribute: 'updatedAt',
    kind: 'time',
    filter: 2,
    label: 'Updated at',
    help: 'When the image was changed last (UTC); set by the server',
  },
  {
    ...setByServer,
    name: 'deleted_at',
    attribute: 'deletedAt',
    kind: 'time',
    label: 'Deleted at',
    help: 'When the image was deleted (UTC); set by the server',
  },
]

const fieldsByName = new Map(FIELDS.map(field => [field.name, field]))

/** The field of that name, or undefined for a custom property. */
export function findField(name: string): Field | undefined {
  return fieldsByName.get(name)
}
