/** Parses the range of data that a request asks for. */
import {HttpError} from '../../../http/http-error.js'
import type {ByteRange} from '../../../stores/store.js'

/**
 * The range in `Range`, or in `Content-Range`, which old clients send; undefined: all data.
 * @param size bytes of all data
 * @throws HttpError 400 for several ranges, 416 for an invalid one or one outside the data (wire/glance-25.md#download)
 */
export function parseRange(
  headers: {readonly range?: string | undefined; readonly 'content-range'?: string | undefined},
  size: number,
): ByteRange | undefined {
  if (headers.range !== undefined) return parseRangeHeader(headers.range, size)
  const contentRange = headers['content-range']
  return contentRange === undefined ? undefined : parseContentRange(contentRange, size)
}

function parseRangeHeader(header: string, size: number): ByteRange {
  if (header.includes(',')) {
    const explanation =
      'Requests with multiple ranges are not supported in Glance. You may make multiple single-range requests instead.'
    throw new HttpError(400, {explanation})
  }
  const [, from = '', to = ''] = /^\s*bytes\s*=\s*(?:(\d+)\s*)?-\s*(?:(\d+)\s*)?$/i.exec(header) ?? []
  if (from === '' && to === '') throw rangeNotSatisfiable('Invalid Range header.')
  if (from === '') return suffixRange(Number(to), size)
  const [first, last] = [Number(from), to === '' ? size - 1 : Number(to)]
  if (to !== '' && last < first) throw rangeNotSatisfiable('Invalid Range header.')
  if (first >= size) {
    throw rangeNotSatisfiable(
      `Invalid start position in Range header. Start position MUST be in the inclusive range [0, ${size - 1}].`,
    )
  }
  return {first, last: Math.min(last, size - 1)}
}

function suffixRange(length: number, size: number): ByteRange {
  if (length === 0 || size === 0) throw rangeNotSatisfiable('Invalid Range header.')
  return {first: Math.max(0, size - length), last: size - 1}
}

function parseContentRange(header: string, size: number): ByteRange {
  const [, from, to] = /^\s*bytes\s+(\d+)-(\d+)\/(?:\d+|\*)\s*$/i.exec(header) ?? []
  const [first, last] = [Number(from ?? Number.NaN), Number(to ?? Number.NaN)]
  if (!(first <= last)) throw rangeNotSatisfiable('Invalid Content-Range header.')
  if (last >= size) {
    throw rangeNotSatisfiable(
      `Invalid stop position in Content-Range header. The stop position MUST be in the inclusive range [0, ${size - 1}].`,
    )
  }
  return {first, last}
}

function rangeNotSatisfiable(detail: string): HttpError {
  return new HttpError(416, {detail})
}
