/** The settings of one cloud as a flat table that remembers where each came from, and how such tables are laid over each other. */
import {isJsonObject} from '../../model/json-object.js'

export interface CloudValue {
  readonly value: unknown
  readonly from: string
}

/** Keys are written with `_`; those inside `auth:` begin with `auth.`. */
export type CloudValues = ReadonlyMap<string, CloudValue>

/** @param from said of every value that has no origin of its own */
export function toCloudValues(entry: unknown, from: string): CloudValues {
  const values = new Map<string, CloudValue>()
  if (!isJsonObject(entry)) return values
  for (const [name, value] of Object.entries(entry)) {
    const key = normalizeKey(name)
    if (key !== 'auth' || !isJsonObject(value)) values.set(key, {value, from})
    else
      for (const [inner, text] of Object.entries(value))
        values.set(`auth.${normalizeKey(inner)}`, {value: text, from})
  }
  return omitEmpty(values)
}

/** `tenant-name` is `project_name`. */
function normalizeKey(key: string): string {
  return key.replaceAll('-', '_').replace(/^tenant_(?=(id|name)$)/, 'project_')
}

function omitEmpty(values: CloudValues): CloudValues {
  return new Map([...values].filter(([, {value}]) => value !== null && value !== ''))
}

/** Later ones win, key by key. */
export function mergeCloudValues(...layers: readonly CloudValues[]): CloudValues {
  return new Map(layers.flatMap(layer => [...layer]))
}

/** A value as text; a list is joined by commas; undefined for what has no text. */
export function toText(value: unknown): string | undefined {
  if (Array.isArray(value)) return value.map(toText).filter(Boolean).join(',') || undefined
  if (typeof value === 'string') return value || undefined
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}
