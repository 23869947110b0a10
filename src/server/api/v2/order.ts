/** The order of a list of images in API v2: `sort=key:dir,...`, or `sort_key` and `sort_dir` in turn. */
import type {ImageQuery, SortDir, SortKey} from '../../registry/registry.js'
import {bad} from './page.js'

const KEYS: readonly SortKey[] = [
  'name',
  'status',
  'container_format',
  'disk_format',
  'size',
  'id',
  'created_at',
  'updated_at',
]
const DIRS: readonly SortDir[] = ['asc', 'desc']

/** Newest first unless asked otherwise, and for those that are equal by all keys (cloud record, "List"). */
const DEFAULT_KEY: SortKey = 'created_at'
const DEFAULT_DIR: SortDir = 'desc'

interface Term {
  readonly key: SortKey
  readonly dir: SortDir
}

/** @throws HttpError 400 for keys and directions that there are not, and for both ways at once */
export function orderOf(params: URLSearchParams): Pick<ImageQuery, 'sortKey' | 'sortDir' | 'thenBy'> {
  const {terms, tieDir} = params.has('sort') ? newTerms(params) : oldTerms(params)
  const ties: readonly Term[] = [
    {key: 'created_at', dir: tieDir},
    {key: 'id', dir: tieDir},
  ]
  const all = unique([...terms, ...ties])
  const [first = ties[0]!, ...rest] = all.slice(0, all.findIndex(({key}) => key === 'id') + 1)
  const order = {sortKey: first.key, sortDir: first.dir}
  const asUsual = terms.length < 2 && rest.every(({dir}) => dir === first.dir)
  return asUsual ? order : {...order, thenBy: rest}
}

interface Terms {
  readonly terms: readonly Term[]
  /** Direction of the ties: the one that was asked for when there is only one. */
  readonly tieDir: SortDir
}

function newTerms(params: URLSearchParams): Terms {
  if (params.has('sort_key') || params.has('sort_dir')) {
    throw bad('Old and new sorting syntax cannot be combined')
  }
  const words = (params.get('sort') ?? '').trim().split(',')
  const terms = words.map(word => {
    const [key = '', ...dir] = word.split(':')
    return {key: keyOf(key.trim()), dir: dirOf(dir.join(':').trim() || DEFAULT_DIR)}
  })
  return {terms, tieDir: terms.length === 1 ? terms[0]!.dir : DEFAULT_DIR}
}

/** Of repeated parameters the last stands first, as the service reads them. */
function oldTerms(params: URLSearchParams): Terms {
  const keys = params.getAll('sort_key').map(key => keyOf(key.trim()))
  const dirs = params.getAll('sort_dir').map(dir => dirOf(dir.trim()))
  if (dirs.length > 1 && dirs.length !== keys.length) {
    throw bad('Number of sort dirs does not match the number of sort keys')
  }
  const wanted = keys.length === 0 ? [DEFAULT_KEY] : keys
  const terms = wanted.map((key, i) => ({key, dir: dirs[i] ?? dirs[0] ?? DEFAULT_DIR}))
  return {terms, tieDir: dirs.length > 1 ? DEFAULT_DIR : (dirs[0] ?? DEFAULT_DIR)}
}

function unique(terms: readonly Term[]): readonly Term[] {
  return terms.filter(({key}, i) => terms.findIndex(other => other.key === key) === i)
}

function keyOf(key: string): SortKey {
  const known = KEYS.find(one => one === key)
  if (known) return known
  throw bad(`Invalid sort key: ${key}. It must be one of the following: ${KEYS.join(', ')}.`)
}

function dirOf(dir: string): SortDir {
  const known = DIRS.find(one => one === dir)
  if (known) return known
  throw bad(`Invalid sort direction: ${dir}`)
}
