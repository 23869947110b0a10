/** Parses the query of a list of tasks: filters, order and page. */
import {badRequest} from '../../../http/http-error.js'
import type {TaskQuery, TaskSortKey} from '../../../registry/registry.js'
import {TASK_STATUSES} from '../../../registry/task-record.js'
import {parseLimit} from './page.js'

/** A page of a list of tasks. */
export type TaskPage = Pick<TaskQuery, 'limit' | 'marker'>

/**
 * Types that a filter accepts. Imports of images have another type, which the real service does not accept either
 * (wire/glance-25.md#tasks).
 */
const TASK_TYPES = ['import']

/** Tasks expire a fixed time after their last change, so both times give the same order. */
const SORT_KEYS: Readonly<Record<string, TaskSortKey>> = {
  created_at: 'created_at',
  expires_at: 'updated_at',
  id: 'id',
  status: 'status',
  type: 'type',
  updated_at: 'updated_at',
}

/** Parses limit and marker. @throws HttpError 400 for an invalid limit */
export function parseTaskPage(params: URLSearchParams): TaskPage {
  const marker = params.get('marker')
  return {limit: parseLimit(params.get('limit')), ...(marker === null ? {} : {marker})}
}

/**
 * Parses the query of a list of tasks. Unknown parameters are ignored; a filter with an empty value matches nothing.
 * @throws HttpError 400 for invalid values
 */
export function parseTaskQuery(params: URLSearchParams): TaskQuery {
  requireKnown('status', params.get('status'), TASK_STATUSES)
  requireKnown('type', params.get('type'), TASK_TYPES)
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

function requireKnown(name: string, value: string | null, known: readonly string[]): void {
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
