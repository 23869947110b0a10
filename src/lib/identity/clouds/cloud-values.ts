/** Converts the settings of a cloud to a flat table with the origin of each value, and merges these tables. */
import {isJsonObject} from '../../model/json-object.js'

/** A value and its origin. */
export interface CloudValue {
  readonly value: unknown
  readonly from: string
}

/** Values by key: `-` in keys is replaced by `_`, and those inside `auth:` begin with `auth.`. */
export type CloudValues = ReadonlyMap<string, CloudValue>

/**
 * Converts an entry of a file; anything but a mapping has no values.
 * @param from origin of the values
 */
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

/** `tenant-name` becomes `project_name`. */
function normalizeKey(key: string): string {
  return key.replaceAll('-', '_').replace(/^tenant_(?=(id|name)$)/, 'project_')
}

function omitEmpty(values: CloudValues): CloudValues {
  return new Map([...values].filter(([, {value}]) => value !== null && value !== ''))
}

/** Merges tables; later ones take precedence, key by key. */
export function mergeCloudValues(...layers: readonly CloudValues[]): CloudValues {
  return new Map(layers.flatMap(layer => [...layer]))
}

/** A value as text, a list joined by commas; undefined for an empty value and for other types. */
export function toText(value: unknown): string | undefined {
  if (Array.isArray(value)) return value.map(toText).filter(Boolean).join(',') || undefined
  if (typeof value === 'string') return value || undefined
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}
