/** Parses the value of a filter: `value`, `eq:value`, or `in:a,"b,c"` with quotes around values with commas. */
import {badRequest, type HttpError} from '../../../http/http-error.js'

/** Values of one list; the size of the largest page. */
const MAX_VALUES = 1000

/**
 * The values of a filter.
 * @throws HttpError 400 for an unknown operator, misplaced quotes, and more than 1000 values
 */
export function parseFilterValues(filter: string): readonly string[] {
  const colon = filter.indexOf(':')
  const operator = colon < 0 ? 'eq' : filter.slice(0, colon)
  const value = filter.slice(colon + 1)
  if (operator === 'eq') return [value]
  if (operator === 'in') return parseList(value)
  throw badRequest(`Unable to filter by unknown operator '${operator}'.`)
}

const ITEM = /"((?:[^"\\]|\\.)*)"|([^,"]+)/g

function parseList(list: string): readonly string[] {
  validateQuotes(list)
  const values = [...list.matchAll(ITEM)].map(([, quoted, plain]) => {
    return quoted === undefined ? (plain ?? '') : quoted.replace(/\\(.)/g, '$1')
  })
  if (values.length > MAX_VALUES) throw badRequest(`A filter has at most ${MAX_VALUES} values.`)
  return values
}

/** An opening quote follows a comma, and a closing one precedes a comma. */
function validateQuotes(list: string): void {
  let isOpen = false
  for (let i = 0; i < list.length; i++) {
    if (list[i] !== '"' || list[i - 1] === '\\') continue
    if (!isOpen && i > 0 && list[i - 1] !== ',') {
      throw missingComma(list, 'before opening')
    }
    if (isOpen && i < list.length - 1 && list[i + 1] !== ',') {
      throw missingComma(list, 'after closing')
    }
    isOpen = !isOpen
  }
  if (isOpen) throw badRequest(`Invalid filter value ${list}. The quote is not closed.`)
}

function missingComma(list: string, position: string): HttpError {
  const problem = ['There is no comma', position, 'quotation mark.'].join(' ')
  return badRequest(`Invalid filter value ${list}. ${problem}`)
}
