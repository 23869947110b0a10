/** Generates help texts from the declarations of commands, for the terminal and the README. */
import {canSet} from '../model/draft.js'
import {FIELDS} from '../model/fields.js'
import {EXTRA_FILTERS} from '../model/filter-names.js'
import {commonGroup, connectionFlags, identityFlags} from './flags/connection.js'
import {DEFAULT_COLUMNS, type Row, table, wrap, wrapExample, wrapParagraphs} from './help-layout.js'

/** The use of `field=value` arguments in a command. */
export type FieldUse = 'add' | 'update' | 'filter'

/** The part of a flag declaration that help uses. */
export interface FlagDeclaration {
  readonly char?: string | undefined
  readonly type: 'boolean' | 'option'
  readonly helpValue?: string | readonly string[] | undefined
  readonly options?: readonly string[] | undefined
  readonly description?: string | undefined
  readonly defaultHelp?: unknown
}

/** The part of a command declaration that help uses. */
export interface CommandDeclaration {
  readonly summary?: string | undefined
  readonly description?: string | undefined
  readonly examples?: readonly unknown[] | undefined
  readonly flags: FlagDeclarations
  readonly usage: string
  readonly fieldNames?: FieldUse | undefined
}

type FlagDeclarations = Readonly<Record<string, FlagDeclaration>>

/**
 * Help of the whole tool: commands and global flags.
 * @param length `short` leaves out the flags for cloud and login
 * @param columns characters in a line
 */
export async function toolHelp(
  commands: Readonly<Record<string, CommandDeclaration>>,
  length: 'short' | 'whole',
  columns = DEFAULT_COLUMNS,
): Promise<string> {
  const rows: Row[] = Object.entries(commands).map(([name, {summary}]) => [name, summary ?? ''])
  return [
    'Usage: glance <command> [options] [args]',
    '',
    'Commands:',
    ...table([['help <command>', 'Show help for a command'], ...rows], columns),
    '',
    'Global options:',
    ...table(
      [
        ...(await flagRows(connectionFlags)),
        ['    --version', 'Print the version'],
        ['-h, --help', 'Print help'],
      ],
      columns,
    ),
    '',
    ...(length === 'short'
      ? wrap('For cloud and login options, run: glance help', columns)
      : [
          ...wrap('Cloud and login options; glance auth-info shows the settings in effect:', columns),
          ...table(await flagRows(identityFlags), columns),
        ]),
    '',
  ].join('\n')
}

/** Flags that the help of the tool describes; a command that describes one for itself lists it. */
const GLOBAL_FLAGS: Readonly<Record<string, unknown>> = commonGroup.flags

/**
 * Help of one command. It refers to the help of the tool for global flags.
 * @param columns characters in a line
 */
export async function commandHelp(
  name: string,
  command: CommandDeclaration,
  columns = DEFAULT_COLUMNS,
): Promise<string> {
  const {description, examples = [], usage, fieldNames} = command
  const usesService = 'url' in command.flags
  const ownFlags = Object.entries(command.flags).filter(
    ([flag, declared]) => !usesService || GLOBAL_FLAGS[flag] !== declared,
  )
  return [
    ...wrap(`Usage: glance ${name} [options]${usage === '' ? '' : ` ${usage}`}`, columns),
    '',
    ...wrapParagraphs(description ?? '', columns),
    '',
    ...argumentHelp(usage, columns),
    ...(fieldNames === undefined ? [] : [...fieldHelp(fieldNames, columns), '']),
    ...(ownFlags.length === 0
      ? []
      : ['Options:', ...table(await flagRows(Object.fromEntries(ownFlags)), columns), '']),
    ...(usesService
      ? [
          ...wrap('For global options (--verbose, --url, --os-cloud and others), run: glance help', columns),
          '',
        ]
      : []),
    'Examples:',
    ...examples.flatMap(example => wrapExample(String(example), columns)),
    '',
  ].join('\n')
}

const PLACEHOLDERS: readonly Row[] = [
  ['ID', 'ID is the ID, the name or the URI of an image.'],
  ['MEMBER', 'MEMBER is the ID of a project, or its name where Keystone v3 finds it.'],
]

/** The meaning of the placeholders in a synopsis. */
function argumentHelp(usage: string, columns: number): string[] {
  const texts = PLACEHOLDERS.filter(([name]) => usage.split(' ').includes(name)).map(([, text]) => text)
  if (texts.length === 0) return []
  const input = `A - in ${texts.length > 1 ? 'their' : 'its'} place stands for IDs on standard input, one per line.`
  return [...wrap([...texts, input].join(' '), columns), '']
}

function fieldHelp(use: FieldUse, columns: number): string[] {
  if (use === 'filter') return filterHelp(columns)
  const row = ({name, help}: {name: string; help: string}): Row => [name, help]
  return [
    'Fields:',
    ...table(FIELDS.filter(field => canSet(field, use)).map(row), columns),
    '',
    ...wrap(
      'All other field names are custom properties, so be careful to spell field names correctly.',
      columns,
    ),
  ]
}

/** The operators that services know; T is a time. */
const OPERATORS: readonly Row[] = [
  ['in:A,B', 'Any of these values (id, status, disk_format, container_format)'],
  ['eq:T, neq:T', 'At this time, at any other (created_at, updated_at)'],
  ['gt:T, gte:T', 'After this time, at it or after'],
  ['lt:T, lte:T', 'Before this time, at it or before'],
]

function filterHelp(columns: number): string[] {
  const fields = FIELDS.filter(field => field.filter !== false).map(
    ({name, help, filterHelp}): Row => [name, filterHelp ?? help],
  )
  return [
    'Filters:',
    ...table([...fields, ...EXTRA_FILTERS.map(({name, help}): Row => [name, help])], columns),
    '',
    ...wrap('Any other name filters by a custom property.', columns),
    '',
    ...wrap('Operators before the value of a filter (v2):', columns),
    ...table(OPERATORS, columns),
  ]
}

async function flagRows(flags: FlagDeclarations): Promise<Row[]> {
  const rows = Object.entries(flags).map(async ([name, flag]): Promise<Row> => {
    const value = flag.type === 'option' ? `=${placeholder(flag)}` : ''
    const fallback = typeof flag.defaultHelp === 'function' ? ` [default: ${await flag.defaultHelp({})}]` : ''
    return [`${flag.char ? `-${flag.char}, ` : '    '}--${name}${value}`, `${describeFlag(flag)}${fallback}`]
  })
  return Promise.all(rows)
}

/** Characters of choices that are shown in place of a value; longer ones are listed in the description. */
const MAX_CHOICES_LENGTH = 24

function placeholder({helpValue, options}: FlagDeclaration): string {
  const choices = options?.join('|')
  return choices !== undefined && choices.length <= MAX_CHOICES_LENGTH
    ? choices
    : String(helpValue ?? 'VALUE')
}

/** The description, with the choices that the placeholder does not show. */
function describeFlag(flag: FlagDeclaration): string {
  const {description = '', options = []} = flag
  const isShown = options.join('|').length <= MAX_CHOICES_LENGTH
  return isShown ? description : `${description}: ${options.slice(0, -1).join(', ')} or ${options.at(-1)}`
}
