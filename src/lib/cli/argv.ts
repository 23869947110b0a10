/** The command line before any parser sees it: flags may stand before the command, and be spelt with `_`. */

/** What argv needs to know of a flag. */
export interface FlagShape {
  readonly type: 'boolean' | 'option'
  readonly char?: string | undefined
  readonly aliases?: readonly string[] | undefined
}

export interface Arranged {
  /** The first word that is no flag and no value of one. */
  readonly command: string | undefined
  /** All other words in their order. */
  readonly rest: readonly string[]
}

/** Finds the command among the words; `glance -vH host add name=x` becomes `add` and `-vH host name=x`. */
export function arrange(argv: readonly string[], flags: Readonly<Record<string, FlagShape>>): Arranged {
  const words = argv.map(dashed)
  let index = 0
  while (index < words.length) {
    const word = words[index] ?? ''
    if (word === '--') return {command: words[index + 1], rest: words.toSpliced(index + 1, 1)}
    if (!isFlag(word)) return {command: word, rest: words.toSpliced(index, 1)}
    index += takesNextWord(word, flags) ? 2 : 1
  }
  return {command: undefined, rest: words}
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
function takesNextWord(word: string, flags: Readonly<Record<string, FlagShape>>): boolean {
  const all = Object.entries(flags)
  if (word.startsWith('--')) {
    const name = word.slice(2)
    return all.some(([key, flag]) => flag.type === 'option' && (key === name || flag.aliases?.includes(name)))
  }
  const takesValue = (char: string) => all.some(([, flag]) => flag.type === 'option' && flag.char === char)
  const position = [...word.slice(1)].findIndex(takesValue)
  return position >= 0 && position === word.length - 2
}
