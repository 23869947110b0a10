/** Prepares the command line for the parser: flags may precede the command, and be written with `_`. */
import {usageError} from '../model/errors.js'

/** The part of a flag declaration that argv uses. */
export interface FlagShape {
  readonly type: 'boolean' | 'option'
  readonly char?: string | undefined
  readonly aliases?: readonly string[] | undefined
  readonly options?: readonly string[] | undefined
  /** The value of an option that is given alone: the next argument is its value only if it is one of `options`. */
  readonly bare?: string | undefined
}

/** Flags by their names. */
export type FlagShapes = Readonly<Record<string, FlagShape>>

/** A command line, split at the command. */
export interface SplitArgv {
  /** The flags before the command, without their values. */
  readonly leadingFlags: readonly string[]
  /** The first argument that is neither a flag nor the value of one. */
  readonly command: string | undefined
  /** All other arguments in their order. */
  readonly rest: readonly string[]
}

/** Finds the command among the arguments; `glance -vH host add name=x` becomes `add` and `-vH host name=x`. */
export function splitArgv(argv: readonly string[], flags: FlagShapes): SplitArgv {
  const args = fillBareFlags(argv.map(normalizeFlag), flags)
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

/**
 * Finds the command, which may be written as two words: `store list` is `store-list`, unless `store` is a command. Words
 * after a command are never taken for a part of it, so that an image can be called `list`.
 */
export function splitCommand(
  argv: readonly string[],
  flags: FlagShapes,
  isCommand: (name: string) => boolean,
): SplitArgv {
  const line = splitArgv(argv, flags)
  if (line.command === undefined || isCommand(line.command)) return line
  const next = splitArgv(line.rest, flags)
  const command = `${line.command}-${next.command}`
  return isCommand(command) ? {...line, command, rest: next.rest} : line
}

/** Gives options their value that are given alone: `--import name=x` becomes `--import=web-download name=x`. */
function fillBareFlags(args: readonly string[], flags: FlagShapes): string[] {
  const own = beforeEnd(args)
  const filled: string[] = []
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? ''
    const [, flag] = (index < own.length && arg.startsWith('--') && findFlag(arg, flags)) || []
    const next = own[index + 1] ?? ''
    if (flag?.bare === undefined) filled.push(arg)
    else if (flag.options?.includes(next)) {
      filled.push(`${arg}=${next}`)
      index += 1
    } else filled.push(`${arg}=${flag.bare}`)
  }
  return filled
}

/** The first words of a command line that are neither flags nor values of flags. */
export function firstWords(argv: readonly string[], flags: FlagShapes, count: number): string[] {
  const words: string[] = []
  let line = splitArgv(argv, flags)
  while (line.command !== undefined && words.length < count) {
    words.push(line.command)
    line = splitArgv(line.rest, flags)
  }
  return words
}

/** Options that accept an empty value: a script that starts a list has no marker yet. */
const MAY_BE_EMPTY = ['marker']

/**
 * Rejects a value given to a switch, which the parser would take for an argument, and an empty option value, which
 * would count as none.
 * @throws Failure of kind usage
 */
export function validateArgv(args: readonly string[], flags: FlagShapes): void {
  for (const [index, arg] of beforeEnd(args).entries()) {
    const [, spelling = '', value] = /^(--?[^=]+)(?:=(.*))?$/s.exec(arg) ?? []
    const [name = '', flag] = findFlag(spelling, flags) ?? []
    if (flag?.type === 'boolean' && value !== undefined) {
      throw usageError(`${spelling} does not take a value (got '=${value}')`, {
        advice:
          spelling === '--json' && /^\w+(,\w+)+$/.test(value)
            ? `To choose columns, write --json -c ${value}`
            : 'Leave it out to turn it off.',
      })
    }
    const actualValue = value ?? (flag && takesNextArg(arg, flags) ? args[index + 1] : undefined)
    if (flag?.type === 'option' && actualValue === '' && !MAY_BE_EMPTY.includes(name)) {
      throw usageError(`the value of ${spelling} is empty`, {
        advice: 'Give a value, or leave the option out.',
      })
    }
  }
}

/** The flag that a spelling ends with: a name, or the last letter of a cluster unless it belongs to a value. */
export function findFlag(spelling: string, flags: FlagShapes): [string, FlagShape] | undefined {
  if (spelling.startsWith('--')) {
    const name = spelling.slice(2)
    const flag = Object.hasOwn(flags, name) ? flags[name] : undefined
    return flag === undefined ? findEntry(flags, ({aliases}) => aliases?.includes(name)) : [name, flag]
  }
  const letters = [...spelling.slice(1)]
  const value = letters.findIndex(letter => takesValue(letter, flags))
  const last = value < 0 || value === letters.length - 1 ? letters.at(-1) : undefined
  return last === undefined ? undefined : findEntry(flags, ({char}) => char === last)
}

/** The first flag of a kind. It makes no list of all flags, because it runs for each argument of every command line. */
function findEntry(
  flags: FlagShapes,
  isMeant: (flag: FlagShape) => boolean | undefined,
): [string, FlagShape] | undefined {
  for (const name in flags) {
    const flag = flags[name]
    if (flag !== undefined && isMeant(flag)) return [name, flag]
  }
  return undefined
}

/** True if the arguments hold a switch, by its name or within a cluster like `-vh`. */
export function hasSwitch(args: readonly string[], name: string, flags: FlagShapes, char?: string): boolean {
  return beforeEnd(args).some(
    arg => arg === `--${name}` || (char !== undefined && parseSwitches(arg, flags).includes(char)),
  )
}

/** The last value of an option, in any spelling: `--format json`, `--format=json`, `-o json`, `-ojson`, `-vo json`. */
export function findValue(args: readonly string[], name: string, flags: FlagShapes): string | undefined {
  const own = beforeEnd(args)
  const values = own.map((arg, index) => {
    const [, spelling = '', inline] = /^(--[^=]+|-[a-zA-Z]+)=?(.*)$/s.exec(arg) ?? []
    if (spelling.startsWith('--')) {
      if (findFlag(spelling, flags)?.[0] !== name) return undefined
      return arg.includes('=') ? inline : own[index + 1]
    }
    const letters = [...arg.slice(1)]
    const position = arg.startsWith('-') ? letters.findIndex(letter => takesValue(letter, flags)) : -1
    if (position < 0 || letters[position] !== flags[name]?.char) return undefined
    return position === letters.length - 1 ? own[index + 1] : letters.slice(position + 1).join('')
  })
  return values.findLast(value => value !== undefined)
}

/** The first flag with a long name that is none of these. It can be overlooked after an option without its value. */
export function findForeignFlag(args: readonly string[], flags: FlagShapes): string | undefined {
  const own = beforeEnd(args)
  return own.find(
    (arg, n) => arg.startsWith('--') && !takesNextArg(own[n - 1] ?? '', flags) && !isKnownFlag(arg, flags),
  )
}

/** True if a flag, in any spelling, is one of these. */
export function isKnownFlag(arg: string, flags: FlagShapes): boolean {
  if (!arg.startsWith('--')) return findEntry(flags, ({char}) => char === arg[1]) !== undefined
  return findFlag(arg.replace(/=.*/s, ''), flags) !== undefined
}

/** The arguments before `--`, after which there are no flags. */
function beforeEnd(args: readonly string[]): readonly string[] {
  const end = args.indexOf('--')
  return end < 0 ? args : args.slice(0, end)
}

/** The letters of a cluster before the first one that takes a value: the rest is that value. */
function parseSwitches(arg: string, flags: FlagShapes): string[] {
  if (!/^-[a-zA-Z]/.test(arg)) return []
  const letters = [...arg.slice(1)]
  const end = letters.findIndex(letter => takesValue(letter, flags))
  return end < 0 ? letters : letters.slice(0, end)
}

/** `--sort_key=name` becomes `--sort-key=name`. Arguments after `--` too, since no field starts with two dashes. */
export function normalizeFlag(arg: string): string {
  const [, name, value] = /^(--[^=]+)(=.*)?$/s.exec(arg) ?? []
  return name === undefined ? arg : name.replaceAll('_', '-') + (value ?? '')
}

/** True for a flag or a cluster of them; `-` alone is standard input. */
export function isFlag(arg: string): boolean {
  return arg.length > 1 && arg.startsWith('-')
}

/** True if the value of a flag, or of the last one of a cluster like `-vH`, is the next argument. */
export function takesNextArg(arg: string, flags: FlagShapes): boolean {
  if (arg.startsWith('--')) return findFlag(arg, flags)?.[1].type === 'option'
  const position = [...arg.slice(1)].findIndex(letter => takesValue(letter, flags))
  return position >= 0 && position === arg.length - 2
}

function takesValue(letter: string, flags: FlagShapes): boolean {
  return findEntry(flags, ({type, char}) => type === 'option' && char === letter) !== undefined
}
