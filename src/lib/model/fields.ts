/** FIELDS: every attribute of an image once, with what parsing, printing, filtering and help require. */
import type {Field} from './field.js'

/** Values of `visibility`. */
export const VISIBILITIES = ['public', 'community', 'shared', 'private'] as const

/** Values of a membership status. */
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
    help: 'ID (a UUID); chosen by the service if not given',
    filterHelp: 'Image with this ID (v2)',
  },
  {
    ...textField,
    name: 'is_public',
    attribute: 'isPublic',
    kind: 'boolean',
    label: 'Public?',
    help: 'Public: everyone may see and use the image (true or false)',
    filterHelp: 'true: public images; false: images that are not public; none: both',
  },
  {
    ...textField,
    name: 'visibility',
    attribute: 'visibility',
    since: 2,
    choices: VISIBILITIES,
    label: 'Visibility',
    help: 'Visibility: public, community, shared or private; overrides is_public (v2)',
    filterHelp: 'Images of this visibility: public, community, shared or private (v2)',
  },
  {
    ...textField,
    name: 'name',
    attribute: 'name',
    label: 'Name',
    help: 'Name, at most 255 characters; need not be unique',
    filterHelp: 'Images with this name',
  },
  {
    ...textField,
    name: 'status',
    attribute: 'status',
    settable: 'never',
    label: 'Status',
    help: 'Status: queued, saving, active, killed, deleted; on v2 also uploading, importing, deactivated',
    filterHelp:
      'Images with this status: queued, saving, active, killed, deleted; on v2 also uploading, importing, deactivated',
  },
  {
    ...setByServer,
    name: 'size',
    attribute: 'size',
    kind: 'count',
    settable: 'always',
    label: 'Size',
    help: 'Size in bytes; an upload must have this size',
  },
  {
    ...setByServer,
    name: 'virtual_size',
    attribute: 'virtualSize',
    kind: 'count',
    label: 'Virtual size',
    help: 'Size of the virtual disk in bytes',
  },
  {
    ...textField,
    name: 'location',
    attribute: 'location',
    filter: false,
    label: 'Location',
    help: 'URL of existing data; registered without copying it',
  },
  {
    ...textField,
    name: 'disk_format',
    attribute: 'diskFormat',
    label: 'Disk format',
    help: 'Disk format: aki, ari, ami, raw, iso, vhd, vhdx, vdi, qcow2, vmdk or ploop',
    filterHelp: 'Images of this disk format',
  },
  {
    ...textField,
    name: 'container_format',
    attribute: 'containerFormat',
    label: 'Container format',
    help: 'Container format: aki, ari, ami, bare, ovf, ova or docker',
    filterHelp: 'Images of this container format',
  },
  {
    ...textField,
    name: 'min_ram',
    attribute: 'minRam',
    kind: 'count',
    label: 'Minimum Ram Required (MB)',
    help: 'Minimum memory of an instance, in MiB',
    filterHelp: 'Images with this minimum memory, in MiB',
  },
  {
    ...textField,
    name: 'min_disk',
    attribute: 'minDisk',
    kind: 'count',
    label: 'Minimum Disk Required (GB)',
    help: 'Minimum disk of an instance, in GiB',
    filterHelp: 'Images with this minimum disk, in GiB',
  },
  {
    ...textField,
    name: 'owner',
    attribute: 'owner',
    filter: 2,
    label: 'Owner',
    help: 'Project that owns the image (administrators only)',
    filterHelp: 'Images of this project (v2)',
  },
  {
    ...textField,
    name: 'protected',
    attribute: 'protected',
    kind: 'boolean',
    label: 'Protected?',
    help: 'Protected from deletion (true or false)',
    filterHelp: 'Protected images (true) or all others (false)',
  },
  {
    ...textField,
    name: 'tags',
    attribute: 'tags',
    kind: 'list',
    filter: false,
    since: 2,
    label: 'Tags',
    help: 'Tags, separated by commas (v2)',
  },
  {
    ...textField,
    name: 'os_hidden',
    attribute: 'osHidden',
    kind: 'boolean',
    since: 2,
    label: 'Hidden?',
    help: 'Hidden from lists unless os_hidden=true is given (v2)',
    filterHelp: 'true: hidden images instead of visible ones (v2)',
  },
  {
    ...setByServer,
    name: 'checksum',
    attribute: 'checksum',
    kind: 'text',
    settable: 'always',
    filter: 2,
    label: 'Checksum',
    help: 'MD5 checksum in hexadecimal; an upload must have this checksum',
    filterHelp: 'Images with this MD5 checksum (v2)',
  },
  {
    ...setByServer,
    name: 'os_hash_algo',
    attribute: 'osHashAlgo',
    kind: 'text',
    since: 2,
    label: 'Hash algorithm',
    help: 'Hash algorithm of os_hash_value (v2)',
  },
  {
    ...setByServer,
    name: 'os_hash_value',
    attribute: 'osHashValue',
    kind: 'text',
    filter: 2,
    since: 2,
    label: 'Hash',
    help: 'Digest of the data in hexadecimal (v2)',
    filterHelp: 'Images with this digest (v2)',
  },
  {
    ...setByServer,
    name: 'deleted',
    attribute: 'deleted',
    kind: 'boolean',
    label: 'Deleted?',
    help: 'Deleted (true or false)',
  },
  {
    ...setByServer,
    name: 'created_at',
    attribute: 'createdAt',
    kind: 'time',
    filter: 2,
    label: 'Created at',
    help: 'Time of creation (UTC)',
    filterHelp: 'Created at this time, or gte:, gt:, lte:, lt: a time (v2)',
  },
  {
    ...setByServer,
    name: 'updated_at',
    attribute: 'updatedAt',
    kind: 'time',
    filter: 2,
    label: 'Updated at',
    help: 'Time of the last change (UTC)',
    filterHelp: 'Changed at this time, or gte:, gt:, lte:, lt: a time (v2)',
  },
  {
    ...setByServer,
    name: 'deleted_at',
    attribute: 'deletedAt',
    kind: 'time',
    label: 'Deleted at',
    help: 'Time of deletion (UTC)',
  },
]

const fieldsByName = new Map(FIELDS.map(field => [field.name, field]))

/** The field of that name, or undefined for a custom property. */
export function findField(name: string): Field | undefined {
  return fieldsByName.get(name)
}
