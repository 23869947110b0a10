/** The command line before any parser sees it: flags may stand before the command, and be spelt with `_`. */
import {usageError} from '../model/errors.js'

/** What argv needs to know of a flag. */
export interface FlagShape {
  readonly type: 'boolean' | 'option'
  readonly char?: string | undefined
  readonly aliases?: readonly string[] | undefined
}

type Flags = Readonly<Record<string, FlagShape>>

export interface Arranged {
  /** The flags, without their values, that stand before the command. */
  readonly before: readonly string[]
  /** The first word that is no flag and no value of one. */
  readonly command: string | undefined
  /** All other words in their order. */
  readonly rest: readonly string[]
}

/** Finds the command among the words; `glance -vH host add name=x` becomes `add` and `-vH host name=x`. */
export function arrange(argv: readonly string[], flags: Flags): Arranged {
  const words = argv.map(dashed)
  const before: string[] = []
  let index = 0
  while (index < words.length) {
    const word = words[index] ?? ''
    if (word === '--') return {before, command: words[index + 1], rest: words.toSpliced(index + 1, 1)}
    if (!isFlag(word)) return {before, command: word, rest: words.toSpliced(index, 1)}
    before.push(word)
    index += takesNextWord(word, flags) ? 2 : 1
  }
  return {before, command: undefined, rest: words}
}

/** Options that may be given empty: a script that begins a list has no marker yet. */
const MAY_BE_EMPTY = ['marker']

/**
 * Refuses what would be taken in another sense than it is meant: a value of a switch, which would become a word of its
 * own, and an empty value, which would count as none.
 * @throws Failure of kind usage
 */
export function requireSense(words: readonly string[], flags: Flags): void {
  const end = words.indexOf('--')
  for (const [index, word] of words.slice(0, end < 0 ? undefined : end).entries()) {
    const [, spelt = '', value] = /^(--?[^=]+)(?:=(.*))?$/s.exec(word) ?? []
    const [name = '', flag] = entryOf(spelt, flags) ?? []
    if (flag?.type === 'boolean' && value !== undefined) {
      throw usageError(`${spelt} takes no value`, {
        why: `'=${value}' stands behind it`,
        advice: 'It is on when it is given, and off when it is not.',
      })
    }
    const given = value ?? (flag && takesNextWord(word, flags) ? words[index + 1] : undefined)
    if (flag?.type === 'option' && given === '' && !MAY_BE_EMPTY.includes(name)) {
      throw usageError(`The value of ${spelt} is empty`, {advice: 'Give a value, or leave the option out.'})
    }
  }
}

/** The flag that a spelling ends in: by its name, or the last letter of a cluster that is no value yet. */
function entryOf(spelt: string, flags: Flags): [string, FlagShape] | undefined {
  const entries = Object.entries(flags)
  if (spelt.startsWith('--')) {
    const name = spelt.slice(2)
    return entries.find(([key, {aliases}]) => key === name || aliases?.includes(name))
  }
  const letters = [...spelt.slice(1)]
  const value = letters.findIndex(letter => takesValue(letter, flags))
  const last = value < 0 || value === letters.length - 1 ? letters.at(-1) : undefined
  return entries.find(([, {char}]) => last !== undefined && char === last)
}

/** Whether a switch is among the words, by its name or within a cluster such as `-vh`. */
export function hasSwitch(words: readonly string[], name: string, flags: Flags, char?: string): boolean {
  const end = words.indexOf('--')
  return (end < 0 ? words : words.slice(0, end)).some(
    word => word === `--${name}` || (char !== undefined && switchesIn(word, flags).includes(char)),
  )
}

/** Whether a flag, whatever its spelling, is one of these or of the tool itself. */
export function isKnown(word: string, flags: Flags): boolean {
  const [name = ''] = word.replace(/^--?/, '').split('=')
  if (!word.startsWith('--')) return Object.values(flags).some(({char}) => char === word[1])
  return Object.entries(flags).some(([key, {aliases}]) => key === name || aliases?.includes(name))
}

/** The letters of a cluster up to the first that takes a value: what follows is that value. */
function switchesIn(word: string, flags: Flags): string[] {
  if (!/^-[a-zA-Z]/.test(word)) return []
  const letters = [...word.slice(1)]
  const end = letters.findIndex(letter => takesValue(letter, flags))
  return end < 0 ? letters : letters.slice(0, end)
}

/** `--sort_key=name` is `--sort-key=name`; words behind `--` are no flags, but nobody spells a field with two dashes. */
function dashed(word: string): string {
  const [, name, value] = /^(--[^=]+)(=.*)?$/s.exec(word) ?? []
  return name === undefined ? word : name.replaceAll('_', '-') + (value ?? '')
}

function isFlag(word: string): boolean {
  return word.length > 1 && word.startsWith('-')
}

/** Whether a flag, or the last one of a cluster such as `-vH`, waits for its value in the next word. */
function takesNextWord(word: string, flags: Flags): boolean {
  if (word.startsWith('--')) {
    const name = word.slice(2)
    return Object.entries(flags).some(
      ([key, flag]) => flag.type === 'option' && (key === name || flag.aliases?.includes(name)),
    )
  }
  const position = [...word.slice(1)].findIndex(letter => takesValue(letter, flags))
  return position >= 0 && position === word.length - 2
}

function takesValue(letter: string, flags: Flags): boolean {
  return Object.values(flags).some(flag => flag.type === 'option' && flag.char === letter)
}
