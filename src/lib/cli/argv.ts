/** The command line before any parser sees it: flags may stand before the command, and be spelt with `_`. */
import {usageError} from '../model/errors.js'

/** What argv needs to know of a flag. */
export interface FlagShape {
  readonly type: 'boolean' | 'option'
  readonly char?: string | undefined
  readonly aliases?: readonly string[] | undefined
}

type FlagShapes = Readonly<Record<string, FlagShape>>

export interface SplitArgv {
  /** The flags, without their values, that stand before the command. */
  readonly leadingFlags: readonly string[]
  /** The first word that is no flag and no value of one. */
  readonly command: string | undefined
  /** All other words in their order. */
  readonly rest: readonly string[]
}

/** Finds the command among the words; `glance -vH host add name=x` becomes `add` and `-vH host name=x`. */
export function splitArgv(argv: readonly string[], flags: FlagShapes): SplitArgv {
  const args = argv.map(normalizeFlag)
  const leadingFlags: string[] = []
  let index = 0
  while (index < args.length) {
    const arg = args[index] ?? ''
    if (arg === '--') return {leadingFlags, command: args[index + 1], rest: args.toSpliced(index + 1, 1)}
    if (!isFlag(arg)) return {leadingFlags, command: arg, rest: args.toSpliced(index, 1)}
    leadingFlags.push(arg)
    index += takesNextArg(arg, flags) ? 2 : 1
  }
  return {leadingFlags, command: undefined, rest: args}
}

/** Options that may be given empty: a script that begins a list has no marker yet. */
const MAY_BE_EMPTY = ['marker']

/**
 * Refuses what would be taken in another sense than it is meant: a value of a switch, which would become a word of its
 * own, and an empty value, which would count as none.
 * @throws Failure of kind usage
 */
export function validateArgv(args: readonly string[], flags: FlagShapes): void {
  const end = args.indexOf('--')
  for (const [index, arg] of args.slice(0, end < 0 ? undefined : end).entries()) {
    const [, spelling = '', value] = /^(--?[^=]+)(?:=(.*))?$/s.exec(arg) ?? []
    const [name = '', flag] = findFlag(spelling, flags) ?? []
    if (flag?.type === 'boolean' && value !== undefined) {
      throw usageError(`${spelling} takes no value`, {
        why: `'=${value}' stands behind it`,
        advice: 'It is on when it is given, and off when it is not.',
      })
    }
    const actualValue = value ?? (flag && takesNextArg(arg, flags) ? args[index + 1] : undefined)
    if (flag?.type === 'option' && actualValue === '' && !MAY_BE_EMPTY.includes(name)) {
      throw usageError(`The value of ${spelling} is empty`, {
        advice: 'Give a value, or leave the option out.',
      })
    }
  }
}

/** The flag that a spelling ends in: by its name, or the last letter of a cluster that is no value yet. */
function findFlag(spelling: string, flags: FlagShapes): [string, FlagShape] | undefined {
  const entries = Object.entries(flags)
  if (spelling.startsWith('--')) {
    const name = spelling.slice(2)
    return entries.find(([key, {aliases}]) => key === name || aliases?.includes(name))
  }
  const letters = [...spelling.slice(1)]
  const value = letters.findIndex(letter => takesValue(letter, flags))
  const last = value < 0 || value === letters.length - 1 ? letters.at(-1) : undefined
  return entries.find(([, {char}]) => last !== undefined && char === last)
}

/** Whether a switch is among the words, by its name or within a cluster such as `-vh`. */
export function hasSwitch(args: readonly string[], name: string, flags: FlagShapes, char?: string): boolean {
  const end = args.indexOf('--')
  return (end < 0 ? args : args.slice(0, end)).some(
    arg => arg === `--${name}` || (char !== undefined && parseSwitches(arg, flags).includes(char)),
  )
}

/** Whether a flag, whatever its spelling, is one of these or of the tool itself. */
export function isKnownFlag(arg: string, flags: FlagShapes): boolean {
  const [name = ''] = arg.replace(/^--?/, '').split('=')
  if (!arg.startsWith('--')) return Object.values(flags).some(({char}) => char === arg[1])
  return Object.entries(flags).some(([key, {aliases}]) => key === name || aliases?.includes(name))
}

/** The letters of a cluster up to the first that takes a value: what follows is that value. */
function parseSwitches(arg: string, flags: FlagShapes): string[] {
  if (!/^-[a-zA-Z]/.test(arg)) return []
  const letters = [...arg.slice(1)]
  const end = letters.findIndex(letter => takesValue(letter, flags))
  return end < 0 ? letters : letters.slice(0, end)
}

/** `--sort_key=name` is `--sort-key=name`; words behind `--` are no flags, but nobody spells a field with two dashes. */
function normalizeFlag(arg: string): string {
  const [, name, value] = /^(--[^=]+)(=.*)?$/s.exec(arg) ?? []
  return name === undefined ? arg : name.replaceAll('_', '-') + (value ?? '')
}

function isFlag(arg: string): boolean {
  return arg.length > 1 && arg.startsWith('-')
}

/** Whether a flag, or the last one of a cluster such as `-vH`, waits for its value in the next word. */
function takesNextArg(arg: string, flags: FlagShapes): boolean {
  if (arg.startsWith('--')) {
    const name = arg.slice(2)
    return Object.entries(flags).some(
      ([key, flag]) => flag.type === 'option' && (key === name || flag.aliases?.includes(name)),
    )
  }
  const position = [...arg.slice(1)].findIndex(letter => takesValue(letter, flags))
  return position >= 0 && position === arg.length - 2
}

function takesValue(letter: string, flags: FlagShapes): boolean {
  return Object.values(flags).some(flag => flag.type === 'option' && flag.char === letter)
}
