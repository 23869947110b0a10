/** Generates help texts from the declarations of commands, for the terminal and the README. */
import {canSet} from '../model/draft.js'
import {FIELDS} from '../model/fields.js'
import {EXTRA_FILTERS} from '../model/filter-names.js'
import {commonGroup, connectionFlags, identityFlags} from './flags/connection.js'

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

type Row = readonly [string, string]

/** Help of the whole tool: commands and global flags. @param length `short` leaves out the flags for cloud and login */
export async function toolHelp(
  commands: Readonly<Record<string, CommandDeclaration>>,
  length: 'short' | 'whole',
): Promise<string> {
  const rows: Row[] = Object.entries(commands).map(([name, {summary}]) => [name, summary ?? ''])
  return [
    'Usage: glance <command> [options] [args]',
    '',
    'Commands:',
    ...table([['help <command>', 'Show help for a command'], ...rows]),
    '',
    'Global options:',
    ...table([
      ...(await flagRows(connectionFlags)),
      ['    --version', 'Print the version'],
      ['-h, --help', 'Print help'],
    ]),
    '',
    ...(length === 'short'
      ? ['For cloud and login options, run: glance help']
      : [
          'Cloud and login options; glance auth-info shows the settings in effect:',
          ...table(await flagRows(identityFlags)),
        ]),
    '',
  ].join('\n')
}

/** Help of one command. It refers to the help of the tool for global flags. */
export async function commandHelp(name: string, command: CommandDeclaration): Promise<string> {
  const {description, examples = [], usage, fieldNames} = command
  const usesService = 'url' in command.flags
  const ownFlags = Object.entries(command.flags).filter(
    ([flag]) => !usesService || !(flag in commonGroup.flags),
  )
  return [
    `Usage: glance ${name} [options]${usage === '' ? '' : ` ${usage}`}`,
    '',
    description ?? '',
    '',
    ...(fieldNames === undefined ? [] : [...fieldHelp(fieldNames), '']),
    ...(ownFlags.length === 0
      ? []
      : ['Options:', ...table(await flagRows(Object.fromEntries(ownFlags))), '']),
    ...(usesService
      ? ['For global options (--verbose, --url, --os-cloud and others), run: glance help', '']
      : []),
    'Examples:',
    ...examples.map(example => `  ${example}`),
    '',
  ].join('\n')
}

function fieldHelp(use: FieldUse): string[] {
  if (use === 'filter') return filterHelp()
  const row = ({name, help}: {name: string; help: string}): Row => [name, help]
  return [
    'Fields:',
    ...table(FIELDS.filter(field => canSet(field, use)).map(row)),
    '',
    'All other field names are custom properties, so be careful to spell field names correctly.',
  ]
}

function filterHelp(): string[] {
  const fields = FIELDS.filter(field => field.filter !== false).map(
    ({name, help, filterHelp}): Row => [name, filterHelp ?? help],
  )
  return [
    'Filters:',
    ...table([...fields, ...EXTRA_FILTERS.map(({name, help}): Row => [name, help])]),
    '',
    'On v2, status, disk_format, container_format and id also take several values, as in:raw,qcow2.',
    'Any other name filters by a custom property.',
  ]
}

async function flagRows(flags: FlagDeclarations): Promise<Row[]> {
  const rows = Object.entries(flags).map(async ([name, flag]): Promise<Row> => {
    const value = flag.type === 'option' ? `=${placeholder(flag)}` : ''
    const fallback = typeof flag.defaultHelp === 'function' ? ` [default: ${await flag.defaultHelp({})}]` : ''
    return [
      `${flag.char ? `-${flag.char}, ` : '    '}--${name}${value}`,
      `${flag.description ?? ''}${fallback}`,
    ]
  })
  return Promise.all(rows)
}

function placeholder({helpValue, options}: FlagDeclaration): string {
  return options === undefined ? String(helpValue ?? 'VALUE') : options.join('|')
}

/** Two columns; the right cell of a left cell that is too long is on the next line. */
function table(rows: readonly Row[]): string[] {
  const width = Math.min(28, Math.max(...rows.map(([left]) => left.length)))
  return rows.map(([left, right]) =>
    left.length > width ? `  ${left}\n  ${' '.repeat(width)}  ${right}` : `  ${left.padEnd(width)}  ${right}`,
  )
}
