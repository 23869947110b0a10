/** Filters of lists, besides custom properties, in each version of the Image API. */
import {FIELDS, MEMBER_STATUSES} from './fields.js'

/** A filter that is not a field of an image. */
export interface ExtraFilter {
  readonly name: string
  /** As for a field. */
  readonly since?: 2
  readonly choices?: readonly string[]
  readonly help: string
}

export const EXTRA_FILTERS: readonly ExtraFilter[] = [
  {name: 'size_min', help: 'Minimum size in bytes'},
  {name: 'size_max', help: 'Maximum size in bytes'},
  {name: 'changes-since', help: 'Changed since this time (ISO 8601); on v1 also deleted images'},
  {name: 'tag', since: 2, help: 'Images with all of these tags, separated by commas (v2)'},
  {
    name: 'member_status',
    since: 2,
    choices: [...MEMBER_STATUSES, 'all'],
    help: 'Your membership status: accepted, rejected, pending or all (v2)',
  },
]

/** Names of the filters that a version of the Image API supports, besides custom properties. */
export function filterNames(version: 1 | 2): string[] {
  const fields = FIELDS.filter(({filter, since}) => filter === true && (since ?? 1) <= version)
  const later = FIELDS.filter(({filter}) => filter === 2 && version === 2)
  const extra = EXTRA_FILTERS.filter(({since}) => (since ?? 1) <= version)
  return [...fields, ...extra, ...later].map(({name}) => name)
}
