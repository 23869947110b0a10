/** Parses JSON of a service, which may be anything. */
import {isNestedDeeper} from '../../model/json-object.js'

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
