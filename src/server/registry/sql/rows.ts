/** Conversions between records and rows. */
import {type RawBuilder, sql} from 'kysely'
import {createBlank} from '../../../lib/model/json-object.js'
import {COLUMN_LIST} from '../columns.js'
import type {
  ImageChanges,
  ImageLocation,
  ImageRecord,
  MemberRecord,
  MemberStatus,
  NewImage,
  TaskRecord,
  TaskStatus,
} from '../registry.js'
import type {ImageRow, MemberRow, PropertyRow, TagRow, TaskRow} from './tables.js'

type Properties = ImageRecord['properties']

/** A row of which nothing was stated. */
const INITIAL_COLUMNS = Object.fromEntries(
  COLUMN_LIST.map(({name, initial}) => [name, toColumn(initial)]),
) as ImageRow

/** The row of a new image. @param now time of creation */
export function toImageRow(image: NewImage, now: string): ImageRow {
  const visibility = image.visibility ?? (image.isPublic ? 'public' : 'shared')
  return {
    ...INITIAL_COLUMNS,
    locations: null,
    status_before: null,
    pending_since: null,
    ...toColumns(image),
    visibility,
    is_public: toFlag(visibility === 'public'),
    ...toLocationColumns(image),
    created_at: now,
    updated_at: now,
  }
}

/** The columns that change, without those whose attributes are absent. */
export function toChangedColumns(changes: ImageChanges): ChangedColumns {
  return {...toColumns(changes), ...toVisibilityColumns(changes), ...toLocationColumns(changes)}
}

function toColumns(image: Partial<ImageRecord>): Partial<ImageRow> {
  const present = COLUMN_LIST.filter(({attribute}) => image[attribute] !== undefined)
  return Object.fromEntries(present.map(({name, attribute}) => [name, toColumn(image[attribute])]))
}

function toColumn<T>(value: T): Exclude<T, boolean> | number {
  return typeof value === 'boolean' ? toFlag(value) : (value as Exclude<T, boolean>)
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

/** All locations of an image. */
export function parseLocations({
  location,
  locations,
}: Pick<ImageRow, 'location' | 'locations'>): readonly ImageLocation[] {
  if (locations !== null) return JSON.parse(locations) as ImageLocation[]
  return location === null ? [] : [{url: location, metadata: {}}]
}

/** The record of an image, whose properties and tags are in tables of their own. */
export function toImageRecord(row: ImageRow, properties: Properties, tags: readonly string[]): ImageRecord {
  return toRecord([...COLUMN_LIST.map(({name}) => row[name]), row.locations], properties, tags)
}

/** The record of an image. @param values those of `COLUMN_LIST`, and `locations` */
export function toRecord(
  values: readonly unknown[],
  properties: Properties,
  tags: readonly string[],
): ImageRecord {
  const record: Record<string, unknown> = {...BLANK_RECORD}
  for (let i = 0; i < COLUMN_LIST.length; i++) {
    const {attribute, kind} = COLUMN_LIST[i]!
    record[attribute] = kind === 'boolean' ? values[i] === 1 : values[i]
  }
  const locations = values[COLUMN_LIST.length] as ImageRow['locations']
  record['locations'] = parseLocations({location: record['location'] as ImageRow['location'], locations})
  record['properties'] = properties
  record['tags'] = tags
  return record as unknown as ImageRecord
}

const BLANK_RECORD = createBlank([
  ...COLUMN_LIST.map(({attribute}) => attribute),
  'locations',
  'properties',
  'tags',
])

/** Properties by image id. @param rows sorted by image and name */
export function groupProperties(rows: readonly PropertyRow[]): Map<string, Properties> {
  const entries = new Map<string, [string, string | null][]>()
  for (const row of rows) {
    const ofImage = entries.get(row.image_id)
    if (ofImage === undefined) entries.set(row.image_id, [[row.name, row.value]])
    else ofImage.push([row.name, row.value])
  }
  // fromEntries, because an assignment would lose a property called __proto__.
  return new Map([...entries].map(([id, ofImage]) => [id, Object.fromEntries(ofImage)]))
}

/** One row for each property of an image. */
export function toPropertyRows(imageId: string, properties: Properties): PropertyRow[] {
  return Object.entries(properties).map(([name, value]) => ({image_id: imageId, name, value}))
}

/** Tags by image id, in the order of the rows. */
export function groupTags(rows: readonly TagRow[]): Map<string, string[]> {
  const tags = new Map<string, string[]>()
  for (const {image_id: id, tag} of rows) tags.set(id, [...(tags.get(id) ?? []), tag])
  return tags
}

/** The record of a member. */
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

/** The record of a task. */
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
    holder: row.holder,
    attempts: row.attempts,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

/** A boolean as the tables store it: 0 or 1. */
export function toFlag(value: boolean): number {
  return value ? 1 : 0
}
