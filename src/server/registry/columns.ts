/** COLUMNS: every stored field of an image once, with all that tables, filters and both versions of the API need. */
import type {ImageRecord} from './image-record.js'

/** A field that has one column in the table of images; both versions of the API use the name of the column. */
export interface Column {
  readonly attribute: StoredAttribute
  readonly kind: 'text' | 'count' | 'boolean' | 'time'
  /** Value in a new record that does not state one; null also means that the column may be null. */
  readonly initial: string | number | boolean | null
  /** Use by clients of API v1; absent: the field is unknown there. */
  readonly v1?: 'read-only' | 'read-write'
  /** Use by clients of API v2; absent: the field is not part of an image there. */
  readonly v2?: 'read-only' | 'read-write' | 'on-create'
  /** Filter of API v2 for text: by one value or a list of them, or by one value. Other kinds always have a filter. */
  readonly filter?: 'list' | 'single'
  /** Members of the JSON schema of API v2; the type follows from `kind` and `initial`. */
  readonly schema?: ColumnSchema
}

export interface ColumnSchema {
  readonly description: string
  readonly enum?: readonly (string | null)[]
  /** In characters. */
  readonly maxLength?: number
}

/** Attributes that are kept in the table of images itself. */
type StoredAttribute = Exclude<keyof ImageRecord, 'locations' | 'properties' | 'tags'>

const STATUSES = 'queued saving active killed deleted uploading importing pending_delete deactivated'
const CONTAINER_FORMATS = 'ami ari aki bare ovf ova docker compressed'
const DISK_FORMATS = 'ami ari aki vhd vhdx vmdk raw qcow2 vdi iso ploop'

const text = {kind: 'text', initial: null} as const
const count = {kind: 'count', initial: 0} as const
const flag = {kind: 'boolean', initial: false} as const
const time = {kind: 'time', initial: ''} as const
const readOnly = {v1: 'read-only', v2: 'read-only'} as const
const readWrite = {v1: 'read-write', v2: 'read-write'} as const

/** In the order of the keys in API v1 (wire/v1.md#c1). */
export const COLUMNS = {
  id: {
    ...text,
    attribute: 'id',
    initial: '',
    v1: 'read-write',
    v2: 'on-create',
    filter: 'list',
    schema: {description: 'ID of the image'},
  },
  name: {
    ...text,
    ...readWrite,
    attribute: 'name',
    filter: 'list',
    schema: {description: 'Name of the image', maxLength: 255},
  },
  status: {
    ...text,
    ...readOnly,
    attribute: 'status',
    initial: 'queued',
    filter: 'list',
    schema: {description: 'Status of the image', enum: STATUSES.split(' ')},
  },
  size: {
    ...count,
    attribute: 'size',
    v1: 'read-write',
    v2: 'read-only',
    schema: {description: 'Size of the data in bytes'},
  },
  virtual_size: {
    ...count,
    ...readOnly,
    attribute: 'virtualSize',
    initial: null,
    schema: {description: 'Size of the virtual disk in bytes'},
  },
  disk_format: {
    ...text,
    ...readWrite,
    attribute: 'diskFormat',
    filter: 'list',
    schema: {description: 'Format of the disk', enum: [null, ...DISK_FORMATS.split(' ')]},
  },
  container_format: {
    ...text,
    ...readWrite,
    attribute: 'containerFormat',
    filter: 'list',
    schema: {description: 'Format of the container', enum: [null, ...CONTAINER_FORMATS.split(' ')]},
  },
  checksum: {
    ...text,
    attribute: 'checksum',
    v1: 'read-write',
    v2: 'read-only',
    filter: 'single',
    schema: {description: 'MD5 digest of the data in hexadecimal', maxLength: 32},
  },
  os_hash_algo: {
    ...text,
    attribute: 'hashAlgo',
    v2: 'read-only',
    schema: {description: 'Algorithm of os_hash_value', maxLength: 64},
  },
  os_hash_value: {
    ...text,
    attribute: 'hashValue',
    v2: 'read-only',
    filter: 'single',
    schema: {description: 'Digest of the data in hexadecimal', maxLength: 128},
  },
  owner: {
    ...text,
    ...readWrite,
    attribute: 'owner',
    filter: 'single',
    schema: {description: 'Project that owns the image', maxLength: 255},
  },
  is_public: {...flag, attribute: 'isPublic', v1: 'read-write'},
  visibility: {
    ...text,
    attribute: 'visibility',
    initial: 'shared',
    v2: 'read-write',
    schema: {
      description: 'Who may use the image',
      enum: ['community', 'public', 'private', 'shared'],
    },
  },
  os_hidden: {
    ...flag,
    attribute: 'hidden',
    v2: 'read-write',
    schema: {description: 'Hidden from lists unless os_hidden=true is given'},
  },
  protected: {
    ...flag,
    ...readWrite,
    attribute: 'protected',
    schema: {description: 'Protected from deletion'},
  },
  min_disk: {
    ...count,
    ...readWrite,
    attribute: 'minDisk',
    schema: {description: 'Disk in GiB that the image needs'},
  },
  min_ram: {
    ...count,
    ...readWrite,
    attribute: 'minRam',
    schema: {description: 'Memory in MiB that the image needs'},
  },
  location: {...text, attribute: 'location'},
  arriving: {...text, attribute: 'arriving'},
  holder: {...text, attribute: 'holder'},
  if_broken: {...text, attribute: 'onFailure', initial: 'killed'},
  attempts: {...count, attribute: 'attempts'},
  created_at: {
    ...time,
    ...readOnly,
    attribute: 'createdAt',
    schema: {description: 'Time at which the image was created'},
  },
  updated_at: {
    ...time,
    ...readOnly,
    attribute: 'updatedAt',
    schema: {description: 'Time of the last change of the image'},
  },
  deleted: {...flag, attribute: 'deleted', v1: 'read-only'},
  deleted_at: {...time, attribute: 'deletedAt', initial: null, v1: 'read-only'},
} as const satisfies Readonly<Record<string, Column>>

export type ColumnName = keyof typeof COLUMNS

/** A row with its name. */
export interface NamedColumn extends Column {
  readonly name: ColumnName
}

export const COLUMN_LIST: readonly NamedColumn[] = Object.entries(COLUMNS).map(([name, column]) => ({
  ...column,
  name: name as ColumnName,
}))

/** Names of the columns whose rows have these members. */
export type ColumnsWith<Members> = {
  [C in ColumnName]: (typeof COLUMNS)[C] extends Members ? C : never
}[ColumnName]

/** The names of the columns whose rows have these members, in the order of the table. */
export function columnsWith<const Members extends Partial<Column>>(
  members: Members,
): readonly ColumnsWith<Members>[] {
  const wanted = Object.entries(members) as [keyof Column, unknown][]
  const found = COLUMN_LIST.filter(column => wanted.every(([key, value]) => column[key] === value))
  return found.map(({name}) => name as ColumnsWith<Members>)
}

interface ValueTypes {
  readonly text: string
  readonly count: number
  readonly boolean: boolean
  readonly time: string
}

/** Type of the values of a column by its kind alone: what clients send before it is checked. */
export type ValueOf<C extends ColumnName> = ValueTypes[(typeof COLUMNS)[C]['kind']]

/** The attribute of a record that a column stores. */
export type AttributeOf<C extends ColumnName> = (typeof COLUMNS)[C]['attribute']
