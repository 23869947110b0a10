/** Parses JSON of a service, which may be anything. */

/** Arrays and objects within each other. No document of the services has more than ten. */
const MAX_DEPTH = 100

const CODES = {
  quote: 0x22,
  backslash: 0x5c,
  openArray: 0x5b,
  closeArray: 0x5d,
  openObject: 0x7b,
  closeObject: 0x7d,
}

/**
 * The value of the text. Deep nesting is refused before it is parsed, because it takes 40 bytes of memory for each byte.
 * @throws SyntaxError
 */
export function parseJson(text: string): unknown {
  if (isTooDeep(text)) throw new SyntaxError('nested too deeply')
  return JSON.parse(text) as unknown
}

function isTooDeep(text: string): boolean {
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === CODES.quote) at = findStringEnd(text, at)
    else if (code === CODES.openArray || code === CODES.openObject) depth++
    else if (code === CODES.closeArray || code === CODES.closeObject) depth--
    if (depth > MAX_DEPTH) return true
  }
  return false
}

/** The position of the closing quote, or the length of the text. */
function findStringEnd(text: string, start: number): number {
  let at = start + 1
  while (at < text.length && text.charCodeAt(at) !== CODES.quote) {
    at += text.charCodeAt(at) === CODES.backslash ? 2 : 1
  }
  return at
}
