/** Operator settings: how one is declared, and how the values of a group are read and checked. */
import {usageError} from '../../lib/model/errors.js'

/** A setting of the service in a configuration file, in the environment or on the command line. */
export interface Setting<T = unknown> {
  /** One line for help and samples, without a full stop; names the unit. */
  readonly help: string
  /** Value if it is not given. */
  readonly default: T
  /** What a value must look like, for error messages. */
  readonly expected: string
  /** Never shown, and refused on the command line; a function decides for each value. */
  readonly isSecret?: boolean | ((text: string) => boolean)
  /** A flag of it means true without a value. */
  readonly isSwitch?: boolean
  /** A running service takes a new value when it reloads its settings; others need a restart. */
  readonly isReloaded?: boolean
  /** @returns undefined for an invalid value */
  parse(text: string): T | undefined
}

/** Settings by name. The names are those of the administration manual, and of later releases of the original. */
export type SettingTable = Readonly<Record<string, Setting>>

/** The values of the settings in a table. */
export type ValuesOf<Table extends SettingTable> = {
  readonly [Name in keyof Table]: Table[Name] extends Setting<infer T> ? T : never
}

/** A value that was given, and where: text for error messages. */
export interface GivenValue {
  readonly text: string
  readonly from: string
}

/** Finds the value of a setting that was given; undefined if it was not. */
export type FindValue = (name: string) => GivenValue | undefined

/** Reads the settings of a table. @throws Failure `usage` for an invalid value */
export function readSettings<Table extends SettingTable>(table: Table, find: FindValue): ValuesOf<Table> {
  const entries = Object.entries(table).map(([name, setting]) => [name, readSetting(name, setting, find)])
  return Object.fromEntries(entries)
}

function readSetting(name: string, setting: Setting, find: FindValue): unknown {
  const given = find(name)
  if (given === undefined) return setting.default
  const value = setting.parse(given.text)
  if (value !== undefined) return value
  const text = hidesValue(setting, given.text) ? '' : ` '${given.text}'`
  throw usageError(`invalid ${name}${text} in ${given.from}: expected ${setting.expected}`)
}

/** True if a value is a secret. */
export function hidesValue({isSecret = false}: Setting, text: string): boolean {
  return typeof isSecret === 'boolean' ? isSecret : isSecret(text)
}

/** The value of a text that must be given. @param what what requires it @throws Failure `usage` */
export function requireSetting<Values extends object>(
  what: string,
  settings: Values,
  name: keyof Values & string,
): string {
  const value = settings[name]
  if (typeof value === 'string' && value !== '') return value
  throw usageError(`${what} requires ${name}`, {
    advice: `Set GLANCE_${name.toUpperCase()}, or write it into a file for --config-file.`,
  })
}

/** The same settings, which a running service takes when it reloads. */
export function reloaded<const Table extends SettingTable>(table: Table): Table {
  const entries = Object.entries(table).map(([name, setting]) => [name, {...setting, isReloaded: true}])
  return Object.fromEntries(entries)
}

/** A text that may be absent. */
export function text(help: string): Setting<string | undefined> {
  return {help, default: undefined, expected: 'a text', parse: given => given}
}

/** A text with a default. */
export function textWithDefault(help: string, value: string): Setting<string> {
  return {help, default: value, expected: 'a text', parse: given => given || undefined}
}

/** A password or a key. */
export function secret(help: string): Setting<string | undefined> {
  return {...text(help), isSecret: true}
}

/** A URL that may contain a password: it is a secret only then. */
export function secretUrl(help: string): Setting<string | undefined> {
  return {...text(help), isSecret: hasPassword}
}

/** True if a URL has, or may have, a password: one in doubt counts as a secret. */
export function hasPassword(url: string): boolean {
  return !url.startsWith('sqlite:') && /:(?!\/\/).*@|password/is.test(url)
}

/** One of some words. */
export function oneOf<const Word extends string>(
  help: string,
  words: readonly Word[],
  value: Word,
): Setting<Word> {
  return {
    help: `${help}: ${words.join(', ')}`,
    default: value,
    expected: words.join(' or '),
    parse: given => words.find(word => word === given.toLowerCase()),
  }
}

/** A whole number from `min` to `max`. */
export function whole(
  help: string,
  value: number,
  {min = 0, max = Number.MAX_SAFE_INTEGER}: {readonly min?: number; readonly max?: number} = {},
): Setting<number> {
  const isUnbounded = max === Number.MAX_SAFE_INTEGER
  return {
    help,
    default: value,
    expected: isUnbounded ? `a whole number, ${min} or greater` : `a whole number from ${min} to ${max}`,
    parse: given => {
      const number = /^-?\d+$/.test(given) ? Number(given) : Number.NaN
      return number >= min && number <= max ? number : undefined
    },
  }
}

/** Longer ones end at once: the runtime and PostgreSQL count milliseconds in 31 bits. */
const MAX_SECONDS = 2_147_483

/** A time to wait, in whole seconds from `min`. */
export function seconds(
  help: string,
  value: number,
  {min = 1}: {readonly min?: number} = {},
): Setting<number> {
  return whole(help, value, {min, max: MAX_SECONDS})
}

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  kb: 1024,
  mb: 1024 ** 2,
  gb: 1024 ** 3,
  tb: 1024 ** 4,
}

/** A number of bytes, also with a unit: `10GB`. @param least such a text; absent: 0 */
export function bytes(help: string, value: number, least = '0'): Setting<number> {
  const min = parseBytes(least) ?? 0
  return {
    help,
    default: value,
    expected: `a number of bytes, or a number with B, KB, MB, GB or TB${min > 0 ? `, ${least} or more` : ''}`,
    parse: given => {
      const size = parseBytes(given)
      return size !== undefined && size >= min ? size : undefined
    },
  }
}

function parseBytes(given: string): number | undefined {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)\s*([kmgt]?b)?$/i.exec(given) ?? []
  const size = Math.floor(Number(number || Number.NaN) * (UNITS[unit.toLowerCase()] ?? Number.NaN))
  return Number.isSafeInteger(size) ? size : undefined
}

const TRUE = ['true', '1', 'yes', 'on']
const FALSE = ['false', '0', 'no', 'off']

/** `true` or `false`, also as 1, 0, yes, no, on and off. */
export function yesNo(help: string, value: boolean): Setting<boolean> {
  return {
    help,
    default: value,
    expected: 'true or false',
    isSwitch: true,
    parse: given => {
      const word = given.toLowerCase()
      return TRUE.includes(word) || (FALSE.includes(word) ? false : undefined)
    },
  }
}

/** Texts, separated by commas. */
export function list(help: string, value: readonly string[] = []): Setting<readonly string[]> {
  return {
    help,
    default: value,
    expected: 'a list, separated by commas',
    parse: given =>
      given
        .split(',')
        .map(item => item.trim())
        .filter(item => item !== ''),
  }
}
