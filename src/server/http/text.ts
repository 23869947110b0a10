/** Encodes and decodes text of headers and URLs: the runtime passes bytes of headers as Latin-1, clients send UTF-8. */

const strictUtf8 = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true})

/** Decodes UTF-8; returns undefined for invalid bytes. */
export function decodeUtf8(bytes: Buffer): string | undefined {
  try {
    return strictUtf8.decode(bytes)
  } catch {
    return undefined
  }
}

/** Decodes a header value: as UTF-8 if it is valid UTF-8 (wire/v1.md#l1), else as Latin-1 (wire/v1.md#l6). */
export function decodeHeader(value: string): string {
  return isAscii(value) ? value : (decodeUtf8(Buffer.from(value, 'latin1')) ?? value)
}

/** Encodes a header value as UTF-8 (wire/v1.md#l2), with control characters as spaces. */
export function encodeHeader(text: string): string {
  const clean = text.replace(/[\x00-\x08\x0a-\x1f\x7f]/g, ' ')
  return isAscii(clean) ? clean : Buffer.from(clean, 'utf8').toString('latin1')
}

/**
 * True if the registry returns the text unchanged: its driver reads up to U+0000, and half of a surrogate pair has no UTF-8
 * encoding.
 */
export function isStorable(text: string): boolean {
  return !/\0|\p{Surrogate}/u.test(text)
}

function isAscii(text: string): boolean {
  return /^[\x00-\x7f]*$/.test(text)
}

/** A host as it stands in a URL, where an IPv6 address has brackets. */
export function toUrlHost(host: string): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host
}
