/** The syntax of shells: takes a line apart into words, and quotes words so that no shell evaluates anything in them. */

/** A word of a line that may not be complete. */
interface Word {
  /** The word without its quotes; variables are not replaced. */
  readonly text: string
  /** The quote that is not closed. */
  readonly quote: '' | '"' | "'"
  /** The text before the open quote, or before the last separator that is not quoted. */
  readonly kept: string
}

const EMPTY: Word = {text: '', quote: '', kept: ''}

/** A line up to the cursor. */
export interface Line {
  /** The complete words of the command. */
  readonly words: readonly string[]
  readonly current: Word
  /** The current word is the file of a redirection. */
  readonly isRedirected: boolean
}

/** Blanks; the end of a command; a redirection with its number; a quoted part; anything else. */
const TOKEN =
  /\s+|[|;()\n]+|&(?!>)|\d*(?:&?>>?|<{1,3}|<>)[|&]?|\\[\s\S]?|'[^']*'?|"(?:\\[\s\S]|[^"\\])*"?|[\s\S]/g

/**
 * Takes a line of bash apart up to its end, where the cursor is.
 * @param separators characters at which the shell breaks words, `COMP_WORDBREAKS`
 */
export function parseLine(line: string, separators: string): Line {
  const words: string[] = []
  let isRedirected = false
  let word: Word | undefined
  const end = () => {
    if (word !== undefined && !isRedirected) words.push(word.text)
    if (word !== undefined) isRedirected = false
    word = undefined
  }
  for (const [token] of line.matchAll(TOKEN)) {
    if (/^\s/.test(token)) end()
    else if (/^(?:[|;()]|&$)/.test(token)) {
      end()
      words.length = 0
      isRedirected = false
    } else if (/^\d*&?[<>]/.test(token)) {
      end()
      isRedirected = true
    } else word = extend(word ?? EMPTY, token, separators)
  }
  return {words, current: word ?? EMPTY, isRedirected}
}

function extend(word: Word, token: string, separators: string): Word {
  const [first = ''] = token
  if (first === '\\') return {...word, text: word.text + token.slice(1), quote: ''}
  if (first !== "'" && first !== '"') {
    const text = word.text + token
    return {text, quote: '', kept: separators.includes(token) ? text : word.kept}
  }
  const isClosed = token.length > 1 && token.endsWith(first) && !/(?<!\\)(?:\\\\)*\\"$/.test(token)
  const inner = token.slice(1, isClosed ? -1 : undefined)
  const text = word.text + (first === '"' ? inner.replaceAll(/\\([$`"\\\n])/g, '$1') : inner)
  return isClosed ? {...word, text, quote: ''} : {text, quote: first, kept: word.text}
}

const QUOTED_PART = /\\[\s\S]?|'[^']*'?|"(?:\\[\s\S]|[^"\\])*"?|[\s\S]/g

/** A single word without its quotes, of which the last may be open. */
export function unquote(word: string): string {
  const parts = word.match(QUOTED_PART) ?? []
  return parts.reduce((read, part) => extend(read, part, ''), EMPTY).text
}

/**
 * The text that bash puts in place of the current word to complete it to this one; undefined if quotes do not allow it.
 * Everything that bash would evaluate is escaped.
 */
export function quoteForBash(text: string, {quote, kept}: Word): string | undefined {
  if (!text.startsWith(kept)) return undefined
  const rest = text.slice(kept.length)
  if (quote === "'") return rest.replaceAll("'", String.raw`'\''`)
  // In double quotes nothing protects an exclamation mark from the history.
  if (quote === '"') return rest.includes('!') ? undefined : rest.replaceAll(/[$`"\\]/g, String.raw`\$&`)
  return rest.replaceAll(/[^\w@%+=:,./\u{80}-\u{10ffff}-]/gu, String.raw`\$&`)
}
