/** Queries for lists of metadata definitions. */
import {badRequest} from '../../../http/http-error.js'
import {NAMESPACE_SORT_KEYS, type NamespaceQuery} from '../../../registry/metadefs.js'
import {parseLimit} from '../query/page.js'

/** @throws HttpError 400 for an invalid value */
export function parseNamespaceQuery(params: URLSearchParams): Omit<NamespaceQuery, 'visibleTo'> {
  const visibility = params.get('visibility') || undefined
  if (visibility !== undefined && visibility !== 'public' && visibility !== 'private') {
    throw badRequest(`Invalid visibility value: ${visibility}`)
  }
  return {
    limit: parseLimit(params.get('limit')),
    marker: params.get('marker') || undefined,
    ...parseSort(params, NAMESPACE_SORT_KEYS),
    visibility,
    resourceTypes: params.get('resource_types')?.split(','),
  }
}

const TAG_SORT_KEYS = ['created_at', 'updated_at', 'name'] as const

/** A part of the tags of a namespace. */
export interface TagQuery {
  readonly sortKey: (typeof TAG_SORT_KEYS)[number]
  readonly sortDir: 'asc' | 'desc'
  /** Absent: all. */
  readonly limit: number | undefined
  /** The last tag of the part before. */
  readonly marker: string | undefined
}

/** @throws HttpError 400 for an invalid value */
export function parseTagQuery(params: URLSearchParams): TagQuery {
  const limit = params.get('limit')
  return {
    limit: limit ? parseLimit(limit) : undefined,
    marker: params.get('marker') || undefined,
    ...parseSort(params, TAG_SORT_KEYS),
  }
}

function parseSort<Key extends string>(params: URLSearchParams, keys: readonly Key[]) {
  const key = params.get('sort_key') ?? 'created_at'
  const dir = params.get('sort_dir') ?? 'desc'
  const sortKey = keys.find(one => one === key)
  if (sortKey === undefined) {
    throw badRequest(`Invalid sort key: ${key}. It must be one of the following: ${keys.join(', ')}.`)
  }
  if (dir !== 'asc' && dir !== 'desc') throw badRequest(`Invalid sort direction: ${dir}`)
  return {sortKey, sortDir: dir} as const
}
