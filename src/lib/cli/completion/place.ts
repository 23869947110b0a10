/** Finds what the word at the cursor of a command line can be: a command, a flag, the value of one, or an argument. */
import {findFlag, isFlag, normalizeFlag, takesNextArg} from '../argv.js'
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
  const [command, ...args] = all
  const place = {prefix: '', values: {}, command, flags, args}
  if (pending !== undefined) return {...place, expects: 'value', values: table.flags[pending]?.values ?? {}}
  if (current.startsWith('-') && !isEnded) {
    const [, prefix, spelling = ''] = /^((--[^=]+)=)/.exec(current) ?? []
    if (prefix === undefined) return {...place, expects: 'flag'}
    const [name = ''] = findFlag(normalizeFlag(spelling), table.flags) ?? []
    return {...place, expects: 'value', prefix, values: table.flags[name]?.values ?? {}}
  }
  if (command === undefined) return {...place, expects: 'command'}
  return {...place, expects: 'value', values: findArg(table, command, args.length)}
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
    if (pending !== undefined) {
      flags.set(pending, word)
      pending = undefined
    } else if (isEnded || !isFlag(arg)) args.push(word)
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

function findArg({commands}: CompletionTable, command: string, position: number): Values {
  const args = Object.hasOwn(commands, command) ? (commands[command]?.args ?? []) : []
  const last = args.at(-1)
  return args[position] ?? (last?.isRepeatable ? last : {})
}
