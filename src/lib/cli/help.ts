/** Help as text, made from what the commands declare: for the terminal and for the README. */
import {canSet} from '../model/draft.js'
import {FIELDS} from '../model/fields.js'
import {EXTRA_FILTERS} from '../model/filter-names.js'

/** What `field=value` words mean to a command. */
export type FieldUse = 'add' | 'update' | 'filter'

/** What help needs to know of a flag. */
export interface FlagDeclaration {
  readonly char?: string | undefined
  readonly type: 'boolean' | 'option'
  readonly helpValue?: string | readonly string[] | undefined
  readonly options?: readonly string[] | undefined
  readonly description?: string | undefined
  readonly defaultHelp?: unknown
}

/** What help needs to know of a command. */
export interface CommandDeclaration {
  readonly summary?: string | undefined
  readonly description?: string | undefined
  readonly examples?: readonly unknown[] | undefined
  readonly flags: Readonly<Record<string, FlagDeclaration>>
  readonly usage: string
  readonly fieldNames?: FieldUse | undefined
}

/** The flags of every command, in two parts. */
export interface FlagGroups {
  readonly connection: Readonly<Record<string, FlagDeclaration>>
  readonly identity: Readonly<Record<string, FlagDeclaration>>
}

type Row = readonly [string, string]

/** Help of the whole tool: its commands, and the flags that all of them have; `short` leaves out those of the identity. */
export async function toolHelp(
  commands: Readonly<Record<string, CommandDeclaration>>,
  common: FlagGroups,
  length: 'short' | 'whole',
): Promise<string> {
  const rows: Row[] = Object.entries(commands).map(([name, {summary}]) => [name, summary ?? ''])
  return [
    'Usage: glance <command> [options] [args]',
    '',
    'Commands:',
    ...table([['help <command>', 'Shows help of one of the commands below'], ...rows]),
    '',
    'Options of every command:',
    ...table([
      ...(await flagRows(common.connection)),
      ['    --version', 'Print the version'],
      ['-h, --help', 'Print this help, or that of a command'],
    ]),
    '',
    ...(length === 'short'
      ? ['Options that say which cloud, and who you are: run glance help']
      : [
          'Which cloud, and who you are; glance auth-info shows what is in force:',
          ...table(await flagRows(common.identity)),
        ]),
    '',
  ].join('\n')
}

/** Help of one command; of the flags that every command has it only says where they are. */
export async function commandHelp(
  name: string,
  command: CommandDeclaration,
  common: FlagGroups,
): Promise<string> {
  const {description, examples = [], usage, fieldNames} = command
  const sharedFlags = {...common.connection, ...common.identity}
  const usesService = 'url' in command.flags
  const ownFlags = Object.entries(command.flags).filter(([flag]) => !usesService || !(flag in sharedFlags))
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
      ? ['Options of every command, such as --verbose, --url and --os-cloud: run glance help', '']
      : []),
    'Examples:',
    ...examples.map(example => `  ${example}`),
    '',
  ].join('\n')
}

function fieldHelp(use: FieldUse): string[] {
  const row = ({name, help}: {name: string; help: string}): Row => [name, help]
  if (use === 'filter') {
    const filters = [...FIELDS.filter(field => field.filter !== false), ...EXTRA_FILTERS]
    return ['Filters:', ...table(filters.map(row)), '', 'Any other name filters by a custom property.']
  }
  return [
    'Fields:',
    ...table(FIELDS.filter(field => canSet(field, use)).map(row)),
    '',
    'All other field names are custom properties, so be careful to spell field names correctly.',
  ]
}

async function flagRows(flags: Readonly<Record<string, FlagDeclaration>>): Promise<Row[]> {
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

/** Two columns; a left cell that is too long has its right cell on the next line. */
function table(rows: readonly Row[]): string[] {
  const width = Math.min(28, Math.max(...rows.map(([left]) => left.length)))
  return rows.map(([left, right]) =>
    left.length > width ? `  ${left}\n  ${' '.repeat(width)}  ${right}` : `  ${left.padEnd(width)}  ${right}`,
  )
}
