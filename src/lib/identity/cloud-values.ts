/** The settings of one cloud as a flat table that remembers where each came from, and how such tables are laid over each other. */
import {isMapping} from '../model/mapping.js'

export interface CloudValue {
  readonly value: unknown
  readonly from: string
}

/** Keys are written with `_`; those inside `auth:` begin with `auth.`. */
export type CloudValues = ReadonlyMap<string, CloudValue>

/** @param from said of every value that has no origin of its own */
export function cloudValues(entry: unknown, from: string): CloudValues {
  const values = new Map<string, CloudValue>()
  if (!isMapping(entry)) return values
  for (const [name, value] of Object.entries(entry)) {
    const key = modern(name)
    if (key !== 'auth' || !isMapping(value)) values.set(key, {value, from})
    else
      for (const [inner, text] of Object.entries(value))
        values.set(`auth.${modern(inner)}`, {value: text, from})
  }
  return withoutEmpty(values)
}

/** `tenant-name` is `project_name`. */
function modern(key: string): string {
  return key.replaceAll('-', '_').replace(/^tenant_(?=(id|name)$)/, 'project_')
}

function withoutEmpty(values: CloudValues): CloudValues {
  return new Map([...values].filter(([, {value}]) => value !== null && value !== ''))
}

/** Later ones win, key by key. */
export function layered(...layers: readonly CloudValues[]): CloudValues {
  return new Map(layers.flatMap(layer => [...layer]))
}

/** A value as text; a list is joined by commas; undefined for what has no text. */
export function textOf(value: unknown): string | undefined {
  if (Array.isArray(value)) return value.map(textOf).filter(Boolean).join(',') || undefined
  if (typeof value === 'string') return value || undefined
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}
