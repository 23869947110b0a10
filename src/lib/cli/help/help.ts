/** Makes the pages of the help from the declarations of commands. */
import {OUTPUT_FORMATS} from '../../work/output/output-formats.js'
import {commonGroup, connectionFlags, identityFlags} from '../flags/connection.js'
import {outputGroup} from '../flags/output.js'
import {type FieldUse, fieldHelp} from './help-fields.js'
import {type Block, GAP, type HelpPage, type Row, toParagraphs} from './help-layout.js'

/** The part of a flag declaration that help uses. */
export interface FlagDeclaration {
  readonly char?: string | undefined
  readonly type: 'boolean' | 'option'
  readonly helpValue?: string | readonly string[] | undefined
  readonly options?: readonly string[] | undefined
  readonly description?: string | undefined
  readonly defaultHelp?: unknown
  readonly bare?: string | undefined
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
  readonly id?: string | undefined
}

type FlagDeclarations = Readonly<Record<string, FlagDeclaration>>

/**
 * Help of the whole tool: commands and global flags.
 * @param length `short` leaves out the flags for cloud and login
 */
export async function toolHelp(
  commands: Readonly<Record<string, CommandDeclaration>>,
  length: 'short' | 'whole',
): Promise<HelpPage> {
  const rows: Row[] = Object.entries(commands).map(([name, {summary}]) => [name, summary ?? ''])
  const identity: HelpPage = [
    {paragraph: 'Cloud and login options; glance auth-info shows the settings in effect:'},
    {rows: await flagRows(identityFlags)},
  ]
  return [
    {lines: ['Usage: glance <command> [options] [args]', '', 'Commands:']},
    {rows: [['help <topic>', 'Show help for a command, a field, all fields or filters'], ...rows]},
    {lines: ['', 'Global options:']},
    {
      rows: [
        ...(await flagRows(connectionFlags)),
        ['    --version', 'Print the version'],
        ['-h, --help', 'Print help'],
      ],
    },
    GAP,
    {paragraph: 'Output options of the commands that print results:'},
    {rows: await flagRows(outputGroup.flags)},
    GAP,
    ...(length === 'short' ? [{paragraph: 'For cloud and login options, run: glance help'}] : identity),
  ]
}

/** Flags that the help of the tool describes; a command that describes one for itself lists it. */
const GLOBAL_FLAGS: Readonly<Record<string, unknown>> = commonGroup.flags

/** The flags of a command that the help of the tool does not describe. */
export function ownFlags({flags}: Pick<CommandDeclaration, 'flags'>): FlagDeclarations {
  const isGlobal = (name: string, flag: FlagDeclaration) => 'url' in flags && GLOBAL_FLAGS[name] === flag
  return Object.fromEntries(Object.entries(flags).filter(([name, flag]) => !isGlobal(name, flag)))
}

/** Help of one command. It refers to the help of the tool for global flags. */
export async function commandHelp(name: string, command: CommandDeclaration): Promise<HelpPage> {
  const {description, examples = [], usage, fieldNames, records} = command
  const own = await flagRows(ownFlags(command))
  const more = 'For global options (--verbose, --url, --os-cloud and others), run: glance help'
  return [
    {paragraph: `Usage: glance ${name} [options]${usage === '' ? '' : ` ${usage}`}`},
    GAP,
    ...toParagraphs(description ?? ''),
    GAP,
    ...argumentHelp(usage),
    ...(fieldNames === undefined ? [] : [...fieldHelp(fieldNames), GAP]),
    ...(own.length === 0 ? [] : [{lines: ['Options:']}, {rows: own}, GAP]),
    ...(records === undefined ? [] : [...outputHelp(records), GAP]),
    ...('url' in command.flags ? [{paragraph: more}, GAP] : []),
    {lines: ['Examples:']},
    ...examples.map(example => ({example: String(example)})),
  ]
}

/** The flags for output in short, with the formats and the columns. */
function outputHelp({fields, columns: names, id}: HelpRecords): Block[] {
  const known = fields.map(({name}) => name)
  const property = known.includes('properties') ? ', properties.KEY' : ''
  const isSelection = known.join() !== names.join()
  const fallback = isSelection ? ` [default of table, csv, tsv and value: ${names.join(', ')}]` : ''
  const formats = `${OUTPUT_FORMATS.slice(0, -1).join(', ')} or ${OUTPUT_FORMATS.at(-1)}`
  const rows: Row[] = [
    ['-o FORMAT', formats],
    ['-c COLUMN,...', `${known.join(', ')}${property}${fallback}`],
    ...(id === undefined ? [] : [['-q', 'ids alone'] as const]),
  ]
  return [{paragraph: 'Output options (also --human and --json; see glance help):'}, {rows}]
}

const PLACEHOLDERS: readonly Row[] = [
  ['ID', 'ID is the ID, the name or the URI of an image.'],
  ['MEMBER', 'MEMBER is the ID of a project, or its name where Keystone v3 finds it.'],
]

/** The meaning of the placeholders in a synopsis. */
function argumentHelp(usage: string): Block[] {
  const texts = PLACEHOLDERS.filter(([name]) => usage.split(' ').includes(name)).map(([, text]) => text)
  if (texts.length === 0) return []
  const input = `A - in ${texts.length > 1 ? 'their' : 'its'} place stands for IDs on standard input, one per line.`
  return [{paragraph: [...texts, input].join(' ')}, GAP]
}

/** The spelling of each flag, and its description with its default. */
export async function flagRows(flags: FlagDeclarations): Promise<Row[]> {
  const rows = Object.entries(flags).map(async ([name, flag]): Promise<Row> => {
    const value = flag.type === 'option' ? `=${placeholder(flag)}` : ''
    const shown = flag.bare === undefined ? value : `[${value}]`
    const fallback = typeof flag.defaultHelp === 'function' ? ` [default: ${await flag.defaultHelp({})}]` : ''
    return [`${flag.char ? `-${flag.char}, ` : '    '}--${name}${shown}`, `${describeFlag(flag)}${fallback}`]
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
