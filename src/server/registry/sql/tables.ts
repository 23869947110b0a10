/** The tables of the registry as the queries see them. */
import type {Generated, Kysely, Transaction} from 'kysely'
import type {COLUMNS, ColumnName} from '../columns.js'

type ColumnType<C extends ColumnName> =
  | ((typeof COLUMNS)[C]['kind'] extends 'text' | 'time' ? string : number)
  | ((typeof COLUMNS)[C]['initial'] extends null ? null : never)

/** Columns are named as on the wire; booleans are 0 or 1, which every engine can bind. */
export type ImageRow = {[C in ColumnName]: ColumnType<C>} & {
  /** JSON of all locations, unless the image has one without metadata, which `location` alone describes. */
  locations: string | null
  /** Status before a deletion that keeps the data, and seconds since 1970 then by the clock of the database; else null. */
  status_before: string | null
  pending_since: number | null
}

export interface PropertyRow {
  image_id: string
  name: string
  value: string | null
}

export interface MemberRow {
  image_id: string
  member_id: string
  can_share: number
  status: string
  created_at: string
  updated_at: string
}

export interface TagRow {
  image_id: string
  tag: string
}

export interface TaskRow {
  id: string
  image_id: string
  type: string
  status: string
  owner: string | null
  user_id: string | null
  request_id: string
  input: string
  message: string
  created_at: string
  updated_at: string
  holder: string | null
  attempts: number
}

/** Data that no image uses, until it is deleted. */
export interface UnusedDataRow {
  location: string
}

/** An image whose row was purged some time after its deletion. */
export interface PurgedImageRow {
  id: string
}

/** A process of the service; times are seconds since 1970 by the clock of the database. */
export interface ProcessRow {
  id: string
  host: string
  pid: number
  started_at: number
  heartbeat_at: number
  folders: string | null
  /** 1 while it searches the stores for unused data, and while it sends events. */
  sweeping: Generated<number>
  sending: Generated<number>
}

/** An event that waits until it is sent. */
export interface EventRow {
  /** Grows with each event. */
  sequence: Generated<number>
  id: string
  type: string
  priority: string
  publisher: string
  /** JSON. */
  payload: string
  created_at: string
}

export interface NamespaceRow {
  id: string
  namespace: string
  display_name: string | null
  description: string | null
  visibility: string
  protected: number
  owner: string | null
  created_at: string
  updated_at: string | null
}

/** An object, a property, a tag, or an association with a type of resources, whose body is JSON. */
export interface DefinitionRow {
  namespace_id: string
  kind: string
  name: string
  body: string
  created_at: string
  updated_at: string | null
}

export interface ResourceTypeRow {
  name: string
  created_at: string
  updated_at: string | null
}

export interface Tables {
  images: ImageRow
  image_properties: PropertyRow
  image_members: MemberRow
  image_tags: TagRow
  tasks: TaskRow
  unused_data: UnusedDataRow
  purged_images: PurgedImageRow
  processes: ProcessRow
  metadef_namespaces: NamespaceRow
  metadef_definitions: DefinitionRow
  metadef_resource_types: ResourceTypeRow
  events: EventRow
}

export type Database = Kysely<Tables>

export type Trx = Transaction<Tables>
