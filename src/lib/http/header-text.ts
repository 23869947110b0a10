/**
 * Encodes and decodes text in HTTP headers, which carry bytes of no declared encoding.
 *
 * Values are sent as UTF-8. A received value is read as UTF-8 if its bytes are valid UTF-8, and as Latin-1 otherwise.
 * Servers on Python 3 read our bytes as Latin-1 and put that into JSON, one character per byte (wire/v1.md#l1), so text
 * whose characters are all bytes that form valid UTF-8 is read as that UTF-8 too.
 */

const utf8 = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true})

/** Encodes text for a header: a string with one character per byte of its UTF-8. */
export function encodeHeaderText(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1')
}

/**
 * Decodes text from a header (one character per byte), or from JSON that may have come through one. Returns other text
 * unchanged.
 */
export function decodeHeaderText(text: string): string {
  if (!/[\u0080-\u00ff]/.test(text) || /[^\u0000-\u00ff]/.test(text)) return text
  try {
    return utf8.decode(Buffer.from(text, 'latin1'))
  } catch {
    return text
  }
}
