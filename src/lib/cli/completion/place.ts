/** Finds what the word at the cursor of a command line can be: a command, a flag, the value of one, or an argument. */
import {type FlagShape, findFlag, isFlag, normalizeFlag, takesNextArg} from '../argv.js'
import type {CompletionTable, Values} from './table.js'

/** What the current word can be. */
export interface Place {
  readonly expects: 'command' | 'flag' | 'value'
  /** The possible values, if a value is expected. */
  readonly values: Values
  /** The beginning of the current word that precedes the value: `--file=`. */
  readonly prefix: string
  /** Undefined before the command. */
  readonly command: string | undefined
  /** The flags before the cursor with their values; the value of a switch is empty. */
  readonly flags: ReadonlyMap<string, string>
  /** The arguments of the command before the cursor. */
  readonly args: readonly string[]
}

/**
 * @param words the complete words after the name of the tool
 * @param current the word at the cursor, up to the cursor
 */
export function findPlace(words: readonly string[], current: string, table: CompletionTable): Place {
  const scanned = scan(words, table)
  const {pending, isEnded, flags, args: all} = scanned
  const [command, ...args] = joinCommand(all, table)
  const place = {prefix: '', values: {}, command, flags, args}
  if (pending !== undefined) return {...place, expects: 'value', values: table.flags[pending]?.values ?? {}}
  if (current.startsWith('-') && !isEnded) {
    const [, prefix, spelling = ''] = /^((--[^=]+)=)/.exec(current) ?? []
    if (prefix === undefined) return {...place, expects: 'flag'}
    const [name = ''] = findFlag(normalizeFlag(spelling), table.flags) ?? []
    return {...place, expects: 'value', prefix, values: table.flags[name]?.values ?? {}}
  }
  if (command === undefined) return {...place, expects: 'command'}
  const seconds = args.length === 0 ? secondWords(table, command) : []
  const values = seconds.length > 0 ? {choices: seconds} : findArg(table, command, args.length)
  return {...place, expects: 'value', values}
}

/** The words with those of the command as one: `store list` is `store-list`, unless `store` is a command. */
function joinCommand(words: readonly string[], {commands}: CompletionTable): readonly string[] {
  const [first = '', second = '', ...rest] = words
  const joined = `${first}-${second}`
  return !Object.hasOwn(commands, first) && Object.hasOwn(commands, joined) ? [joined, ...rest] : words
}

/** What may follow the first word of a command of two; nothing after a command. */
function secondWords({commands}: CompletionTable, first: string): string[] {
  const prefix = `${first}-`
  if (Object.hasOwn(commands, first)) return []
  return Object.keys(commands).flatMap(name => (name.startsWith(prefix) ? name.slice(prefix.length) : []))
}

interface Scanned {
  readonly flags: ReadonlyMap<string, string>
  /** The command and its arguments. */
  readonly args: readonly string[]
  /** The flag whose value is the current word. */
  readonly pending: string | undefined
  /** `--` was given: no flags follow. */
  readonly isEnded: boolean
}

function scan(words: readonly string[], {flags: known}: CompletionTable): Scanned {
  const flags = new Map<string, string>()
  const args: string[] = []
  let pending: string | undefined
  let isEnded = false
  for (const word of words) {
    const arg = normalizeFlag(word)
    const standsAlone = pending !== undefined && !takesWord(known[pending], word)
    if (pending !== undefined) flags.set(pending, standsAlone ? '' : word)
    const isValue = pending !== undefined && !standsAlone
    pending = undefined
    if (isValue) continue
    if (isEnded || !isFlag(arg)) args.push(word)
    else if (arg === '--') isEnded = true
    else {
      const [, spelling = '', value = ''] = /^(--?[^=]+)(?:=(.*))?$/s.exec(arg) ?? []
      const [name] = findFlag(spelling, known) ?? []
      if (name !== undefined) flags.set(name, value)
      if (takesNextArg(arg, known)) pending = name
    }
  }
  return {flags, args, pending, isEnded}
}

/** False for a word after an option that may be given alone, unless it is one of its values. */
function takesWord(flag: FlagShape | undefined, word: string): boolean {
  return flag?.bare === undefined || flag.options?.includes(word) === true
}

function findArg({commands}: CompletionTable, command: string, position: number): Values {
  const args = Object.hasOwn(commands, command) ? (commands[command]?.args ?? []) : []
  const last = args.at(-1)
  return args[position] ?? (last?.isRepeatable ? last : {})
}
