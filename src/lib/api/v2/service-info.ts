/** Decodes the documents of version 2 of the API that describe stores, tasks and quotas. */
import {redactText} from '../../http/redact.js'
import {isJsonObject} from '../../model/json-object.js'
import type {QuotaUsage, ServiceStore, ServiceTask} from '../service-operations.js'
import {type JsonDocument, requireList, requireMapping, textFrom} from './documents.js'
import {tasksPath} from './paths.js'
import type {ServiceClient} from './service-client.js'

/** `{"stores": [{"id": "fast", "description": "...", "default": "true"}, {"id": "web", "read-only": "true"}]}` (2.8) */
export function storesFrom(body: unknown): ServiceStore[] {
  return requireList(body, 'stores').flatMap(item => {
    const store = requireMapping(item, 'stores')
    const id = textFrom(store['id'])
    return id === null ? [] : [{id, ...storeFacts(store)}]
  })
}

function storeFacts(store: JsonDocument): Omit<ServiceStore, 'id'> {
  return {
    description: textFrom(store['description']),
    isDefault: isTrue(store['default']),
    isReadOnly: isTrue(store['read-only']),
    type: textFrom(store['type']),
  }
}

function isTrue(value: unknown): boolean {
  return String(value).toLowerCase() === 'true'
}

/** A task, as in the list of an image (2.12) and alone. */
export function taskFrom(body: unknown): ServiceTask {
  const task = requireMapping(body, 'id')
  const input = toMapping(task['input'])
  const request = toMapping(input['import_req'])
  const message = textFrom(task['message'])
  const stores = input['backend'] ?? request['stores']
  return {
    id: textFrom(task['id']) ?? '',
    type: textFrom(task['type']),
    status: textFrom(task['status']) ?? 'unknown',
    imageId: textFrom(task['image_id']) ?? textFrom(input['image_id']),
    method: textFrom(toMapping(request['method'])['name']),
    stores: Array.isArray(stores) ? stores.filter(store => typeof store === 'string') : [],
    owner: textFrom(task['owner']),
    message: message === null || message === '' ? null : redactText(message),
    createdAt: textFrom(task['created_at']),
    updatedAt: textFrom(task['updated_at']),
    expiresAt: textFrom(task['expires_at']),
  }
}

function toMapping(value: unknown): JsonDocument {
  return isJsonObject(value) ? value : {}
}

/** The tasks of an image, the oldest first; undefined if the service does not list them. */
export async function readTasks(client: ServiceClient, imageId: string): Promise<ServiceTask[] | undefined> {
  const reply = await client.send('GET', tasksPath(imageId))
  if (reply.status !== 200) {
    await reply.discard()
    return undefined
  }
  return tasksFrom(await reply.json())
}

/** `{"tasks": [...]}` in their order of creation. */
export function tasksFrom(body: unknown): ServiceTask[] {
  const tasks = requireList(body, 'tasks').map(taskFrom)
  return tasks.sort((a, b) => ((a.createdAt ?? '') < (b.createdAt ?? '') ? -1 : 1))
}

/** `{"usage": {"image_size_total": {"usage": 0, "limit": 1000}}}` (2.13) */
export function usageFrom(body: unknown): QuotaUsage[] {
  return Object.entries(requireMapping(requireMapping(body, 'usage')['usage'], 'usage')).flatMap(
    ([name, value]) => {
      const {usage, limit} = toMapping(value)
      return typeof usage === 'number' && typeof limit === 'number' ? [{name, usage, limit}] : []
    },
  )
}
