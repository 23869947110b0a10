/** Text that is safe on a terminal, and values in the notation of the first `glance`. */

/**
 * Controls, line separators, halves of surrogate pairs, and the invisible characters of format: those reorder a line
 * (U+202E, U+2066) or make two names look alike (U+200B, U+FEFF).
 */
export const UNSAFE_CHARACTERS = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

/** The same, and all characters that an output without Unicode cannot show. */
const NOT_ASCII = /[^\x20-\x7e]/gu

/** The characters to escape. @param isUnicode the output shows any character */
export function charactersToEscape(isUnicode: boolean): RegExp {
  return isUnicode ? UNSAFE_CHARACTERS : NOT_ASCII
}

/** Escapes characters that would move the cursor, break a line apart, reorder it, or not be seen. */
export function escapeControls(text: string, characters = UNSAFE_CHARACTERS): string {
  return text.replace(characters, char => {
    const code = char.codePointAt(0) ?? 0
    if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`
    return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`
  })
}

/** A value as the first `glance` printed it: `None`, `True`, `{'distro': 'Ubuntu'}`. Control characters stay. */
export function toPythonText(value: unknown): string {
  if (value === null || value === undefined) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (Array.isArray(value)) return `[${value.map(quoteValue).join(', ')}]`
  if (typeof value === 'object') return toPythonDict(value)
  return String(value)
}

function toPythonDict(value: object): string {
  const entries = Object.entries(value).map(([key, inner]) => `${quote(key)}: ${quoteValue(inner)}`)
  return `{${entries.join(', ')}}`
}

function quoteValue(value: unknown): string {
  return typeof value === 'string' ? quote(value) : toPythonText(value)
}

function quote(text: string): string {
  const escaped = text.replaceAll('\\', '\\\\')
  return escaped.includes("'") && !escaped.includes('"')
    ? `"${escaped}"`
    : `'${escaped.replaceAll("'", "\\'")}'`
}
