/** Objects in JSON and YAML documents, and how deeply JSON is nested, which is measured before it is parsed. */

/** An object with any names. */
export type JsonObject = Readonly<Record<string, unknown>>

/** True for an object that is not an array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The characters of JSON that tell where its parts are. */
export const CODES = {
  quote: 0x22,
  comma: 0x2c,
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
    if (code === CODES.quote) {
      at = findStringEnd(text, at)
      if (at < 0) return false
    } else if (code === CODES.openArray || code === CODES.openObject) depth++
    else if (code === CODES.closeArray || code === CODES.closeObject) depth--
    if (depth > levels) return true
  }
  return false
}

/** The position of the quote that closes the string which begins there; -1 if it is not in the text. */
export function findStringEnd(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let backslashes = 0
    while (text.charCodeAt(at - 1 - backslashes) === CODES.backslash) backslashes++
    if (backslashes % 2 === 0) return at
  }
  return -1
}

/**
 * An object of these keys, all null, to be copied with `{...blank}`. V8 keeps an object whose many keys are set one by one as a
 * slow dictionary, but not a parsed one and copies of it. It copies fast only in a place of the code that copies objects of
 * few sets of keys, so each kind of object is copied in a place of its own.
 */
export function createBlank(keys: readonly string[]): JsonObject {
  return JSON.parse(`{${keys.map(key => `${JSON.stringify(key)}:null`).join(',')}}`)
}
