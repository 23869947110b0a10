/** The documented records: for each kind the fields with their types, and the columns that tables show. */
import type {FieldKind} from '../../model/field.js'
import {IMAGE_FIELDS} from '../../model/fields.js'

/** A documented field of a record. */
export interface RecordField {
  readonly name: string
  /** A `map` is an object of texts. */
  readonly type: FieldKind | 'map'
  /** The field can be null. */
  readonly nullable: boolean
  /** The field is absent where it says nothing; any other is always there. */
  readonly isOptional?: true
  /** The value where the service does not have the field; null unless given. */
  readonly fallback?: unknown
  readonly help: string
}

/** A kind of record that commands print. */
export interface RecordKind {
  /** Name of its JSON Schema in `docs/schema/`. */
  readonly name: string
  readonly title: string
  readonly fields: readonly RecordField[]
  /** The columns of tables, CSV, TSV and values, unless others are chosen. */
  readonly columns: readonly string[]
  /** The field that --quiet prints; absent for records without an id. */
  readonly id?: string
}

type FieldSpec = Omit<RecordField, 'name' | 'nullable'> & {readonly nullable?: boolean}

/** The fields by name; a field can be null unless it says otherwise. */
function listFields(specs: Readonly<Record<string, FieldSpec>>): readonly RecordField[] {
  return Object.entries(specs).map(([name, spec]) => ({nullable: true, ...spec, name}))
}

const text = (help: string): FieldSpec => ({type: 'text', help})
const required = (help: string): FieldSpec => ({type: 'text', help, nullable: false})
const flag = (help: string): FieldSpec => ({type: 'boolean', help, nullable: false})
/** A flag that is true, or absent. */
const sign = (help: string): FieldSpec => ({...flag(help), isOptional: true})

/** Without the parts that are about arguments, filters and versions. */
const shortHelp = (help: string) => help.split(/[;(]/)[0]?.trim() ?? ''

const imageFields: readonly RecordField[] = [
  ...listFields({uri: required('URL of the image at the service')}),
  ...IMAGE_FIELDS.map(({name, kind, help}) => ({
    name,
    type: kind,
    nullable: !['id', 'status', 'tags'].includes(name),
    // An image of version 1 has no tags; which stores have it is not known.
    ...(name === 'tags' && {fallback: []}),
    help: shortHelp(help),
  })),
  ...listFields({
    properties: {type: 'map', help: 'Custom properties', nullable: false, fallback: {}},
  }),
]

const BRIEF = ['id', 'name', 'disk_format', 'container_format', 'size', 'status']

/** The fields of images that the brief list of every version has. */
export const BRIEF_FIELDS = ['id', 'uri', 'name', 'disk_format', 'container_format', 'size', 'checksum']

/** An image with all its metadata. */
export const IMAGE: RecordKind = {
  name: 'image',
  title: 'An image',
  fields: imageFields,
  columns: BRIEF,
  id: 'id',
}

/** An image, and whether it was added. */
export const ADDED_IMAGE: RecordKind = {
  ...IMAGE,
  name: 'added-image',
  title: 'An image that was added, or that had the data already',
  fields: [...imageFields, ...listFields({added: flag('False for an image that existed (--if-absent)')})],
}

/** An image at the target of a copy, and where it is from. */
export const COPIED_IMAGE: RecordKind = {
  ...IMAGE,
  name: 'copied-image',
  title: 'An image at the target of a copy',
  fields: [
    ...imageFields,
    ...listFields({
      copied: flag('False for an image that the target had already (--if-absent)'),
      source_id: required('ID of the image that was copied'),
      target: required('Cloud, region or URL that it was copied to'),
    }),
  ],
}

export const DELETED_IMAGE: RecordKind = {
  name: 'deleted-image',
  title: 'An image that was deleted',
  fields: listFields({
    id: required('ID of the image'),
    name: text('Name, where it was looked up'),
    deleted: flag('Always true'),
  }),
  columns: ['id', 'name', 'deleted'],
  id: 'id',
}

export const DOWNLOADED_IMAGE: RecordKind = {
  name: 'downloaded-image',
  title: 'An image that was downloaded into a file',
  fields: listFields({id: required('ID of the image'), file: required('Path of the file')}),
  columns: ['id', 'file'],
  id: 'id',
}

export const IMAGE_STATUS: RecordKind = {
  name: 'image-status',
  title: 'An image, and the status that it has now',
  fields: listFields({
    id: text('ID of the image; null for a name that no image has'),
    name: text('Name'),
    status: required('Status'),
  }),
  columns: ['id', 'name', 'status'],
  id: 'id',
}

const memberFields = {
  image_id: required('ID of the image'),
  member_id: required('ID of the project'),
  can_share: {...flag('The project may share the image further (v1)'), nullable: true},
  status: text('Status of the membership: accepted, rejected or pending (v2)'),
}

/** A project that an image is shared with. */
export const MEMBER: RecordKind = {
  name: 'member',
  title: 'A project that an image is shared with',
  fields: listFields(memberFields),
  columns: ['image_id', 'member_id', 'can_share', 'status'],
  id: 'member_id',
}

/** The same, listed for a project. */
export const SHARED_IMAGE: RecordKind = {...MEMBER, id: 'image_id'}

export const CHANGED_MEMBER: RecordKind = {
  ...MEMBER,
  name: 'changed-member',
  title: 'A change of the members of an image',
  fields: listFields({
    ...memberFields,
    visibility: {...text('Visibility that the image was given for it'), nullable: false, isOptional: true},
    added: sign('The member was added'),
    replaced: sign('All other members were removed'),
    deleted: sign('The member was removed'),
  }),
}

/** A store of the service. */
export const STORE: RecordKind = {
  name: 'store',
  title: 'A store of the service',
  fields: listFields({
    id: required('ID of the store'),
    description: text('Description'),
    default: flag('Uploads go to this store unless they name another'),
    read_only: flag('The store takes no data'),
    type: text('Kind of store; only administrators see it'),
  }),
  columns: ['id', 'default', 'read_only', 'type', 'description'],
  id: 'id',
}

/** The data of an image in a store. */
export const IMAGE_STORE: RecordKind = {
  name: 'image-store',
  title: 'A change of the data of an image in a store',
  fields: listFields({
    image_id: required('ID of the image'),
    store: required('ID of the store'),
    copied: {...sign('False for a store that had the data already')},
    deleted: sign('The data was deleted from the store'),
  }),
  columns: ['image_id', 'store'],
  id: 'image_id',
}

/** A task of the service. */
export const TASK: RecordKind = {
  name: 'task',
  title: 'A task of the service',
  fields: listFields({
    id: required('ID of the task'),
    type: text('Kind of task; api_image_import for all imports'),
    status: required('pending, processing, success or failure'),
    image_id: text('ID of the image'),
    method: text('Method of the import'),
    stores: {type: 'list', help: 'Stores that the import is for', nullable: false},
    owner: text('ID of the project'),
    message: text('Reason of a failure'),
    created_at: {type: 'time', help: 'Time of creation'},
    updated_at: {type: 'time', help: 'Time of the last change'},
    expires_at: {type: 'time', help: 'Time at which the service forgets the task'},
  }),
  columns: ['id', 'method', 'stores', 'status', 'created_at', 'message'],
  id: 'id',
}

/** A quota of a project. */
export const QUOTA: RecordKind = {
  name: 'quota',
  title: 'A quota of the project, and its use',
  fields: listFields({
    name: required('Name of the quota: sizes are in MiB'),
    usage: {type: 'count', help: 'Amount that is used', nullable: false},
    limit: {type: 'count', help: 'Largest amount; null for no limit'},
  }),
  columns: ['name', 'usage', 'limit'],
}

export const SETTING: RecordKind = {
  name: 'setting',
  title: 'A setting in effect',
  fields: listFields({
    name: required('Name of the setting'),
    value: required('Value; secrets are masked'),
    source: required('The flag, variable or file that it comes from'),
  }),
  columns: ['name', 'value', 'source'],
}
