/** Extracts the message of a server from the body of its error, whatever the format. */
import {redactText} from '../redact.js'

/** Sentences that add nothing to the status. */
const BOILERPLATE = [
  /The resource could not be found\.(?=\s|$)/g,
  /The server could not comply with the request since it is either malformed or otherwise incorrect\./g,
  /There was a conflict when trying to complete your request\./g,
  /This server could not verify that you are authorized to access the document you requested\..*?required\./g,
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

/**
 * Extracts the server's message as one line without markup, control characters and secrets; undefined without one.
 * Reads HTML, JSON and plain text as servers of all generations write them (wire/v1.md#m).
 */
export function extractErrorText(body: string, contentType = ''): string | undefined {
  if (/traceback \(most recent call last\)/i.test(body)) return extractLastLine(body)
  const message = toOneLine(stripBoilerplate(stripMarkup(parseJsonMessage(body, contentType) ?? body)))
  return message === '' ? undefined : redactText(truncate(message))
}

function parseJsonMessage(body: string, contentType: string): string | undefined {
  if (!/json/i.test(contentType) && !/^\s*[{[]/.test(body)) return undefined
  try {
    return findMessage(JSON.parse(body))
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
  return text
    .replace(/<(head|style|script)\b[^<>]*>[\s\S]*?<\/\1\s*>/gi, '\n')
    .replace(/<\/?[a-z!][^<>]*>/gi, '\n')
    .replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]+));/gi, (entity, decimal, hex, name) => {
      if (name) return ENTITIES[name.toLowerCase()] ?? entity
      return toCharacter(decimal ? Number(decimal) : Number.parseInt(hex, 16))
    })
}

function toCharacter(code: number): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : ''
}

/** Joins lines, and removes characters that could move the cursor, colour the terminal or reorder the line. */
export function toOneLine(text: string): string {
  return text
    .replace(/\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b./g, '')
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, ' ')
    .replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
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

function truncate(text: string): string {
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}...` : text
}
