/** Values of a filter: one, or `in:` a list with quotes around those that hold commas. */
import {badRequest} from '../../../http/http-error.js'

/** Values of one list; a page of images has as many. */
const MAX_VALUES = 1000

/** @throws HttpError 400 for an operator that there is not, for quotes in odd places, and for too many values */
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

/** Quotes open behind a comma and close before one. */
function validateQuotes(list: string): void {
  let isOpen = false
  for (let i = 0; i < list.length; i++) {
    if (list[i] !== '"' || list[i - 1] === '\\') continue
    if (!isOpen && i > 0 && list[i - 1] !== ',') {
      throw badRequest(`Invalid filter value ${list}. There is no comma before opening quotation mark.`)
    }
    if (isOpen && i < list.length - 1 && list[i + 1] !== ',') {
      throw badRequest(`Invalid filter value ${list}. There is no comma after closing quotation mark.`)
    }
    isOpen = !isOpen
  }
  if (isOpen) throw badRequest(`Invalid filter value ${list}. The quote is not closed.`)
}
