/** Limits on the headers and the URL of a request, checked before it is handled. */
import type {FastifyReply, FastifyRequest} from 'fastify'
import {badRequest, HttpError} from './http-error.js'
import {decodeUtf8, isStorable} from './text.js'

/** Bytes of a header line (wire/v1.md#l32), and of a URL. */
const MAX_LINE_BYTES = 16_384
/** Maximum number of headers of a request. */
export const MAX_HEADER_COUNT = 1000

/**
 * Checks the form of a request; closes the connection after the response if the rest of the request cannot be parsed.
 * @throws HttpError 400 for a header line that is too long, several `Host` headers, a transfer coding without final `chunked` or invalid escapes,
 *   414 for a URL that is too long, 431 for too many headers, 501 for other transfer codings
 */
export function validateRequest(request: FastifyRequest, reply: FastifyReply): void {
  validateHeaders(request, reply)
  validateHost(request, reply)
  validateTransferCoding(request, reply)
  validateUrl(request.originalUrl)
}

function validateHeaders(request: FastifyRequest, reply: FastifyReply): void {
  const headers = request.raw.rawHeaders
  const tooLong = headers.some(
    (name, i) => i % 2 === 0 && name.length + headers[i + 1]!.length + 4 > MAX_LINE_BYTES,
  )
  const tooMany = headers.length > 2 * MAX_HEADER_COUNT
  if (!tooLong && !tooMany) return
  reply.header('connection', 'close')
  if (tooLong) throw new HttpError(400, {explanation: `A header exceeds ${MAX_LINE_BYTES} bytes.`})
  throw new HttpError(431, {explanation: `The request has more than ${MAX_HEADER_COUNT} headers.`})
}

/** Refuses two hosts (RFC 9112, 3.2): a proxy may route by the one that is ignored here. */
function validateHost({raw: {rawHeaders}}: FastifyRequest, reply: FastifyReply): void {
  const hosts = rawHeaders.filter((name, i) => i % 2 === 0 && name.toLowerCase() === 'host')
  if (hosts.length < 2) return
  reply.header('connection', 'close')
  throw badRequest('The request has several Host headers.')
}

/** Accepts `chunked` only: no other coding delimits a body, and none is decoded here (RFC 9112, 6.1). */
function validateTransferCoding(request: FastifyRequest, reply: FastifyReply): void {
  const codings = request.headers['transfer-encoding']?.trim().toLowerCase()
  if (codings === undefined || codings === 'chunked') return
  reply.header('connection', 'close')
  if (/(^|[\s,])chunked$/.test(codings)) {
    throw new HttpError(501, {
      explanation: `The transfer coding '${codings}' is not supported, only 'chunked' is.`,
    })
  }
  throw new HttpError(400, {explanation: `The transfer coding '${codings}' does not end in 'chunked'.`})
}

/** Escapes must be storable UTF-8, because ids, tags and filters consist of them. */
function validateUrl(url: string): void {
  if (url.length > MAX_LINE_BYTES)
    throw new HttpError(414, {explanation: `The URL exceeds ${MAX_LINE_BYTES} bytes.`})
  for (const [escapes] of url.matchAll(/(?:%[0-9a-f]{2})+/gi)) {
    const text = decodeUtf8(Buffer.from(escapes.replaceAll('%', ''), 'hex'))
    if (text !== undefined && isStorable(text)) continue
    throw new HttpError(400, {explanation: 'The URL has escapes that are not UTF-8, or U+0000.'})
  }
}
