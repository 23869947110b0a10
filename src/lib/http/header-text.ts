/**
 * Text in HTTP headers: HTTP moves bytes there, and programs disagree about what they mean.
 *
 * The rule, for every server: values go out as UTF-8. What comes in is UTF-8 when its bytes are valid UTF-8, and
 * Latin-1 otherwise. Servers on Python 3 read our bytes as Latin-1 and put that into JSON, one character per byte
 * (wire/v1.md#l1); text all of whose characters are bytes that form valid UTF-8 is therefore read as that UTF-8 too.
 */

const utf8 = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true})

/** Text as a string with one character per byte of its UTF-8, which is what goes into a header. */
export function encodeHeaderText(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1')
}

/**
 * What was meant by text that came from a header (one character per byte), or by text in JSON that may have come
 * through one. Text that cannot be such bytes stays as it is.
 */
export function decodeHeaderText(text: string): string {
  if (!/[\u0080-\u00ff]/.test(text) || /[^\u0000-\u00ff]/.test(text)) return text
  try {
    return utf8.decode(Buffer.from(text, 'latin1'))
  } catch {
    return text
  }
}
