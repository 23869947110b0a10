/** Renders errors as plain text, HTML or JSON (wire/v1.md#m). */
import {negotiateType} from './accept.js'
import type {HttpError} from './http-error.js'

/** The body of an error response, with its media type. */
export interface ErrorBody {
  readonly contentType: string
  readonly body: string
}

/**
 * Renders an error as plain text, unless the client accepts HTML or JSON (wire/v1.md#m1, #m2, #m3, #m4, #m5, #m6).
 * @param accept value of the Accept header
 */
export function renderError(error: HttpError, accept: string | undefined): ErrorBody {
  switch (negotiateType(accept, ['text/html', 'application/json'])) {
    case 'text/html':
      return {contentType: 'text/html; charset=UTF-8', body: renderHtml(error)}
    case 'application/json':
      return {contentType: 'application/json', body: renderJson(error)}
    default:
      return {contentType: 'text/plain; charset=UTF-8', body: renderText(error)}
  }
}

/** Renders code and title, a blank line, and the message without markup (wire/v1.md#m1). */
export function renderText(error: HttpError): string {
  const plain = renderMessage(error, text => text)
    .replaceAll('\n', ' ')
    .replaceAll('\r', '')
    .replace(/<br.*?>/gi, '\n')
    .replace(/<!--|-->/g, '')
    .replace(/<.*?>/gs, '')
  return `${formatStatus(error)}\n\n${plain}`
}

function renderHtml(error: HttpError): string {
  const status = formatStatus(error)
  return (
    `<html>\n <head>\n  <title>${status}</title>\n </head>\n <body>\n  <h1>${status}</h1>\n  ` +
    `${renderMessage(error, escapeHtml)}\n </body>\n</html>`
  )
}

function renderJson(error: HttpError): string {
  const body = {message: renderMessage(error, text => text), code: formatStatus(error), title: error.title}
  return JSON.stringify(body)
}

function renderMessage(error: HttpError, escapeText: (text: string) => string): string {
  return error.body ?? `${escapeText(error.explanation)}<br /><br />\n${escapeText(error.detail)}\n\n`
}

function formatStatus(error: HttpError): string {
  return `${error.status} ${error.title}`
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#x27;',
}

/** Also replaces non-ASCII characters by references, which no charset can garble. */
function escapeHtml(text: string): string {
  return text.replace(/[&<>"']|[^\x00-\x7f]/gu, char => ENTITIES[char] ?? `&#${char.codePointAt(0)};`)
}
