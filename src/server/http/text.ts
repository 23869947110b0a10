/** Text as it comes and goes: Node hands header bytes over as Latin-1 characters, people write UTF-8. */

const strictUtf8 = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true})

/** The text of those bytes; undefined when they are not UTF-8. */
export function decodeUtf8(bytes: Buffer): string | undefined {
  try {
    return strictUtf8.decode(bytes)
  } catch {
    return undefined
  }
}

/** The text of header bytes: UTF-8 when they are valid UTF-8 (wire/v1.md#l1), else Latin-1 (wire/v1.md#l6). */
export function decodeHeader(value: string): string {
  return isAscii(value) ? value : (decodeUtf8(Buffer.from(value, 'latin1')) ?? value)
}

/** The text as a header value: UTF-8 bytes (wire/v1.md#l2), control characters as spaces. */
export function encodeHeader(text: string): string {
  const clean = text.replace(/[\x00-\x08\x0a-\x1f\x7f]/g, ' ')
  return isAscii(clean) ? clean : Buffer.from(clean, 'utf8').toString('latin1')
}

/**
 * Whether the registry gives the text back as it was: it reads up to U+0000, and half a surrogate pair has no bytes in UTF-8.
 */
export function isStorable(text: string): boolean {
  return !/\0|\p{Surrogate}/u.test(text)
}

function isAscii(text: string): boolean {
  return /^[\x00-\x7f]*$/.test(text)
}
