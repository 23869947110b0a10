/** Parses the order of a list of images in API v2: `sort=key:dir,...`, or repeated `sort_key` and `sort_dir`. */
import {badRequest} from '../../../http/http-error.js'
import {type ImageQuery, SORT_KEYS, type SortDir, type SortKey} from '../../../registry/image-query.js'

const SORT_DIRS: readonly SortDir[] = ['asc', 'desc']

/** The default order, newest first, which also orders images that are equal in all keys (wire/glance-25.md#list). */
const DEFAULT_KEY: SortKey = 'created_at'
const DEFAULT_DIR: SortDir = 'desc'

interface SortTerm {
  readonly key: SortKey
  readonly dir: SortDir
}

/**
 * The order as sort keys of the registry.
 * @throws HttpError 400 for unknown keys and directions, and for a mixture of both syntaxes
 */
export function parseOrder(params: URLSearchParams): Pick<ImageQuery, 'sortKey' | 'sortDir' | 'thenBy'> {
  const {terms, tieDir} = params.has('sort') ? parseSort(params) : parseSortKeys(params)
  const ties: readonly SortTerm[] = [
    {key: 'created_at', dir: tieDir},
    {key: 'id', dir: tieDir},
  ]
  const all = uniqueByKey([...terms, ...ties])
  const [first = ties[0]!, ...rest] = all.slice(0, all.findIndex(({key}) => key === 'id') + 1)
  const order = {sortKey: first.key, sortDir: first.dir}
  const isPlain = terms.length < 2 && rest.every(({dir}) => dir === first.dir)
  return isPlain ? order : {...order, thenBy: rest}
}

interface SortTerms {
  readonly terms: readonly SortTerm[]
  /** Direction for images that are equal in all keys: that of the request if it has only one. */
  readonly tieDir: SortDir
}

function parseSort(params: URLSearchParams): SortTerms {
  if (params.has('sort_key') || params.has('sort_dir')) {
    throw badRequest('Old and new sorting syntax cannot be combined')
  }
  const items = (params.get('sort') ?? '').trim().split(',')
  const terms = items.map(item => {
    const [key = '', ...dir] = item.split(':')
    return {key: parseKey(key.trim()), dir: parseDir(dir.join(':').trim() || DEFAULT_DIR)}
  })
  return {terms, tieDir: terms.length === 1 ? terms[0]!.dir : DEFAULT_DIR}
}

/** Keys and directions are paired by position; a single direction applies to all keys. */
function parseSortKeys(params: URLSearchParams): SortTerms {
  const keys = params.getAll('sort_key').map(key => parseKey(key.trim()))
  const dirs = params.getAll('sort_dir').map(dir => parseDir(dir.trim()))
  if (dirs.length > 1 && dirs.length !== keys.length) {
    throw badRequest('Number of sort dirs does not match the number of sort keys')
  }
  const wanted = keys.length === 0 ? [DEFAULT_KEY] : keys
  const terms = wanted.map((key, i) => ({key, dir: dirs[i] ?? dirs[0] ?? DEFAULT_DIR}))
  return {terms, tieDir: dirs.length > 1 ? DEFAULT_DIR : (dirs[0] ?? DEFAULT_DIR)}
}

function uniqueByKey(terms: readonly SortTerm[]): readonly SortTerm[] {
  return terms.filter(({key}, i) => terms.findIndex(other => other.key === key) === i)
}

function parseKey(key: string): SortKey {
  const known = SORT_KEYS.find(one => one === key)
  if (known) return known
  throw badRequest(`Invalid sort key: ${key}. It must be one of the following: ${SORT_KEYS.join(', ')}.`)
}

function parseDir(dir: string): SortDir {
  const known = SORT_DIRS.find(one => one === dir)
  if (known) return known
  throw badRequest(`Invalid sort direction: ${dir}`)
}
