/** The three shapes of an error body: plain text, HTML and JSON (v1-wire section M). */
import {preferred} from './accept.js'
import type {HttpError} from './fault.js'

export interface ErrorPage {
  readonly contentType: string
  readonly body: string
}

/** The error as the client wants to read it: plain text unless it accepts HTML or JSON (v1-wire M1 to M6). */
export function errorPage(error: HttpError, accept: string | undefined): ErrorPage {
  switch (preferred(accept, ['text/html', 'application/json'])) {
    case 'text/html':
      return {contentType: 'text/html; charset=UTF-8', body: asHtml(error)}
    case 'application/json':
      return {contentType: 'application/json', body: asJson(error)}
    default:
      return {contentType: 'text/plain; charset=UTF-8', body: asText(error)}
  }
}

/** Code and title, a blank line, the words without markup (v1-wire M1). */
export function asText(error: HttpError): string {
  const words = bodyOf(error, text => text)
    .replaceAll('\n', ' ')
    .replaceAll('\r', '')
    .replace(/<br.*?>/gi, '\n')
    .replace(/<!--|-->/g, '')
    .replace(/<.*?>/gs, '')
  return `${codeOf(error)}\n\n${words}`
}

function asHtml(error: HttpError): string {
  const code = codeOf(error)
  return (
    `<html>\n <head>\n  <title>${code}</title>\n </head>\n <body>\n  <h1>${code}</h1>\n  ` +
    `${bodyOf(error, escaped)}\n </body>\n</html>`
  )
}

function asJson(error: HttpError): string {
  const body = {message: bodyOf(error, text => text), code: codeOf(error), title: error.title}
  return JSON.stringify(body)
}

function bodyOf(error: HttpError, write: (text: string) => string): string {
  return error.body ?? `${write(error.explanation)}<br /><br />\n${write(error.detail)}\n\n`
}

function codeOf(error: HttpError): string {
  return `${error.status} ${error.title}`
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#x27;',
}

/** Characters beyond ASCII become references, so that no charset can garble them. */
function escaped(text: string): string {
  return text.replace(/[&<>"']|[^\x00-\x7f]/gu, char => ENTITIES[char] ?? `&#${char.codePointAt(0)};`)
}
