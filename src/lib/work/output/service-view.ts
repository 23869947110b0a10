/** Formats what the service tells about itself: stores, tasks and quotas, as records for programs and for tables. */
import type {QuotaUsage, ServiceStore, ServiceTask} from '../../api/service-operations.js'
import type {JsonObject} from '../../model/json-object.js'
import {toUtcTime} from '../../model/utc-time.js'

/** The record of a store. */
export function storeRecord({id, description, isDefault, isReadOnly, type}: ServiceStore): JsonObject {
  return {id, description, default: isDefault, read_only: isReadOnly, type}
}

/** The record of a task. */
export function taskRecord(task: ServiceTask): JsonObject {
  const {imageId, createdAt, updatedAt, expiresAt, ...rest} = task
  return {
    ...rest,
    image_id: imageId,
    created_at: createdAt && toUtcTime(createdAt),
    updated_at: updatedAt && toUtcTime(updatedAt),
    expires_at: expiresAt && toUtcTime(expiresAt),
  }
}

/** The lines of a task, for people. */
export function taskLines(task: ServiceTask): string[] {
  return Object.entries(taskRecord(task))
    .filter(([, value]) => value !== null && !(Array.isArray(value) && value.length === 0))
    .map(([name, value]) => `${name}: ${Array.isArray(value) ? value.join(', ') : value}`)
}

/** The record of a quota. */
export function quotaRecord({name, usage, limit}: QuotaUsage): JsonObject {
  return {name, usage, limit: limit < 0 ? null : limit}
}
