/** FIELDS: every attribute of an image once, with all that parsing, printing, filtering and help need. */
import type {Field, FieldRow, ImageField} from './field.js'

/** Who may see and use an image. */
export const VISIBILITIES = ['public', 'community', 'shared', 'private'] as const

/** What a project says to an image that is shared with it. */
export const MEMBER_STATUSES = ['accepted', 'rejected', 'pending'] as const

const textField = {kind: 'text', settable: 'always', filter: true, shown: 'if-set'} as const
const alwaysShown = {...textField, shown: 'always'} as const
const countField = {...alwaysShown, kind: 'count'} as const
const setByServer = {settable: 'never', filter: false, shown: 'if-set', afterProperties: true} as const
const timeField = {...setByServer, kind: 'time'} as const

/** The fields by the name that users and the wire write, in the order in which output and help list them. */
const TABLE = {
  id: {
    ...alwaysShown,
    attribute: 'id',
    settable: 'on-add',
    filter: 2,
    label: 'Id',
    help: 'Identifier (a UUID); chosen by the server when it is not given',
  },
  is_public: {
    ...alwaysShown,
    attribute: 'isPublic',
    kind: 'boolean',
    label: 'Public?',
    help: 'Whether everybody may see and use the image',
  },
  visibility: {
    ...textField,
    attribute: 'visibility',
    since: 2,
    choices: VISIBILITIES,
    label: 'Visibility',
    help: 'Who may use the image: public community shared private; beats is_public (v2)',
  },
  name: {
    ...alwaysShown,
    attribute: 'name',
    clearable: true,
    label: 'Name',
    help: 'Name of the image, at most 255 characters; need not be unique',
  },
  status: {
    ...alwaysShown,
    attribute: 'status',
    settable: 'never',
    label: 'Status',
    help: 'queued, saving, active, killed, deleted; on v2 also uploading, importing, deactivated; set by the server',
  },
  size: {
    ...countField,
    attribute: 'size',
    filter: false,
    label: 'Size',
    help: 'Size of the data in bytes; given with data, the upload must have this size',
  },
  virtual_size: {
    ...setByServer,
    attribute: 'virtualSize',
    kind: 'count',
    label: 'Virtual size',
    help: 'Size in bytes of the disk inside the image; set by the server',
  },
  location: {
    ...textField,
    attribute: 'location',
    kind: 'url',
    filter: false,
    label: 'Location',
    help: 'URL where the data already lies; registers it without a copy',
  },
  disk_format: {
    ...alwaysShown,
    attribute: 'diskFormat',
    clearable: true,
    label: 'Disk format',
    help: 'Format of the disk: aki ari ami raw iso vhd vhdx vdi qcow2 vmdk ploop',
  },
  container_format: {
    ...alwaysShown,
    attribute: 'containerFormat',
    clearable: true,
    label: 'Container format',
    help: 'Format of the container: aki ari ami bare ovf ova docker',
  },
  min_ram: {
    ...countField,
    attribute: 'minRam',
    label: 'Minimum Ram Required (MB)',
    help: 'Memory that an instance needs, in MiB',
  },
  min_disk: {
    ...countField,
    attribute: 'minDisk',
    label: 'Minimum Disk Required (GB)',
    help: 'Disk that an instance needs, in GiB',
  },
  owner: {
    ...textField,
    attribute: 'owner',
    clearable: true,
    filter: 2,
    label: 'Owner',
    help: 'Project that owns the image; for administrators',
  },
  protected: {
    ...textField,
    attribute: 'protected',
    kind: 'boolean',
    afterProperties: true,
    label: 'Protected?',
    help: 'Whether the image is kept from being deleted',
  },
  tags: {
    ...textField,
    attribute: 'tags',
    kind: 'list',
    filter: false,
    since: 2,
    afterProperties: true,
    label: 'Tags',
    help: 'Words to find the image by, separated by commas (v2)',
  },
  os_hidden: {
    ...textField,
    attribute: 'osHidden',
    kind: 'boolean',
    since: 2,
    afterProperties: true,
    shown: 'if-true',
    label: 'Hidden?',
    help: 'Whether lists leave the image out unless asked for hidden ones (v2)',
  },
  checksum: {
    ...setByServer,
    attribute: 'checksum',
    kind: 'text',
    settable: 'always',
    filter: 2,
    label: 'Checksum',
    help: 'MD5 of the data in hexadecimal; given with data, the upload must have this checksum',
  },
  os_hash_algo: {
    ...setByServer,
    attribute: 'osHashAlgo',
    kind: 'text',
    since: 2,
    label: 'Hash algorithm',
    help: 'How os_hash_value is computed; set by the server (v2)',
  },
  os_hash_value: {
    ...setByServer,
    attribute: 'osHashValue',
    kind: 'text',
    filter: 2,
    since: 2,
    label: 'Hash',
    help: 'Digest of the data in hexadecimal; set by the server (v2)',
  },
  deleted: {
    ...setByServer,
    attribute: 'deleted',
    kind: 'boolean',
    shown: 'if-true',
    label: 'Deleted?',
    help: 'Whether the image is deleted; set by the server',
  },
  created_at: {
    ...timeField,
    attribute: 'createdAt',
    filter: 2,
    label: 'Created at',
    help: 'When the image was added (UTC); set by the server',
  },
  updated_at: {
    ...timeField,
    attribute: 'updatedAt',
    filter: 2,
    label: 'Updated at',
    help: 'When the image was changed last (UTC); set by the server',
  },
  deleted_at: {
    ...timeField,
    attribute: 'deletedAt',
    label: 'Deleted at',
    help: 'When the image was deleted (UTC); set by the server',
  },
  copy_from: {
    ...textField,
    attribute: 'copyFrom',
    draftOnly: true,
    kind: 'url',
    filter: false,
    help: 'URL from which the data is copied: by the service on v1, by this tool on v2',
  },
  store: {
    ...textField,
    attribute: 'store',
    draftOnly: true,
    filter: false,
    since: 2,
    help: 'Store of the service that the data goes to; only with data (v2)',
  },
} as const satisfies Readonly<Record<string, FieldRow>>

/** A row with its literal types, from which the type of a draft follows. */
export type KnownField = (typeof TABLE)[keyof typeof TABLE]

export const FIELDS: readonly Field[] = Object.entries(TABLE).map(([name, row]) => ({name, ...row}))

/** The fields that a reply can have. */
export const IMAGE_FIELDS: readonly ImageField[] = FIELDS.filter(field => !field.draftOnly)

const fieldsByName = new Map(FIELDS.map(field => [field.name, field]))

/** The field of that name, or undefined for a custom property. */
export function findField(name: string): Field | undefined {
  return fieldsByName.get(name)
}
