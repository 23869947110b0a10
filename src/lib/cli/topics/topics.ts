/** Help on fields and filters, made from their tables. */
import {canSet} from '../../model/draft.js'
import type {Field} from '../../model/field.js'
import {FIELDS, findField} from '../../model/fields.js'
import {EXTRA_FILTERS, type ExtraFilter} from '../../model/filter-names.js'
import {filterHelp} from '../help-fields.js'
import {type Row, table, wrap, wrapExample} from '../help-layout.js'

const TYPES: Readonly<Record<Field['kind'], string>> = {
  boolean: 'true or false',
  count: 'whole number',
  list: 'list, separated by commas',
  text: 'text',
  time: 'time in UTC (ISO 8601)',
  url: 'URL',
}

/** What `glance help` explains besides commands, each with a line of description. */
export function topicDescriptions(): Readonly<Record<string, string>> {
  const rows = [...EXTRA_FILTERS, ...FIELDS].map(({name, help}) => [name, help])
  return {
    fields: 'All fields of images',
    filters: 'The filters of index and details',
    properties: 'Custom properties',
    ...Object.fromEntries(rows),
  }
}

/**
 * The help on a topic; undefined for an unknown one.
 * @param columns characters in a line
 */
export function topicHelp(topic: string, columns: number): string | undefined {
  const name = topic.toLowerCase().replaceAll('-', '_')
  const lines = topicLines(name, columns)
  return lines === undefined ? undefined : [...lines, ''].join('\n')
}

function topicLines(name: string, columns: number): readonly string[] | undefined {
  if (name === 'filters') return filterHelp(columns)
  if (name === 'fields') return listFields(columns)
  if (name === 'properties') return describeProperties(columns)
  const field = findField(name)
  if (field !== undefined) return layOut(name, field.help, describeField(field), columns)
  const filter = EXTRA_FILTERS.find(each => each.name.replaceAll('-', '_') === name)
  return filter && layOut(filter.name, filter.help, describeFilter(filter), columns)
}

function listFields(columns: number): readonly string[] {
  const rows = FIELDS.map(({name, help}): Row => [name, help])
  const more = 'For one of them, run: glance help FIELD'
  return ['Fields:', ...table(rows, columns), '', ...wrap(more, columns)]
}

/** The rows of a table, and command lines. */
interface Description {
  readonly rows: readonly Row[]
  readonly examples: readonly string[]
}

function layOut(name: string, help: string, {rows, examples}: Description, columns: number): string[] {
  return [
    ...wrap(`${name}: ${help}`, columns),
    '',
    ...table(rows, columns),
    '',
    'Examples:',
    ...examples.flatMap(example => wrapExample(example, columns)),
  ]
}

function describeField(field: Field): Description {
  const {name, kind, choices, known = choices, since, filter, filterHelp, draftOnly} = field
  const uses = (['add', 'update'] as const).filter(use => canSet(field, use))
  const filterRow = `index and details: ${filterHelp ?? ''}`
  return {
    rows: [
      ['Type', TYPES[kind]],
      ...(known === undefined ? [] : [['Values', known.join(', ')] as const]),
      ['Image API', since === 2 ? 'v2' : 'v1 and v2'],
      ['Set by', uses.length === 0 ? 'the service' : `glance ${uses.join(' and glance ')}`],
      ...(filter === false ? [] : [['Filter of', filterRow] as const]),
      ['Printed by', draftOnly ? 'no command' : `show and details; ${name} in JSON and in columns`],
    ],
    examples: [
      ...uses.map(
        use => `glance ${use}${use === 'add' ? '' : ' ubuntu-24.04'} ${name}=${exampleValue(field)}`,
      ),
      ...(filter === false ? [] : [`glance index ${name}=${exampleValue(field)}`]),
      ...(uses.length === 0 && filter === false ? ['glance show ubuntu-24.04'] : []),
    ],
  }
}

/** Values that an example shows rather than the first one. */
const COMMON_VALUES = ['qcow2', 'bare', 'active']

function exampleValue({name, kind, choices, known = choices}: Field): string {
  const values = {
    boolean: 'true',
    count: '1024',
    list: 'tested,lts',
    text: name.toUpperCase(),
    time: '2026-01-31T12:00:00Z',
    url: 'https://example.com/disk.img',
  }
  return known?.find(value => COMMON_VALUES.includes(value)) ?? known?.[0] ?? values[kind]
}

function describeFilter({name, since, choices}: ExtraFilter): Description {
  return {
    rows: [
      ...(choices === undefined ? [] : [['Values', choices.join(', ')] as const]),
      ['Image API', since === 2 ? 'v2' : 'v1 and v2'],
      ['Filter of', 'index and details'],
    ],
    examples: [`glance index ${name}=${choices?.[0] ?? name.toUpperCase().replaceAll('-', '_')}`],
  }
}

function describeProperties(columns: number): string[] {
  const text = 'every name that is not a field; glance help fields lists those'
  return layOut(
    'properties',
    text,
    {
      rows: [
        ['Type', 'text'],
        ['Image API', 'v1 and v2'],
        ['Set by', 'glance add and glance update; removed by glance update --unset and --purge-props'],
        ['Filter of', 'index and details'],
        ['Printed by', 'show and details; the object properties in JSON, and properties.KEY in columns'],
      ],
      examples: ['glance update ubuntu-24.04 distro=noble', 'glance index distro=noble'],
    },
    columns,
  )
}
