/** The three shapes of an error body: plain text, HTML and JSON (v1-wire section M). */
import {preferred} from './accept.js'
import type {Fault} from './fault.js'

export interface ErrorPage {
  readonly contentType: string
  readonly body: string
}

/** The fault as the client wants to read it: plain text unless it accepts HTML or JSON (v1-wire M1 to M6). */
export function errorPage(fault: Fault, accept: string | undefined): ErrorPage {
  switch (preferred(accept, ['text/html', 'application/json'])) {
    case 'text/html':
      return {contentType: 'text/html; charset=UTF-8', body: asHtml(fault)}
    case 'application/json':
      return {contentType: 'application/json', body: asJson(fault)}
    default:
      return {contentType: 'text/plain; charset=UTF-8', body: asText(fault)}
  }
}

/** Code and title, a blank line, the words without markup (v1-wire M1). */
export function asText(fault: Fault): string {
  const words = bodyOf(fault, text => text)
    .replaceAll('\n', ' ')
    .replaceAll('\r', '')
    .replace(/<br.*?>/gi, '\n')
    .replace(/<!--|-->/g, '')
    .replace(/<.*?>/gs, '')
  return `${codeOf(fault)}\n\n${words}`
}

function asHtml(fault: Fault): string {
  const code = codeOf(fault)
  return (
    `<html>\n <head>\n  <title>${code}</title>\n </head>\n <body>\n  <h1>${code}</h1>\n  ` +
    `${bodyOf(fault, escaped)}\n </body>\n</html>`
  )
}

function asJson(fault: Fault): string {
  const body = {message: bodyOf(fault, text => text), code: codeOf(fault), title: fault.title}
  return JSON.stringify(body)
}

function bodyOf(fault: Fault, write: (text: string) => string): string {
  return fault.body ?? `${write(fault.explanation)}<br /><br />\n${write(fault.detail)}\n\n`
}

function codeOf(fault: Fault): string {
  return `${fault.status} ${fault.title}`
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
