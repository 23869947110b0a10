/** How a record becomes a row and a row a record. */
import type {ImageChanges, ImageRecord, ImageStatus, MemberRecord, NewImage} from './registry.js'
import type {ImageRow, MemberRow, PropertyRow} from './schema.js'

type Properties = ImageRecord['properties']

export function newRow(image: NewImage, now: string): ImageRow {
  return {
    id: image.id,
    name: image.name ?? null,
    status: image.status ?? 'queued',
    is_public: flag(image.isPublic ?? false),
    protected: flag(image.protected ?? false),
    disk_format: image.diskFormat ?? null,
    container_format: image.containerFormat ?? null,
    size: image.size ?? 0,
    virtual_size: image.virtualSize ?? null,
    checksum: image.checksum ?? null,
    owner: image.owner ?? null,
    min_disk: image.minDisk ?? 0,
    min_ram: image.minRam ?? 0,
    location: image.location ?? null,
    created_at: now,
    updated_at: now,
    deleted_at: null,
    deleted: 0,
  }
}

/** The columns that change; what is absent is not among them. */
export function changedColumns(changes: ImageChanges): Partial<ImageRow> {
  return present({
    name: changes.name,
    status: changes.status,
    is_public: changes.isPublic === undefined ? undefined : flag(changes.isPublic),
    protected: changes.protected === undefined ? undefined : flag(changes.protected),
    disk_format: changes.diskFormat,
    container_format: changes.containerFormat,
    size: changes.size,
    virtual_size: changes.virtualSize,
    checksum: changes.checksum,
    owner: changes.owner,
    min_disk: changes.minDisk,
    min_ram: changes.minRam,
    location: changes.location,
  })
}

export function imageRecord(row: ImageRow, properties: Properties): ImageRecord {
  return {
    id: row.id,
    name: row.name,
    status: row.status as ImageStatus,
    isPublic: row.is_public === 1,
    protected: row.protected === 1,
    diskFormat: row.disk_format,
    containerFormat: row.container_format,
    size: row.size,
    virtualSize: row.virtual_size,
    checksum: row.checksum,
    owner: row.owner,
    minDisk: row.min_disk,
    minRam: row.min_ram,
    location: row.location,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    deletedAt: row.deleted_at,
    deleted: row.deleted === 1,
    properties,
  }
}

/** Rows of many images, in the order of their images and then of their names, as one record per image. */
export function propertiesByImage(rows: readonly PropertyRow[]): Map<string, Properties> {
  const entries = new Map<string, [string, string | null][]>()
  for (const row of rows) {
    const ofImage = entries.get(row.image_id)
    if (ofImage === undefined) entries.set(row.image_id, [[row.name, row.value]])
    else ofImage.push([row.name, row.value])
  }
  // fromEntries, for an assignment would lose a property called __proto__.
  return new Map([...entries].map(([id, ofImage]) => [id, Object.fromEntries(ofImage)]))
}

export function propertyRows(imageId: string, properties: Properties): PropertyRow[] {
  return Object.entries(properties).map(([name, value]) => ({image_id: imageId, name, value}))
}

export function memberRecord(row: MemberRow): MemberRecord {
  return {imageId: row.image_id, memberId: row.member_id, canShare: row.can_share === 1}
}

export function flag(value: boolean): number {
  return value ? 1 : 0
}

function present<T extends object>(columns: T): {[K in keyof T]?: Exclude<T[K], undefined>} {
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
}
