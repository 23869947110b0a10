/** The facts that completion needs about commands, flags and fields: made from their declarations when the tool is built. */
import {readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import type {FlagShape} from '../argv.js'

/** Shells that can complete command lines. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof SHELLS)[number]

/** Values that are not a fixed list. */
export type ValueSource =
  | 'cloud'
  | 'add'
  | 'copy'
  | 'file'
  | 'filter'
  | 'folder'
  | 'image'
  | 'store'
  | 'topic'
  | 'update'

/** What an argument or the value of a flag can be: one of several texts, or what a source has. */
export interface Values {
  readonly choices?: readonly string[]
  readonly source?: ValueSource
  /** Several, separated by commas. */
  readonly isList?: true
}

/** A flag. */
export interface TableFlag extends FlagShape {
  readonly description: string
  readonly isRepeatable: boolean
  readonly values?: Values
}

/** A positional argument. */
export interface TableArg extends Values {
  readonly isRepeatable: boolean
}

/** A command. */
export interface TableCommand {
  readonly description: string
  /** Names of its flags. */
  readonly flags: readonly string[]
  readonly args: readonly TableArg[]
}

/** A field or a filter. */
export interface TableField {
  readonly description: string
  readonly choices?: readonly string[]
}

export interface CompletionTable {
  readonly flags: Readonly<Record<string, TableFlag>>
  /** Names of the flags that every command takes, whether it uses them or not. */
  readonly manualFlags: readonly string[]
  /** Names of the flags that precede a command. */
  readonly globalFlags: readonly string[]
  readonly commands: Readonly<Record<string, TableCommand>>
  /** Fields by their use. */
  readonly fields: Readonly<Record<'add' | 'update' | 'filter', Readonly<Record<string, TableField>>>>
  /** What `glance help` explains, with a description. */
  readonly topics: Readonly<Record<string, string>>
  /** Flags and variables that choose the service and the caller; none is a secret. */
  readonly connection: {readonly flags: readonly string[]; readonly variables: readonly string[]}
}

const FILE = join(import.meta.dirname, 'completion.json')

/** Reads the table that the build wrote. */
export function readTable(): CompletionTable {
  return JSON.parse(readFileSync(FILE, 'utf8')) as CompletionTable
}

/** Writes the table, in the build. */
export function writeTable(table: CompletionTable): void {
  writeFileSync(FILE, JSON.stringify(table))
}
