/** Generates help texts from the declarations of commands, for the terminal and the README. */
import {canSet} from '../model/draft.js'
import type {Field} from '../model/field.js'
import {FIELDS} from '../model/fields.js'
import {EXTRA_FILTERS} from '../model/filter-names.js'
import {commonGroup, connectionFlags, identityFlags} from './flags/connection.js'
import {outputGroup} from './flags/output.js'
import {DEFAULT_COLUMNS, type Row, table, wrap, wrapExample, wrapParagraphs} from './help-layout.js'

/** The use of `field=value` arguments in a command. */
export type FieldUse = 'add' | 'copy' | 'update' | 'filter'

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
  readonly records?: HelpRecords | undefined
}

/** The part of the kind of records of a command that help uses. */
interface HelpRecords {
  readonly fields: readonly {readonly name: string}[]
  readonly columns: readonly string[]
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
    ...table([['help <topic>', 'Show help for a command, a field, all fields or filters'], ...rows], columns),
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
    ...wrap('Output options of the commands that print results:', columns),
    ...table(await flagRows(outputGroup.flags), columns),
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

/** The flags of a command that the help of the tool does not describe. */
export function ownFlags({flags}: Pick<CommandDeclaration, 'flags'>): FlagDeclarations {
  const isGlobal = (name: string, flag: FlagDeclaration) => 'url' in flags && GLOBAL_FLAGS[name] === flag
  return Object.fromEntries(Object.entries(flags).filter(([name, flag]) => !isGlobal(name, flag)))
}

/**
 * Help of one command. It refers to the help of the tool for global flags.
 * @param columns characters in a line
 */
export async function commandHelp(
  name: string,
  command: CommandDeclaration,
  columns = DEFAULT_COLUMNS,
): Promise<string> {
  const {description, examples = [], usage, fieldNames, records} = command
  const usesService = 'url' in command.flags
  const own = ownFlags(command)
  return [
    ...wrap(`Usage: glance ${name} [options]${usage === '' ? '' : ` ${usage}`}`, columns),
    '',
    ...wrapParagraphs(description ?? '', columns),
    '',
    ...argumentHelp(usage, columns),
    ...(fieldNames === undefined ? [] : [...fieldHelp(fieldNames, columns), '']),
    ...(Object.keys(own).length === 0 ? [] : ['Options:', ...table(await flagRows(own), columns), '']),
    ...(records === undefined ? [] : [...(await outputHelp(records, columns)), '']),
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

/** The flags for output, and the columns that they select. */
async function outputHelp({fields, columns: names}: HelpRecords, columns: number): Promise<string[]> {
  const known = fields.map(({name}) => name)
  const property = known.includes('properties') ? ', properties.KEY' : ''
  return [
    'Output options:',
    ...table(await flagRows(outputGroup.flags), columns),
    '',
    ...wrap(`Columns: ${known.join(', ')}${property}.`, columns),
    ...wrap(`Without --columns, table, csv, tsv and value have ${names.join(', ')}.`, columns),
  ]
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
    ...table(FIELDS.filter(field => isTaken(field, use)).map(row), columns),
    '',
    ...wrap(
      'All other field names are custom properties, so be careful to spell field names correctly.',
      columns,
    ),
  ]
}

/** The data of a copy comes from the image. */
function isTaken(field: Field, use: 'add' | 'copy' | 'update'): boolean {
  return use === 'copy' ? canSet(field, 'add') && field.kind !== 'url' : canSet(field, use)
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

/** The filters of a list, and the operators before their values. */
export function filterHelp(columns: number): string[] {
  const fields = FIELDS.filter(field => field.filter !== false).map(
    ({name, help, filterHelp}): Row => [name, filterHelp ?? help],
  )
  return [
    'Filters:',
    ...table([...fields, ...EXTRA_FILTERS.map(({name, help}): Row => [name, help])], columns),
    '',
    ...wrap('Any other name filters by a custom property.', columns),
    '',
    ...wrap(
      'Comparisons >=, >, <= and < of size, created_at and updated_at, in quotes, since the shell reads < and >:',
      columns,
    ),
    ...table(COMPARISONS, columns),
    '',
    ...wrap('Operators before the value of a filter:', columns),
    ...table(OPERATORS, columns),
  ]
}

/** The spelling of each flag, and its description with its default. */
export async function flagRows(flags: FlagDeclarations): Promise<Row[]> {
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
