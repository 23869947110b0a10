/** Text that is safe on a terminal, and values in the notation of the first `glance`. */

/** Escapes control characters, which would let a name move the cursor or break a line apart. */
export function escapeControls(text: string): string {
  return text.replace(/[\x00-\x1f\x7f-\x9f\u2028\u2029]/g, char => {
    const code = char.charCodeAt(0)
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16)}`
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
