/** The query of a list of tasks: filters, order and page. */
import {badRequest} from '../../../http/http-error.js'
import type {TaskQuery, TaskSortKey, TaskStatus} from '../../../registry/registry.js'
import {parseLimit} from './page.js'

/** Which tasks, and which page of them. */
export type TaskPage = Pick<TaskQuery, 'limit' | 'marker'>

/**
 * Of these the type is asked for; imports of images are of a type of their own, which cannot be
 * (wire/glance-25.md#tasks).
 */
const TASK_TYPES = ['import']
const TASK_STATUSES: readonly TaskStatus[] = ['pending', 'processing', 'success', 'failure']

/** An ended task expires so long after its last change, that both give the same order. */
const SORT_KEYS: Readonly<Record<string, TaskSortKey>> = {
  created_at: 'created_at',
  expires_at: 'updated_at',
  id: 'id',
  status: 'status',
  type: 'type',
  updated_at: 'updated_at',
}

/** @throws HttpError 400 for a limit that is none */
export function parseTaskPage(params: URLSearchParams): TaskPage {
  const marker = params.get('marker')
  return {limit: parseLimit(params.get('limit')), ...(marker === null ? {} : {marker})}
}

/**
 * What a list of tasks shall hold. Unknown parameters are ignored; an empty value is that of no task.
 * @throws HttpError 400 for values that cannot be
 */
export function parseTaskQuery(params: URLSearchParams): TaskQuery {
  requireOneOf('status', params.get('status'), TASK_STATUSES)
  requireOneOf('type', params.get('type'), TASK_TYPES)
  return {
    ...parseTaskPage(params),
    ...parseOrder(params),
    ...optionalFilter('id', params.get('id')),
    ...optionalFilter('imageId', params.get('image_id')),
    ...optionalFilter('status', params.get('status')),
    ...optionalFilter('type', params.get('type')),
    ...optionalFilter('owner', params.get('owner')),
  }
}

function requireOneOf(name: string, value: string | null, known: readonly string[]): void {
  if (value && !known.includes(value)) throw badRequest(`Invalid ${name} value: ${value}`)
}

function optionalFilter(name: keyof TaskQuery, value: string | null) {
  return value === null ? {} : {[name]: value}
}

function parseOrder(params: URLSearchParams): Pick<TaskQuery, 'sortKey' | 'sortDir'> {
  const key = params.get('sort_key') ?? 'created_at'
  const sortDir = params.get('sort_dir') ?? 'desc'
  const sortKey = Object.hasOwn(SORT_KEYS, key) ? SORT_KEYS[key] : undefined
  if (sortKey === undefined) throw badRequest('Sort key supplied was not valid.')
  if (sortDir !== 'asc' && sortDir !== 'desc') throw badRequest(`Invalid sort direction: ${sortDir}`)
  return {sortKey, sortDir}
}
