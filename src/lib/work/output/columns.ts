/** Columns of records: which ones a command line selects, and their values. */
import {cacheByKeys} from '../../api/cache-by-keys.js'
import {suggestField} from '../../model/did-you-mean.js'
import {usageError} from '../../model/errors.js'
import {createBlank, isJsonObject, type JsonObject} from '../../model/json-object.js'
import type {RecordField, RecordKind} from './record-kinds.js'

const PROPERTY = 'properties.'

/**
 * The columns that the texts name, separated by commas. `Disk Format` and `disk-format`, as other tools write it, is
 * `disk_format`; `properties.KEY` is a property.
 * @throws Failure of kind usage for a column that records of this kind do not have
 */
export function parseColumns(texts: readonly string[], kind: RecordKind): string[] {
  const names = texts.flatMap(text => text.split(',')).map(text => text.trim())
  return [...new Set(names.map(name => parseColumn(name, kind)))]
}

function parseColumn(text: string, {fields}: RecordKind): string {
  const known = fields.map(({name}) => name)
  const name = text.toLowerCase().replaceAll(/[ -]/g, '_')
  if (known.includes(name)) return name
  const key = text.slice(PROPERTY.length)
  const hasProperties = known.includes('properties')
  if (hasProperties && text.toLowerCase().startsWith(PROPERTY) && key !== '') return PROPERTY + key
  throw usageError(`unknown column '${text}'`, {
    why: suggestField(text, known).trim() || undefined,
    advice: `Columns: ${known.join(', ')}${hasProperties ? '; properties.KEY is a property' : ''}`,
  })
}

/** The value of a column; undefined if the record does not have it. */
export function readColumn(record: JsonObject, column: string): unknown {
  if (!column.startsWith(PROPERTY)) return record[column]
  const {properties} = record
  const key = column.slice(PROPERTY.length)
  return isJsonObject(properties) && Object.hasOwn(properties, key) ? properties[key] : undefined
}

/**
 * A function that completes a record: all documented fields in their order, then its others. A field that the record does
 * not have is null, or its fallback. A complete record is returned as it is.
 */
export function createCompleter({fields}: RecordKind): (record: JsonObject) => JsonObject {
  const derive = cacheByKeys(keys => {
    const documented = fields.filter(({name, isOptional}) => !isOptional || keys.includes(name))
    const names = documented.map(({name}) => name)
    const others = keys.filter(key => !names.includes(key))
    const isOrdered = names.every((name, i) => name === keys[i])
    return {documented, others, isOrdered, blank: createBlank([...names, ...others])}
  })
  return record => {
    const {documented, others, isOrdered, blank} = derive(record)
    if (isOrdered && hasValues(record, documented)) return record
    const complete: Record<string, unknown> = {...blank}
    for (const {name, fallback} of documented) complete[name] = record[name] ?? fallback ?? null
    for (const name of others) complete[name] = record[name]
    return complete
  }
}

/** True if each field has a value, or is null without a fallback. */
function hasValues(record: JsonObject, fields: readonly RecordField[]): boolean {
  for (const {name, fallback} of fields) {
    const value = record[name]
    if (value === undefined || (value === null && fallback !== undefined)) return false
  }
  return true
}

/** The selected columns of a record as an object. */
export function selectColumns(record: JsonObject, columns: readonly string[]): JsonObject {
  return Object.fromEntries(columns.map(column => [column, readColumn(record, column) ?? null]))
}
