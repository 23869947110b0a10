/** Extracts the message of a server from the body of its error, whatever the format. */
import {parseJson} from '../json/parse-json.js'
import {redactText} from '../redact.js'

/** Sentences that add nothing to the status. */
const BOILERPLATE = [
  /The resource could not be found\.(?=\s|$)/g,
  /The server could not comply with the request since it is either malformed or otherwise incorrect\./g,
  /There was a conflict when trying to complete your request\./g,
  /This server could not verify that you are authorized to access the document you requested\..{0,200}?required\./g,
  /Access was denied to this resource\./g,
  /The server has either erred or is incapable of performing the requested operation\./g,
]

/**
 * `400 Bad Request`, at the start of a body and again before an error that was passed on. It ends with its line, or
 * with two blanks in place of a line break.
 */
const STATUS_LINE = /(^|[\s:])[1-5]\d\d [A-Z][A-Za-z'-]*(?: [A-Z][A-Za-z'-]*)* ?(?=\n| {2}|$)/g

/** Characters. */
const MAX_LENGTH = 1000

/** Characters of a body that are looked at. */
const MAX_BODY_LENGTH = 64 * 1024

/**
 * Extracts the server's message as one line without markup, control characters and secrets; undefined without one.
 * Reads HTML, JSON and plain text as servers of all generations write them (wire/v1.md#m).
 */
export function extractErrorText(wholeBody: string, contentType = ''): string | undefined {
  const body = wholeBody.slice(0, MAX_BODY_LENGTH)
  if (/traceback \(most recent call last\)/i.test(body)) return extractLastLine(body)
  const message = toOneLine(stripBoilerplate(stripMarkup(parseJsonMessage(body, contentType) ?? body)))
  return message === '' ? undefined : redactText(truncate(message))
}

function parseJsonMessage(body: string, contentType: string): string | undefined {
  if (!/json/i.test(contentType) && !/^\s*[{[]/.test(body)) return undefined
  try {
    return findMessage(parseJson(body))
  } catch {
    return undefined
  }
}

/** Reads `{message}`, `{error: {message}}`, `{badRequest: {message}}`, `{errors: [{detail}]}` and similar documents. */
function findMessage(value: unknown, depth = 0): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value !== 'object' || value === null || depth > 3) return undefined
  const entries: Record<string, unknown> = {...value}
  for (const key of ['message', 'detail', 'description', 'faultstring', 'error', 'title']) {
    const found = findMessage(entries[key], depth + 1)
    if (found) return found
  }
  for (const inner of Object.values(entries)) {
    const found = typeof inner === 'object' ? findMessage(inner, depth + 1) : undefined
    if (found) return found
  }
  return undefined
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
}

function stripMarkup(text: string): string {
  return stripInvisibleElements(text)
    .replace(/<\/?[a-z!][^<>]*>/gi, '\n')
    .replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]+));/gi, (entity, decimal, hex, name) => {
      if (name) return ENTITIES[name.toLowerCase()] ?? entity
      return toCharacter(decimal ? Number(decimal) : Number.parseInt(hex, 16))
    })
}

/** Removes elements with their content, in one pass: an end that is missing is looked for once. */
function stripInvisibleElements(text: string): string {
  const lowerCase = text.toLowerCase()
  const start = /<(head|style|script)\b[^<>]*>/g
  const unclosed = new Set<string>()
  let rest = ''
  let from = 0
  for (let tag = start.exec(lowerCase); tag; tag = start.exec(lowerCase)) {
    const [, name = ''] = tag
    const end = unclosed.has(name) ? -1 : lowerCase.indexOf(`</${name}`, start.lastIndex)
    if (end < 0) {
      unclosed.add(name)
      continue
    }
    rest += `${text.slice(from, tag.index)}\n`
    from = start.lastIndex = end
  }
  return rest + text.slice(from)
}

function toCharacter(code: number): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : ''
}

/** Joins lines, and removes characters that could move the cursor, colour the terminal or reorder the line. */
export function toOneLine(text: string): string {
  return text
    .replace(/\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b./g, '')
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, ' ')
    .replace(/\p{Cf}/gu, '')
    .replace(/ {2,}/g, ' ')
    .trim()
}

function stripBoilerplate(text: string): string {
  const rest = text.replaceAll('\r\n', '\n').replace(STATUS_LINE, '$1')
  return BOILERPLATE.reduce((shorter, sentence) => shorter.replace(sentence, ''), rest)
}

function extractLastLine(traceback: string): string | undefined {
  const lines = traceback.split('\n').filter(line => line.trim() !== '')
  const last = toOneLine(lines.at(-1) ?? '')
  return last === '' ? undefined : redactText(truncate(last))
}

/** An error page of a web server or proxy between the client and the service. */
export interface ProxyPage {
  /** Status and title: `502 Bad Gateway`. */
  readonly title: string
  /** Name and version as the page gives them. */
  readonly server: string
}

/**
 * Recognises the answers of servers in front of the service. The pages of nginx, openresty and Apache end with a line and
 * the name of the server; Apache's may lack both, but have its document type; those of HAProxy have a heading and no
 * title; Envoy answers with a text of its own. Pages of the service have none of these marks.
 */
export function parseProxyPage(body: string): ProxyPage | undefined {
  const page = body.slice(0, MAX_BODY_LENGTH)
  const [text] = /^(?:upstream (?:connect error|request timeout)|no healthy upstream)[^\n]*/.exec(page) ?? []
  if (text !== undefined) return {title: toSafeLine(text), server: 'Envoy'}
  const [, heading] = /^\s*<html>\s*<body>\s*<h1>(\d{3} [^<]*)<\/h1>/i.exec(page) ?? []
  if (heading !== undefined) return {title: toSafeLine(heading), server: 'HAProxy'}
  const title = parseTitle(page)
  const [, server] = /<hr ?\/?>\s*<(?:center|address)>([^<]*)</i.exec(page) ?? []
  const name =
    server?.split(' Server at ')[0] ??
    (/^\s*<!doctype html public "-\/\/ietf/i.test(page) ? 'Apache' : undefined)
  return title === undefined || name === undefined ? undefined : {title, server: toSafeLine(name)}
}

/** The title of an HTML page. */
export function parseTitle(page: string): string | undefined {
  const [, title] = /<title>([^<]*)<\/title>/i.exec(page.slice(0, MAX_BODY_LENGTH)) ?? []
  return title === undefined ? undefined : toSafeLine(title)
}

/** Foreign text, for example the target of a redirection, as one line of limited length without secrets. */
export function toSafeLine(text: string): string {
  return toOneLine(redactText(truncate(text)))
}

function truncate(text: string): string {
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}...` : text
}
