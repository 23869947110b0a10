/** Patches of API v2: the operations in the body of a PATCH, read and checked before an image is looked at. */
import {HttpError} from '../../http/fault.js'
import {isReserved, READ_ONLY_LATER} from './fields.js'
import {BASE_PROPERTIES} from './image-schema.js'
import {requireImageSchema} from './schema-check.js'

const OPS = ['add', 'remove', 'replace'] as const
/** Operations of a patch: several for everything that an image may have. */
const MAX_OPERATIONS = 1000

export interface Operation {
  readonly op: (typeof OPS)[number]
  readonly name: string
  /** Behind `/locations/`. */
  readonly position: string | undefined
  readonly value: unknown
  /** Whether an `add` of what is there already is refused, as the older media type does. */
  readonly onlyNew: boolean
}

const OLD = 'application/openstack-images-v2.0-json-patch'
const NEW = 'application/openstack-images-v2.1-json-patch'

/** @throws HttpError 415 for a media type that is none of the two */
export function requirePatchType(contentType: string | undefined): 'old' | 'new' {
  const type = contentType?.split(';')[0]?.trim().toLowerCase() ?? ''
  if (type === OLD) return 'old'
  if (type === NEW) return 'new'
  throw new HttpError(415, {explanation: unsupported(type)}, {'accept-patch': `${OLD}, ${NEW}`})
}

/** What is said of a body that nobody asked for. */
export function unsupported(type: string): string {
  return `The request media type ${type} is not supported by this server.`
}

/** @throws HttpError 400 or 403 for the first operation that cannot be, 413 for too many */
export function operationsOf(body: object, form: 'old' | 'new'): readonly Operation[] {
  if (!Array.isArray(body)) throw bad('Request body must be a JSON array of operation objects.')
  if (body.length > MAX_OPERATIONS) {
    throw new HttpError(413, {explanation: `A patch has at most ${MAX_OPERATIONS} operations.`})
  }
  return body.map((raw: unknown) => {
    if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
      throw bad('Operations must be JSON objects.')
    }
    return operationOf(raw as Readonly<Record<string, unknown>>, form)
  })
}

type Raw = Readonly<Record<string, unknown>>

function operationOf(raw: Raw, form: 'old' | 'new'): Operation {
  const op = form === 'new' ? newOp(raw) : oldOp(raw)
  const pointer = form === 'new' ? raw['path'] : raw[op]
  if (pointer === undefined) throw bad("Unable to find 'path' in JSON Schema change")
  if (typeof pointer !== 'string') throw bad('The path of an operation must be a string.')
  const path = partsOf(pointer)
  const [name = '', position] = path
  if (path.length !== depthOf(name, op)) {
    throw bad(`Invalid JSON pointer for this resource: '/${path.join('/')}'`)
  }
  if (op !== 'remove' && !Object.hasOwn(raw, 'value')) {
    throw bad(`Operation "${op}" requires a member named "value".`)
  }
  const operation = {op, name, position, value: raw['value'], onlyNew: form === 'old' && op === 'add'}
  requireAllowed(operation)
  return operation
}

function newOp({op}: Raw): Operation['op'] {
  const list = OPS.join(', ')
  if (op === undefined || op === null) {
    throw bad(`Unable to find \`op\` in JSON Schema change. It must be one of the following: ${list}.`)
  }
  const known = OPS.find(one => one === op)
  if (known) return known
  throw bad(`Invalid operation: \`${String(op)}\`. It must be one of the following: ${list}.`)
}

function oldOp(raw: Raw): Operation['op'] {
  const [op, ...more] = OPS.filter(one => Object.hasOwn(raw, one))
  if (op && more.length === 0) return op
  const count = op ? 'only' : 'exactly'
  throw bad(`Operation objects must contain ${count} one member named "add", "remove", or "replace".`)
}

/** The parts of a JSON pointer, without its escapes and the blanks around them. */
function partsOf(pointer: string): readonly string[] {
  if (!pointer.startsWith('/')) throw bad(`Pointer \`${pointer}\` does not start with "/".`)
  if (/\/\s*?\//.test(pointer.slice(1))) throw bad(`Pointer \`${pointer}\` contains adjacent "/".`)
  if (pointer.length > 1 && pointer.endsWith('/')) throw bad(`Pointer \`${pointer}\` end with "/".`)
  if (/~([^01]|$)/.test(pointer)) {
    throw bad(`Pointer \`${pointer}\` contains "~" not part of a recognized escape sequence.`)
  }
  const parts = pointer.replace(/^\/+/, '').split('/')
  return parts.map(part => part.replaceAll('~1', '/').replaceAll('~0', '~').trim())
}

function depthOf(name: string, op: Operation['op']): number {
  return name === 'locations' && op !== 'replace' ? 2 : 1
}

function requireAllowed({op, name, position, value}: Operation): void {
  if (READ_ONLY_LATER.has(name)) throw new HttpError(403, {explanation: `Attribute '${name}' is read-only.`})
  if (isReserved(name)) throw new HttpError(403, {explanation: `Attribute '${name}' is reserved.`})
  if (op === 'remove') return
  requireImageSchema({[name]: position === undefined ? value : [value]})
}

function bad(explanation: string): HttpError {
  return new HttpError(400, {explanation})
}

/** Whether every image has an attribute of that name, so that it cannot be removed. */
export function isBase(name: string): boolean {
  return Object.hasOwn(BASE_PROPERTIES, name)
}
