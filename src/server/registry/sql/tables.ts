/** The tables of the registry as the queries see them. */
import type {Kysely, Transaction} from 'kysely'

/** Columns are named as on the wire; booleans are 0 or 1, which every engine can bind. */
export interface ImageRow {
  id: string
  name: string | null
  status: string
  /** 1 when `visibility` is public; kept beside it for the indexes that end with it. */
  is_public: number
  visibility: string
  os_hidden: number
  protected: number
  disk_format: string | null
  container_format: string | null
  size: number
  virtual_size: number | null
  checksum: string | null
  os_hash_algo: string | null
  os_hash_value: string | null
  owner: string | null
  min_disk: number
  min_ram: number
  location: string | null
  /** JSON of all locations where there is more to say than the one URL. */
  locations: string | null
  if_broken: string
  created_at: string
  updated_at: string
  deleted_at: string | null
  deleted: number
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
}

export interface Tables {
  images: ImageRow
  image_properties: PropertyRow
  image_members: MemberRow
  image_tags: TagRow
  tasks: TaskRow
}

export type Database = Kysely<Tables>

export type Trx = Transaction<Tables>
