/**
 * Reads images with their properties and tags in one statement, whose result is one JSON text: the drivers of databases take
 * time for each value.
 */
import {type RawBuilder, type SelectQueryBuilder, sql} from 'kysely'
import {COLUMN_LIST} from '../../columns.js'
import type {ImageRecord} from '../../registry.js'
import {toRecord} from '../rows.js'
import type {Database, Tables} from '../tables.js'

/** The functions of an engine that make JSON. */
export interface JsonFunctions {
  /** An array of its arguments, one of the values of all rows, and an object of the names and values of all rows. */
  readonly array: string
  readonly collect: string
  readonly collectPairs: string
  /** JSON as text, and text as JSON. */
  readonly toText: (json: RawBuilder<unknown>) => RawBuilder<string>
  readonly fromText: (text: RawBuilder<string>) => RawBuilder<unknown>
}

export const SQLITE_JSON: JsonFunctions = {
  array: 'json_array',
  collect: 'json_group_array',
  collectPairs: 'json_group_object',
  toText: json => sql`${json}`,
  fromText: text => sql`json(${text})`,
}

/** An image as it was read. */
export interface FoundImage {
  /** Without properties if they are too large. */
  readonly image: ImageRecord
  readonly isWhole: boolean
  /** Bytes of the JSON of the properties, which are fewer without quotes and escapes. */
  readonly propertyBytes: number
}

/** The columns of the table that a record consists of. */
const COLUMNS = [...COLUMN_LIST.map(({name}) => name), 'locations'] as const
const COLUMN_NAMES = sql.raw(COLUMNS.join(', '))

/** What follows the columns in the array of an image. */
type Details = [propertyBytes: number, properties: ImageRecord['properties'] | null, tags: readonly string[]]

/**
 * The images that a query selects, in its order.
 * @param images selects rows of images under that name
 * @param maxPropertyBytes properties that have more bytes as JSON are not read
 */
export async function readImages(
  db: Database,
  json: JsonFunctions,
  images: SelectQueryBuilder<Tables, 'images', object>,
  maxPropertyBytes = Number.MAX_SAFE_INTEGER,
): Promise<FoundImage[]> {
  const {array, collect, toText, fromText} = json
  const rows = images.selectAll().select(selectDetails(json))
  const bytes = sql<number>`octet_length(property_text)`
  const shown = sql`case when ${bytes} <= ${sql.lit(maxPropertyBytes)} then ${fromText(sql.ref('property_text'))} end`
  const values = sql`${COLUMN_NAMES}, ${bytes}, ${shown}, ${fromText(sql.ref('tag_text'))}`
  const all = toText(sql`${sql.raw(collect)}(${sql.raw(array)}(${values}))`)
  // The engines collect in the order of the inner query.
  const {rows: pages} = await sql<{
    page: string | null
  }>`select ${all} as page from (${rows}) as found`.execute(db)
  return (JSON.parse(pages[0]?.page ?? '[]') as unknown[][]).map(toFoundImage)
}

/** Each is text in the inner query, so that it is computed once. */
function selectDetails({collect, collectPairs, toText}: JsonFunctions) {
  const properties = toText(sql`${sql.raw(collectPairs)}(name, value)`)
  const tags = toText(sql`${sql.raw(collect)}(tag)`)
  return [
    sql<string>`(select coalesce(${properties}, '{}') from
      (select name, value from image_properties where image_id = images.id order by name) as p)`.as(
      'property_text',
    ),
    sql<string>`(select coalesce(${tags}, '[]') from
      (select tag from image_tags where image_id = images.id order by tag) as t)`.as('tag_text'),
  ]
}

function toFoundImage(values: readonly unknown[]): FoundImage {
  const [propertyBytes, properties, tags] = values.slice(COLUMNS.length) as Details
  return {image: toRecord(values, properties ?? {}, tags), isWhole: properties !== null, propertyBytes}
}
