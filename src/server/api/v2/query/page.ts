/** Pages of lists in API v2: their length, and the links to the first and the next one. */
import {badRequest} from '../../../http/http-error.js'

/** Default and maximum number of entries in a page (wire/glance-25.md#list). */
const DEFAULT_LIMIT = 25
const MAX_LIMIT = 1000

/** Parses the number of entries in a page. @throws HttpError 400 for anything but a whole number from 0 */
export function parseLimit(value: string | null): number {
  if (value === null) return DEFAULT_LIMIT
  if (!/^\s*[+-]?\d+\s*$/.test(value)) throw badRequest('limit param must be an integer')
  if (Number(value) < 0) throw badRequest('limit param must be positive')
  return Math.min(Number(value), MAX_LIMIT)
}

/**
 * The links `first` and, after a full page, `next`; both keep the query.
 * @param last id of the last entry of a full page; undefined for any other page
 */
export function pageLinks(path: string, params: URLSearchParams, last: string | undefined): object {
  const rest = new URLSearchParams(params)
  rest.delete('marker')
  const first = joinQuery(path, rest)
  if (last === undefined) return {first}
  rest.append('marker', last)
  return {next: joinQuery(path, rest), first}
}

function joinQuery(path: string, params: URLSearchParams): string {
  const query = params.toString()
  return query === '' ? path : `${path}?${query}`
}

/** Parses the query string of a URL. */
export function parseParams(url: string): URLSearchParams {
  const at = url.indexOf('?')
  return new URLSearchParams(at < 0 ? '' : url.slice(at + 1))
}
