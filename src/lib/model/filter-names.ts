/** What lists can be narrowed by, beside custom properties, in each version of the Image API. */
import {FIELDS, MEMBER_STATUSES} from './fields.js'

/** A filter that is no field of an image. */
export interface ExtraFilter {
  readonly name: string
  /** As for a field. */
  readonly since?: 2
  readonly choices?: readonly string[]
  readonly help: string
}

export const EXTRA_FILTERS: readonly ExtraFilter[] = [
  {name: 'size_min', help: 'At least so many bytes'},
  {name: 'size_max', help: 'At most so many bytes'},
  {name: 'changes-since', help: 'Changed since this time (ISO 8601), deleted images included on v1'},
  {name: 'tag', since: 2, help: 'Has this tag, or all of these, separated by commas (v2)'},
  {
    name: 'member_status',
    since: 2,
    choices: [...MEMBER_STATUSES, 'all'],
    help: 'What I said to being a member: accepted rejected pending all (v2)',
  },
]

/** The names by which a version of the Image API can narrow a list, beside those of custom properties. */
export function filterNames(version: 1 | 2): string[] {
  const fields = FIELDS.filter(({filter, since}) => filter === true && (since ?? 1) <= version)
  const later = FIELDS.filter(({filter}) => filter === 2 && version === 2)
  const extra = EXTRA_FILTERS.filter(({since}) => (since ?? 1) <= version)
  return [...fields, ...extra, ...later].map(({name}) => name)
}
