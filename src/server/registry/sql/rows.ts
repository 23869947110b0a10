/** How a record becomes a row and a row a record. */
import {type RawBuilder, sql} from 'kysely'
import type {
  ImageChanges,
  ImageLocation,
  ImageRecord,
  ImageStatus,
  MemberRecord,
  MemberStatus,
  NewImage,
  TaskRecord,
  TaskStatus,
  Visibility,
} from '../registry.js'
import type {ImageRow, MemberRow, PropertyRow, TagRow, TaskRow} from './tables.js'

type Properties = ImageRecord['properties']

export function toImageRow(image: NewImage, now: string): ImageRow {
  const visibility = image.visibility ?? (image.isPublic ? 'public' : 'shared')
  return {
    id: image.id,
    name: image.name ?? null,
    status: image.status ?? 'queued',
    is_public: toFlag(visibility === 'public'),
    visibility,
    os_hidden: toFlag(image.hidden ?? false),
    protected: toFlag(image.protected ?? false),
    disk_format: image.diskFormat ?? null,
    container_format: image.containerFormat ?? null,
    size: image.size ?? 0,
    virtual_size: image.virtualSize ?? null,
    checksum: image.checksum ?? null,
    os_hash_algo: image.hashAlgo ?? null,
    os_hash_value: image.hashValue ?? null,
    owner: image.owner ?? null,
    min_disk: image.minDisk ?? 0,
    min_ram: image.minRam ?? 0,
    location: null,
    locations: null,
    ...toLocationColumns(image),
    if_broken: image.onFailure ?? 'killed',
    created_at: now,
    updated_at: now,
    deleted_at: null,
    deleted: 0,
  }
}

/** The columns that change; what is absent is not among them. */
export function toChangedColumns(changes: ImageChanges): ChangedColumns {
  return omitUndefined({
    name: changes.name,
    status: changes.status,
    ...toVisibilityColumns(changes),
    os_hidden: changes.hidden === undefined ? undefined : toFlag(changes.hidden),
    protected: changes.protected === undefined ? undefined : toFlag(changes.protected),
    disk_format: changes.diskFormat,
    container_format: changes.containerFormat,
    size: changes.size,
    virtual_size: changes.virtualSize,
    checksum: changes.checksum,
    os_hash_algo: changes.hashAlgo,
    os_hash_value: changes.hashValue,
    owner: changes.owner,
    min_disk: changes.minDisk,
    min_ram: changes.minRam,
    ...toLocationColumns(changes),
    if_broken: changes.onFailure,
  })
}

type ChangedColumns = {[K in keyof ImageRow]?: ImageRow[K] | RawBuilder<ImageRow[K]>}

function toVisibilityColumns({visibility, isPublic}: ImageChanges): ChangedColumns {
  const wanted = visibility ?? (isPublic ? 'public' : undefined)
  if (wanted !== undefined) return {visibility: wanted, is_public: toFlag(wanted === 'public')}
  if (isPublic === undefined) return {}
  const shared = sql<string>`case when visibility = 'public' then 'shared' else visibility end`
  return {visibility: shared, is_public: 0}
}

function toLocationColumns({location, locations}: Partial<ImageRecord>): Partial<ImageRow> {
  if (locations === undefined) return location === undefined ? {} : {location, locations: null}
  const [first] = locations
  const isPlain = locations.length < 2 && Object.keys(first?.metadata ?? {}).length === 0
  return {location: first?.url ?? null, locations: isPlain ? null : JSON.stringify(locations)}
}

function parseLocations({location, locations}: ImageRow): readonly ImageLocation[] {
  if (locations !== null) return JSON.parse(locations) as ImageLocation[]
  return location === null ? [] : [{url: location, metadata: {}}]
}

export function toImageRecord(row: ImageRow, properties: Properties, tags: readonly string[]): ImageRecord {
  return {
    id: row.id,
    name: row.name,
    status: row.status as ImageStatus,
    isPublic: row.is_public === 1,
    visibility: row.visibility as Visibility,
    hidden: row.os_hidden === 1,
    protected: row.protected === 1,
    diskFormat: row.disk_format,
    containerFormat: row.container_format,
    size: row.size,
    virtualSize: row.virtual_size,
    checksum: row.checksum,
    hashAlgo: row.os_hash_algo,
    hashValue: row.os_hash_value,
    owner: row.owner,
    minDisk: row.min_disk,
    minRam: row.min_ram,
    location: row.location,
    locations: parseLocations(row),
    onFailure: row.if_broken as ImageRecord['onFailure'],
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    deletedAt: row.deleted_at,
    deleted: row.deleted === 1,
    properties,
    tags,
  }
}

/** Rows of many images, in the order of their images and then of their names, as one record per image. */
export function groupProperties(rows: readonly PropertyRow[]): Map<string, Properties> {
  const entries = new Map<string, [string, string | null][]>()
  for (const row of rows) {
    const ofImage = entries.get(row.image_id)
    if (ofImage === undefined) entries.set(row.image_id, [[row.name, row.value]])
    else ofImage.push([row.name, row.value])
  }
  // fromEntries, for an assignment would lose a property called __proto__.
  return new Map([...entries].map(([id, ofImage]) => [id, Object.fromEntries(ofImage)]))
}

export function toPropertyRows(imageId: string, properties: Properties): PropertyRow[] {
  return Object.entries(properties).map(([name, value]) => ({image_id: imageId, name, value}))
}

/** Tags of many images as one list per image, in the order of the rows. */
export function groupTags(rows: readonly TagRow[]): Map<string, string[]> {
  const tags = new Map<string, string[]>()
  for (const {image_id: id, tag} of rows) tags.set(id, [...(tags.get(id) ?? []), tag])
  return tags
}

export function toMemberRecord(row: MemberRow): MemberRecord {
  return {
    imageId: row.image_id,
    memberId: row.member_id,
    canShare: row.can_share === 1,
    status: row.status as MemberStatus,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

export function toTaskRecord(row: TaskRow): TaskRecord {
  return {
    id: row.id,
    imageId: row.image_id,
    type: row.type,
    status: row.status as TaskStatus,
    owner: row.owner,
    userId: row.user_id,
    requestId: row.request_id,
    input: row.input,
    message: row.message,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

export function toFlag(value: boolean): number {
  return value ? 1 : 0
}

function omitUndefined<T extends object>(columns: T): {[K in keyof T]?: Exclude<T[K], undefined>} {
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
}
