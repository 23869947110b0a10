/** Parses JSON of a service, which may be anything. */
import {tryOrUndefined} from '../../model/errors.js'
import {isNestedDeeper, type JsonObject} from '../../model/json-object.js'

/** Arrays and objects within each other. No document of the services has more than ten. */
export const MAX_DEPTH = 100

/**
 * The value of the text. Deep nesting is refused before it is parsed, because it takes 40 bytes of memory for each byte.
 * @throws SyntaxError
 */
export function parseJson(text: string): unknown {
  if (isNestedDeeper(text, MAX_DEPTH)) throw new SyntaxError('nested too deeply')
  return JSON.parse(text) as unknown
}

/**
 * The values of a text that is what a list has between its brackets. Deep nesting is refused after parsing, because that is
 * faster than a search before it; the text must therefore be short.
 * @param levels arrays and objects within each other
 * @returns undefined for another text
 * @throws SyntaxError if a value is nested too deeply
 */
export function parseElements(text: string, levels: number): readonly unknown[] | undefined {
  const elements = tryOrUndefined(() => JSON.parse(`[${text}]`) as readonly unknown[])
  if (elements?.some(element => isDeeper(element, levels))) throw new SyntaxError('nested too deeply')
  return elements
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (levels === 0) return true
  if (Array.isArray(value)) return value.some(item => isDeeper(item, levels - 1))
  for (const key in value) if (isDeeper((value as JsonObject)[key], levels - 1)) return true
  return false
}
