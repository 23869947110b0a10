/** FIELDS: every attribute of an image once, with the data for parsing, printing, filtering and help. */
import type {Field, FieldRow, ImageField} from './field.js'
import {CONTAINER_FORMATS, DISK_FORMATS, STATUSES, VISIBILITIES} from './image.js'

const joinWords = (words: readonly string[]) => `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
const textField = {kind: 'text', settable: 'always', filter: true, shown: 'if-set'} as const
const alwaysShown = {...textField, shown: 'always'} as const
const countField = {...alwaysShown, kind: 'count'} as const
const setByServer = {settable: 'never', filter: false, shown: 'if-set', afterProperties: true} as const
const digestField = {kind: 'text', settable: 'always', filter: false, draftOnly: true, isLocal: true} as const
const serverList = {...setByServer, kind: 'list', since: 2} as const
const timeField = {...setByServer, kind: 'time'} as const

/** The fields by their name in arguments and on the wire. */
const TABLE = {
  id: {
    ...alwaysShown,
    attribute: 'id',
    settable: 'on-add',
    filter: 2,
    label: 'Id',
    help: 'ID (a UUID); chosen by the service if not given',
    filterHelp: 'Image with this ID (v2)',
  },
  is_public: {
    ...alwaysShown,
    attribute: 'isPublic',
    kind: 'boolean',
    label: 'Public?',
    help: 'Public: everyone may see and use the image (true or false)',
    filterHelp: 'true: public images; false: images that are not public; none: both',
  },
  visibility: {
    ...textField,
    attribute: 'visibility',
    since: 2,
    choices: VISIBILITIES,
    label: 'Visibility',
    help: 'Visibility: public, community, shared or private; overrides is_public (v2)',
    filterHelp: 'Images of this visibility: public, community, shared or private (v2)',
  },
  name: {
    ...alwaysShown,
    attribute: 'name',
    clearable: true,
    label: 'Name',
    help: 'Name, at most 255 characters; need not be unique',
    filterHelp: 'Images with this name',
  },
  status: {
    ...alwaysShown,
    attribute: 'status',
    settable: 'never',
    known: STATUSES,
    label: 'Status',
    help: 'Status: queued, saving, active, killed, deleted; on v2 also uploading, importing, deactivated',
    filterHelp:
      'Images with this status: queued, saving, active, killed, deleted; on v2 also uploading, importing, deactivated',
  },
  size: {
    ...countField,
    attribute: 'size',
    label: 'Size',
    help: 'Size in bytes; an upload must have this size',
    filterHelp: "Images of this size in bytes; also compared: 'size>=1GiB'",
  },
  virtual_size: {
    ...setByServer,
    attribute: 'virtualSize',
    kind: 'count',
    label: 'Virtual size',
    help: 'Size of the virtual disk in bytes',
  },
  location: {
    ...textField,
    attribute: 'location',
    kind: 'url',
    filter: false,
    label: 'Location',
    help: 'URL of existing data; registered without copying it',
  },
  locations: {
    ...serverList,
    attribute: 'locations',
    label: 'Locations',
    help: 'URLs of the data in all stores, where the service shows them (v2)',
  },
  disk_format: {
    ...alwaysShown,
    attribute: 'diskFormat',
    clearable: true,
    known: DISK_FORMATS,
    label: 'Disk format',
    help: `Disk format: ${joinWords(DISK_FORMATS)}`,
    filterHelp: 'Images of this disk format',
  },
  container_format: {
    ...alwaysShown,
    attribute: 'containerFormat',
    clearable: true,
    known: CONTAINER_FORMATS,
    label: 'Container format',
    help: `Container format: ${joinWords(CONTAINER_FORMATS)}`,
    filterHelp: 'Images of this container format',
  },
  min_ram: {
    ...countField,
    attribute: 'minRam',
    label: 'Minimum Ram Required (MB)',
    help: 'Minimum memory of an instance, in MiB',
    filterHelp: 'Images with this minimum memory, in MiB',
  },
  min_disk: {
    ...countField,
    attribute: 'minDisk',
    label: 'Minimum Disk Required (GB)',
    help: 'Minimum disk of an instance, in GiB',
    filterHelp: 'Images with this minimum disk, in GiB',
  },
  owner: {
    ...textField,
    attribute: 'owner',
    clearable: true,
    filter: 2,
    label: 'Owner',
    help: 'Project that owns the image (administrators only)',
    filterHelp: 'Images of this project (v2)',
  },
  protected: {
    ...textField,
    attribute: 'protected',
    kind: 'boolean',
    afterProperties: true,
    label: 'Protected?',
    help: 'Protected from deletion (true or false)',
    filterHelp: 'Protected images (true) or all others (false)',
  },
  tags: {
    ...textField,
    attribute: 'tags',
    kind: 'list',
    filter: false,
    since: 2,
    afterProperties: true,
    label: 'Tags',
    help: 'Tags, separated by commas (v2)',
  },
  os_hidden: {
    ...textField,
    attribute: 'osHidden',
    kind: 'boolean',
    since: 2,
    afterProperties: true,
    shown: 'if-true',
    label: 'Hidden?',
    help: 'Hidden from lists unless os_hidden=true is given (v2)',
    filterHelp: 'true: hidden images instead of visible ones (v2)',
  },
  stores: {...serverList, attribute: 'stores', label: 'Stores', help: 'Stores that have the data (v2)'},
  checksum: {
    ...setByServer,
    attribute: 'checksum',
    kind: 'text',
    settable: 'always',
    filter: 2,
    label: 'Checksum',
    help: 'MD5 checksum in hexadecimal; an upload must have it. Also written md5=',
    filterHelp: 'Images with this MD5 checksum (v2)',
  },
  os_hash_algo: {
    ...setByServer,
    attribute: 'osHashAlgo',
    kind: 'text',
    since: 2,
    label: 'Hash algorithm',
    help: 'Hash algorithm of os_hash_value (v2)',
  },
  os_hash_value: {
    ...setByServer,
    attribute: 'osHashValue',
    kind: 'text',
    filter: 2,
    since: 2,
    label: 'Hash',
    help: 'Digest of the data in hexadecimal (v2)',
    filterHelp: 'Images with this digest (v2)',
  },
  deleted: {
    ...setByServer,
    attribute: 'deleted',
    kind: 'boolean',
    shown: 'if-true',
    label: 'Deleted?',
    help: 'Deleted (true or false)',
  },
  created_at: {
    ...timeField,
    attribute: 'createdAt',
    filter: true,
    label: 'Created at',
    help: 'Time of creation (UTC)',
    filterHelp: "Images that were created at this time; also compared: 'created_at<-30d'",
  },
  updated_at: {
    ...timeField,
    attribute: 'updatedAt',
    filter: true,
    label: 'Updated at',
    help: 'Time of the last change (UTC)',
    filterHelp: "Images that were last changed at this time; also compared: 'updated_at>=-12h'",
  },
  deleted_at: {...timeField, attribute: 'deletedAt', label: 'Deleted at', help: 'Time of deletion (UTC)'},
  copy_from: {
    ...textField,
    attribute: 'copyFrom',
    draftOnly: true,
    kind: 'url',
    filter: false,
    help: 'URL to copy the data from; copied by the service on v1, by this tool on v2',
  },
  sha256: {...digestField, attribute: 'sha256', help: 'SHA-256 of the data; an upload must have it'},
  sha512: {...digestField, attribute: 'sha512', help: 'SHA-512 of the data; an upload must have it'},
  store: {
    ...textField,
    attribute: 'store',
    draftOnly: true,
    filter: false,
    help: 'Store to upload the data to; only with data',
  },
} as const satisfies Readonly<Record<string, FieldRow>>

/** A row with its literal types, from which the type of a draft follows. */
export type KnownField = (typeof TABLE)[keyof typeof TABLE]

/** All fields, in the order of output and help. */
export const FIELDS: readonly Field[] = Object.entries(TABLE).map(([name, row]) => ({name, ...row}))

/** The fields that a reply can have. */
export const IMAGE_FIELDS: readonly ImageField[] = FIELDS.filter(field => !field.draftOnly)

const fieldsByName = new Map(FIELDS.map(field => [field.name, field]))

/** The field of that name, or undefined for a custom property. */
export function findField(name: string): Field | undefined {
  return fieldsByName.get(name)
}
