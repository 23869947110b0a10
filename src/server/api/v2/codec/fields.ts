/** The attributes of an image that callers of API v2 may say: names on the wire, and where each stands in a record. */
import type {ImageChanges} from '../../../registry/registry.js'

/** From the name on the wire to the attribute of a record. */
const SETTABLE = {
  name: 'name',
  visibility: 'visibility',
  os_hidden: 'hidden',
  protected: 'protected',
  disk_format: 'diskFormat',
  container_format: 'containerFormat',
  min_ram: 'minRam',
  min_disk: 'minDisk',
  owner: 'owner',
  tags: 'tags',
} as const

/** Attributes that the service alone sets. */
export const READ_ONLY: ReadonlySet<string> = new Set([
  'created_at',
  'updated_at',
  'status',
  'checksum',
  'size',
  'virtual_size',
  'direct_url',
  'self',
  'file',
  'schema',
  'stores',
  'os_hash_algo',
  'os_hash_value',
])

/** Attributes with which an image is born and dies. */
export const READ_ONLY_AFTER_CREATE: ReadonlySet<string> = new Set([...READ_ONLY, 'id'])

/** Names that mean something to the service. */
export function isReserved(name: string): boolean {
  return ['location', 'deleted', 'deleted_at'].includes(name) || name.startsWith('os_glance')
}

export function isSettable(name: string): name is keyof typeof SETTABLE {
  return Object.hasOwn(SETTABLE, name)
}

/** One attribute as a change of the record; its value kept the schema. */
export function toChange(name: keyof typeof SETTABLE, value: unknown): ImageChanges {
  return {[SETTABLE[name]]: value}
}
