/** Decides, in one place, what an output can show: colours, and characters outside of ASCII. */
import type {Io, Output} from './io.js'

/** What an output can show. */
export interface OutputTraits {
  readonly isTerminal: boolean
  /** Characters in a line of the terminal; undefined without one. */
  readonly columns: number | undefined
  readonly hasColour: boolean
  /** Shows any character; otherwise only those of ASCII. Always true without a terminal, where bytes are kept. */
  readonly isUnicode: boolean
}

/** The traits of an output. Colours are for terminals only; `NO_COLOR` and `TERM=dumb` turn them off. */
export function inspectOutput({isTerminal, columns}: Output, env: Io['env']): OutputTraits {
  return {
    isTerminal,
    columns,
    hasColour: isTerminal && !env['NO_COLOR'] && env['TERM'] !== 'dumb',
    isUnicode: !isTerminal || isUtf8Locale(env),
  }
}

/**
 * True unless the locale names another encoding, as `C`, `POSIX` and `de_DE.ISO-8859-1` do. Containers often have no
 * locale, and terminals that show UTF-8.
 */
export function isUtf8Locale(env: Io['env']): boolean {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || ''
  if (locale === 'C' || locale === 'POSIX') return false
  const [, encoding = 'UTF-8'] = /\.([^@]*)/.exec(locale) ?? []
  return /^utf-?8$/i.test(encoding)
}
