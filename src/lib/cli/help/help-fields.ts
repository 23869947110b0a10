/** Help on fields and filters, from their tables. */
import {canSet} from '../../model/draft.js'
import {FIELDS} from '../../model/fields.js'
import {EXTRA_FILTERS} from '../../model/filter-names.js'
import {type Block, GAP, type Row} from './help-layout.js'

/** The use of `field=value` arguments in a command. */
export type FieldUse = 'add' | 'update' | 'filter'

/** The part of the help of a command that lists its fields or filters. */
export function fieldHelp(use: FieldUse): Block[] {
  if (use === 'filter') {
    const more = "Comparisons ('size>=1GiB') and operators (status=in:A,B): glance help filters"
    return [...listFilters(), GAP, {paragraph: more}]
  }
  const row = ({name, help}: {name: string; help: string}): Row => [name, help]
  const more = 'All other field names are custom properties, so be careful to spell field names correctly.'
  return [
    {lines: ['Fields:']},
    {rows: FIELDS.filter(field => canSet(field, use)).map(row)},
    GAP,
    {paragraph: more},
  ]
}

/** The filters with a comparison; each field may have several. */
export const COMPARISONS: readonly Row[] = [
  ["'size>=1GiB'", 'Bytes, or units of 1024: K, M, G, T (KiB, MiB, GiB, TiB)'],
  ["'created_at<-30d'", 'Before the time of 30 days ago; also minutes, hours and weeks: -90m, -12h, -2w'],
  ["'updated_at>=T'", 'T as 2026-01-31 or 2026-01-31T10:00:00Z (UTC)'],
]

/** The operators before a value. */
export const OPERATORS: readonly Row[] = [
  ['gte:, gt:, lte:, lt:', 'As >=, >, <= and <, without quotes: created_at=lt:-30d'],
  ['eq:, neq:', 'At this time, at any other (created_at, updated_at)'],
  ['in:A,B', 'Any of these values (id, status, disk_format, container_format; v2)'],
]

/** The filters of a list, with comparisons and the operators before their values. */
export function filterHelp(): Block[] {
  const comparisons =
    'Comparisons >=, >, <= and < of size, created_at and updated_at, in quotes, since the shell reads < and >:'
  return [
    ...listFilters(),
    GAP,
    {paragraph: comparisons},
    {rows: COMPARISONS},
    GAP,
    {paragraph: 'Operators before the value of a filter:'},
    {rows: OPERATORS},
  ]
}

function listFilters(): Block[] {
  const fields = FIELDS.filter(field => field.filter !== false).map(
    ({name, help, filterHelp}): Row => [name, filterHelp ?? help],
  )
  return [
    {lines: ['Filters:']},
    {rows: [...fields, ...EXTRA_FILTERS.map(({name, help}): Row => [name, help])]},
    GAP,
    {paragraph: 'Any other name filters by a custom property.'},
  ]
}
