/** What the start needs to know about commands and flags, in a file that the build writes: no command is loaded to know its flags. */
import {readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import type {FlagShapes} from './argv.js'

/** The table, small because every run reads it. */
export interface StartTable {
  readonly flags: FlagShapes
  /** Names of the flags that every command takes, whether it uses them or not. */
  readonly manualFlags: readonly string[]
  /** Names of the flags that all commands take that talk to a service. */
  readonly commonFlags: readonly string[]
  readonly commands: Readonly<Record<string, StartCommand>>
  /** What `glance help` explains besides commands. */
  readonly topics: readonly string[]
}

interface StartCommand {
  readonly hasCommonFlags: boolean
  /** Names of its other flags. */
  readonly flags: readonly string[]
}

const FILE = join(import.meta.dirname, 'start.json')

/** Reads the table that the build wrote. */
export function readStartTable(): StartTable {
  return JSON.parse(readFileSync(FILE, 'utf8')) as StartTable
}

/** Writes the table, in the build. */
export function writeStartTable(table: StartTable): void {
  writeFileSync(FILE, JSON.stringify(table))
}

/** Names of the flags of a command; none of an unknown one. */
export function flagsOf(name: string, {commands, commonFlags}: StartTable): readonly string[] {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  return command === undefined ? [] : [...(command.hasCommonFlags ? commonFlags : []), ...command.flags]
}
