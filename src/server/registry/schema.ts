/** The tables of the registry as the queries see them. */

/** Columns are named as on the wire; booleans are 0 or 1, which every engine can bind. */
export interface ImageRow {
  id: string
  name: string | null
  status: string
  is_public: number
  protected: number
  disk_format: string | null
  container_format: string | null
  size: number
  virtual_size: number | null
  checksum: string | null
  owner: string | null
  min_disk: number
  min_ram: number
  location: string | null
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
}

export interface Tables {
  images: ImageRow
  image_properties: PropertyRow
  image_members: MemberRow
}
