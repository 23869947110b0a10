/** Objects in JSON and YAML documents, and how deeply JSON is nested, which is measured before it is parsed. */

/** An object with any names. */
export type JsonObject = Readonly<Record<string, unknown>>

/** True for an object that is not an array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const CODES = {
  quote: 0x22,
  backslash: 0x5c,
  openArray: 0x5b,
  closeArray: 0x5d,
  openObject: 0x7b,
  closeObject: 0x7d,
}

/** True if the text has more arrays and objects within each other than that; brackets in strings do not count. */
export function isNestedDeeper(text: string, levels: number): boolean {
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === CODES.quote) at = findStringEnd(text, at)
    else if (code === CODES.openArray || code === CODES.openObject) depth++
    else if (code === CODES.closeArray || code === CODES.closeObject) depth--
    if (depth > levels) return true
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

/**
 * An object of these keys, all null, to be copied with `{...blank}`. V8 keeps an object whose many keys are set one by one as a
 * slow dictionary, but not a parsed one and copies of it. It copies fast only in a place of the code that copies objects of
 * few sets of keys, so each kind of object is copied in a place of its own.
 */
export function createBlank(keys: readonly string[]): JsonObject {
  return JSON.parse(`{${keys.map(key => `${JSON.stringify(key)}:null`).join(',')}}`)
}
