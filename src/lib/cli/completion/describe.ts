/** Makes the tables for completion and for the start from the declarations of commands, flags and fields. */
import {SETTING_NAMES, settingRow} from '../../identity/setting-table.js'
import {canSet} from '../../model/draft.js'
import type {Field} from '../../model/field.js'
import {FIELDS, IMAGE_FIELDS} from '../../model/fields.js'
import {EXTRA_FILTERS} from '../../model/filter-names.js'
import {STATUSES} from '../../model/image.js'
import {manualFlags} from '../flags/changes.js'
import {commonGroup} from '../flags/connection.js'
import {topicDescriptions} from '../help/topics.js'
import type {StartTable} from '../start-table.js'
import type {CompletionTable, TableArg, TableCommand, TableField, TableFlag, Values} from './table.js'

/** The part of a declaration of a flag that completion uses. */
interface CompletedFlag {
  readonly type: 'boolean' | 'option'
  readonly char?: string | undefined
  readonly aliases?: readonly string[] | undefined
  readonly description?: string | undefined
  readonly helpValue?: string | readonly string[] | undefined
  readonly options?: readonly string[] | undefined
  readonly multiple?: boolean | undefined
  readonly bare?: string | undefined
}

/** The part of a declaration of a command that completion uses. */
interface CompletedCommand {
  readonly summary?: string | undefined
  readonly args: Readonly<Record<string, object>>
  readonly flags: Readonly<Record<string, CompletedFlag>>
}

/** @param flags all flags */
export function describeForCompletion(
  commands: Readonly<Record<string, CompletedCommand>>,
  flags: Readonly<Record<string, CompletedFlag>>,
): CompletionTable {
  const rows = Object.entries(commands).map(([name, command]) => [name, toTableCommand(command)])
  const help = {description: 'Show help', flags: [], args: [{source: 'topic', isRepeatable: false}]}
  const summaries = Object.entries(commands).map(([name, {summary = ''}]) => [name, summary])
  return {
    flags: mapValues(flags, toTableFlag),
    manualFlags: Object.keys(manualFlags),
    globalFlags: [...Object.keys(commonGroup.flags), 'version'],
    commands: {...Object.fromEntries(rows), help},
    fields: {
      add: toTableFields(FIELDS.filter(field => canSet(field, 'add'))),
      update: toTableFields(FIELDS.filter(field => canSet(field, 'update'))),
      filter: {...toTableFields(FIELDS.filter(({filter}) => filter !== false)), ...extraFilters()},
    },
    topics: {...Object.fromEntries(summaries), ...topicDescriptions()},
    connection: describeConnection(),
  }
}

function toTableCommand({summary = '', args, flags}: CompletedCommand): TableCommand {
  return {description: summary, flags: Object.keys(flags), args: Object.values(args).map(toTableArg)}
}

/** @param arg a declaration with `completes`, see `args.ts` */
function toTableArg(arg: object): TableArg {
  const isRepeatable = 'multiple' in arg && arg.multiple === true
  return {...('completes' in arg ? (arg.completes as Values) : {}), isRepeatable}
}

function toTableFlag(flag: CompletedFlag): TableFlag {
  const {type, char, aliases, description = '', multiple = false, options, bare} = flag
  return {
    type,
    ...(char !== undefined && {char}),
    ...(aliases !== undefined && {aliases}),
    description,
    ...(bare !== undefined && {bare, options}),
    isRepeatable: multiple,
    values: type === 'option' ? toValues(flag) : {},
  }
}

/** The values that a placeholder of help stands for. */
const VALUES: Readonly<Record<string, Values>> = {
  CLOUD: {source: 'cloud'},
  'NAME,...': {choices: IMAGE_FIELDS.map(({name}) => name), isList: true},
  DIR: {source: 'folder'},
  FILE: {source: 'file'},
  IMAGE: {source: 'image'},
  PATH: {source: 'file'},
  STATUS: {choices: STATUSES},
  STORE: {source: 'store'},
}

function toValues({options, helpValue}: CompletedFlag): Values {
  if (options !== undefined) return {choices: options}
  const placeholder = String(helpValue ?? '')
  if (/^[a-z\d|]+$/.test(placeholder)) return {choices: placeholder.split('|')}
  return VALUES[placeholder] ?? {}
}

function toTableFields(fields: readonly Field[]): Record<string, TableField> {
  return Object.fromEntries(
    fields.map(({name, help, kind, choices, known}) => [
      name,
      toTableField(help, kind === 'boolean' ? ['true', 'false'] : (choices ?? known)),
    ]),
  )
}

function toTableField(description: string, choices: readonly string[] | undefined): TableField {
  return {description, ...(choices !== undefined && {choices})}
}

function extraFilters(): Record<string, TableField> {
  return Object.fromEntries(EXTRA_FILTERS.map(({name, help, choices}) => [name, toTableField(help, choices)]))
}

/** Everything that selects a service and a caller, except secrets. */
function describeConnection(): CompletionTable['connection'] {
  const rows = SETTING_NAMES.map(settingRow).filter(({secret}) => !secret)
  return {
    flags: ['os-cloud', 'host', 'port', 'ssl', ...rows.flatMap(({flag}) => flag ?? [])],
    variables: ['OS_CLOUD', 'OS_CLIENT_CONFIG_FILE', ...rows.flatMap(({env = []}) => env)],
  }
}

/** Takes from the table for completion what the start needs. */
export function shortenTable({flags, manualFlags, commands, topics}: CompletionTable): StartTable {
  const [first = [], ...others] = Object.values(commands)
    .map(command => command.flags)
    .filter(isForService)
  const commonFlags = first.filter(name => others.every(names => names.includes(name)))
  return {
    flags: mapValues(flags, ({type, char, aliases, bare, options}) => ({type, char, aliases, bare, options})),
    manualFlags,
    commonFlags,
    commands: mapValues(commands, command => {
      const hasCommonFlags = isForService(command.flags)
      const isOwn = (name: string) => !(hasCommonFlags && commonFlags.includes(name))
      return {hasCommonFlags, flags: command.flags.filter(isOwn)}
    }),
    topics: Object.keys(topics),
  }
}

/** True for the flags of a command that talks to a service. */
function isForService(flags: readonly string[]): boolean {
  return flags.includes('url')
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, convert: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, convert(value)]))
}
