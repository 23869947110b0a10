/** Help on fields and filters, made from their tables. */
import {canSet} from '../../model/draft.js'
import type {Field} from '../../model/field.js'
import {FIELDS} from '../../model/fields.js'
import {EXTRA_FILTERS, type ExtraFilter} from '../../model/filter-names.js'
import {filterHelp} from './help-fields.js'
import {type Block, GAP, type HelpPage, type Row} from './help-layout.js'

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

/** The page of each topic, by its name with `_`. */
export function topicPages(): Readonly<Record<string, HelpPage>> {
  const filters = EXTRA_FILTERS.map(filter => [
    filter.name.replaceAll('-', '_'),
    describe(filter.name, filter.help, describeFilter(filter)),
  ])
  const fields = FIELDS.map(field => [field.name, describe(field.name, field.help, describeField(field))])
  return {
    ...Object.fromEntries([...filters, ...fields]),
    filters: filterHelp(),
    fields: listFields(),
    properties: describeProperties(),
  }
}

function listFields(): HelpPage {
  const rows = FIELDS.map(({name, help}): Row => [name, help])
  return [{lines: ['Fields:']}, {rows}, GAP, {paragraph: 'For one of them, run: glance help FIELD'}]
}

/** The rows of a table, and command lines. */
interface Description {
  readonly rows: readonly Row[]
  readonly examples: readonly string[]
}

function describe(name: string, help: string, {rows, examples}: Description): Block[] {
  return [
    {paragraph: `${name}: ${help}`},
    GAP,
    {rows},
    {lines: ['', 'Examples:']},
    ...examples.map(example => ({example})),
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

function describeProperties(): HelpPage {
  const text = 'every name that is not a field; glance help fields lists those'
  return describe('properties', text, {
    rows: [
      ['Type', 'text'],
      ['Image API', 'v1 and v2'],
      ['Set by', 'glance add and glance update; removed by glance update --unset and --purge-props'],
      ['Filter of', 'index and details'],
      ['Printed by', 'show and details; the object properties in JSON, and properties.KEY in columns'],
    ],
    examples: ['glance update ubuntu-24.04 distro=noble', 'glance index distro=noble'],
  })
}
