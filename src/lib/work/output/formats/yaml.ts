/** Records as items of a YAML sequence. */
import {Document, type Scalar, visit} from 'yaml'
import type {JsonObject} from '../../../model/json-object.js'

/** Quotes what an older reader takes for a boolean, a time or a number: `yes`, `2026-01-31`, `0x10`. */
const OPTIONS = {version: '1.1', aliasDuplicateObjects: false} as const

/** A function that formats a record as one item. @param characters to escape; texts that have any are quoted */
export function createYamlWriter(characters: RegExp): (record: JsonObject) => string {
  const isUnsafe = (value: unknown) => typeof value === 'string' && value.search(characters) >= 0
  return record => {
    const document = new Document([record], OPTIONS)
    let hasUnsafe = false
    visit(document, {
      Scalar(_, node: Scalar) {
        if (!isUnsafe(node.value)) return
        node.type = 'QUOTE_DOUBLE'
        hasUnsafe = true
      },
    })
    const text = document.toString({lineWidth: 0, doubleQuotedMinMultiLineLength: Number.POSITIVE_INFINITY})
    return hasUnsafe ? escapeQuoted(text, characters) : text
  }
}

/** Escapes within quotes. Line breaks of the text are those of its structure: in quotes they are escaped already. */
function escapeQuoted(text: string, characters: RegExp): string {
  return text.replace(characters, char => {
    if (char === '\n') return char
    const code = char.codePointAt(0) ?? 0
    return code > 0xffff
      ? `\\U${code.toString(16).padStart(8, '0')}`
      : `\\u${code.toString(16).padStart(4, '0')}`
  })
}
