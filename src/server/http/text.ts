/** Header text: Node hands header bytes over as Latin-1 characters, people write UTF-8. */

const strictUtf8 = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true})

/** The text of header bytes: UTF-8 when they are valid UTF-8 (v1-wire L1), else Latin-1 (L6). */
export function textOfHeader(value: string): string {
  if (isAscii(value)) return value
  try {
    return strictUtf8.decode(Buffer.from(value, 'latin1'))
  } catch {
    return value
  }
}

/** The text as a header value: UTF-8 bytes (v1-wire L2), control characters as spaces. */
export function headerOfText(text: string): string {
  const clean = text.replace(/[\x00-\x08\x0a-\x1f\x7f]/g, ' ')
  return isAscii(clean) ? clean : Buffer.from(clean, 'utf8').toString('latin1')
}

function isAscii(text: string): boolean {
  return /^[\x00-\x7f]*$/.test(text)
}
