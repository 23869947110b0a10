/** The part of the data that a request asks for. */
import {HttpError} from '../../http/fault.js'
import type {ByteRange} from '../../stores/store.js'

/**
 * The part by `Range`, or by `Content-Range` as clients of old ask; undefined: the whole.
 * @param size bytes of the whole
 * @throws HttpError 400 for several parts, 416 for one that is not there (cloud record, "GET file")
 */
export function rangeOf(
  headers: {readonly range?: string | undefined; readonly 'content-range'?: string | undefined},
  size: number,
): ByteRange | undefined {
  if (headers.range !== undefined) return byRange(headers.range, size)
  const old = headers['content-range']
  return old === undefined ? undefined : byContentRange(old, size)
}

function byRange(header: string, size: number): ByteRange {
  if (header.includes(',')) {
    const explanation =
      'Requests with multiple ranges are not supported in Glance. You may make multiple single-range requests instead.'
    throw new HttpError(400, {explanation})
  }
  const [, from = '', to = ''] = /^\s*bytes\s*=\s*(?:(\d+)\s*)?-\s*(?:(\d+)\s*)?$/i.exec(header) ?? []
  if (from === '' && to === '') throw unsatisfiable('Invalid Range header.')
  if (from === '') return suffix(Number(to), size)
  const [first, last] = [Number(from), to === '' ? size - 1 : Number(to)]
  if (to !== '' && last < first) throw unsatisfiable('Invalid Range header.')
  if (first >= size) {
    throw unsatisfiable(
      `Invalid start position in Range header. Start position MUST be in the inclusive range [0, ${size - 1}].`,
    )
  }
  return {first, last: Math.min(last, size - 1)}
}

function suffix(length: number, size: number): ByteRange {
  if (length === 0 || size === 0) throw unsatisfiable('Invalid Range header.')
  return {first: Math.max(0, size - length), last: size - 1}
}

function byContentRange(header: string, size: number): ByteRange {
  const [, from, to] = /^\s*bytes\s+(\d+)-(\d+)\/(?:\d+|\*)\s*$/i.exec(header) ?? []
  const [first, last] = [Number(from ?? Number.NaN), Number(to ?? Number.NaN)]
  if (!(first <= last)) throw unsatisfiable('Invalid Content-Range header.')
  if (last >= size) {
    throw unsatisfiable(
      `Invalid stop position in Content-Range header. The stop position MUST be in the inclusive range [0, ${size - 1}].`,
    )
  }
  return {first, last}
}

function unsatisfiable(detail: string): HttpError {
  return new HttpError(416, {detail})
}
