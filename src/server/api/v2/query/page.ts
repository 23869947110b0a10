/** Pages of API v2: how long they are, and the links to the first and the next one. */
import {badRequest} from '../../../http/http-error.js'

/** Entries of a page unless asked otherwise, and at most (wire/glance-25.md#list). */
const DEFAULT_LIMIT = 25
const MAX_LIMIT = 1000

/** @throws HttpError 400 for what is no number from 0 on */
export function parseLimit(value: string | null): number {
  if (value === null) return DEFAULT_LIMIT
  if (!/^\s*[+-]?\d+\s*$/.test(value)) throw badRequest('limit param must be an integer')
  if (Number(value) < 0) throw badRequest('limit param must be positive')
  return Math.min(Number(value), MAX_LIMIT)
}

/** `first`, and `next` behind a full page; both keep the query. @param last id of the last entry of a full page */
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

/** The query behind the path of a request; its bytes are UTF-8. */
export function parseParams(url: string): URLSearchParams {
  const at = url.indexOf('?')
  return new URLSearchParams(at < 0 ? '' : url.slice(at + 1))
}
