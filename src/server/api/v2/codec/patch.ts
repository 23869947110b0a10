/** Parses the body of a PATCH in API v2 into operations, and validates them without the image. */
import {badRequest, HttpError} from '../../../http/http-error.js'
import {BASE_PROPERTIES} from '../schemas/image-schema.js'
import {validateImage} from '../schemas/validate.js'
import {isReserved, READ_ONLY_AFTER_CREATE} from './fields.js'

const OPS = ['add', 'remove', 'replace'] as const
/** Operations in one patch; enough to change each property and tag of an image several times. */
const MAX_OPERATIONS = 1000

export interface Operation {
  readonly op: (typeof OPS)[number]
  readonly name: string
  /** The part of the path after `/locations/`. */
  readonly position: string | undefined
  readonly value: unknown
  /** True if `add` fails for an attribute that exists, as in the older media type. */
  readonly onlyNew: boolean
}

const OLD_MEDIA_TYPE = 'application/openstack-images-v2.0-json-patch'
const NEW_MEDIA_TYPE = 'application/openstack-images-v2.1-json-patch'

/** The version of the patch format. @throws HttpError 415 for any other media type */
export function parsePatchType(contentType: string | undefined): 'old' | 'new' {
  const type = contentType?.split(';')[0]?.trim().toLowerCase() ?? ''
  if (type === OLD_MEDIA_TYPE) return 'old'
  if (type === NEW_MEDIA_TYPE) return 'new'
  throw new HttpError(
    415,
    {explanation: unsupportedTypeMessage(type)},
    {'accept-patch': `${OLD_MEDIA_TYPE}, ${NEW_MEDIA_TYPE}`},
  )
}

/** The explanation of a 415 response. */
export function unsupportedTypeMessage(type: string): string {
  return `The request media type ${type} is not supported by this server.`
}

/**
 * The operations of a patch.
 * @throws HttpError 400 or 403 for the first invalid operation, 413 for too many operations
 */
export function parseOperations(body: object, version: 'old' | 'new'): readonly Operation[] {
  if (!Array.isArray(body)) throw badRequest('Request body must be a JSON array of operation objects.')
  if (body.length > MAX_OPERATIONS) {
    throw new HttpError(413, {explanation: `A patch has at most ${MAX_OPERATIONS} operations.`})
  }
  return body.map((raw: unknown) => {
    if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
      throw badRequest('Operations must be JSON objects.')
    }
    return parseOperation(raw as Readonly<Record<string, unknown>>, version)
  })
}

type RawOperation = Readonly<Record<string, unknown>>

function parseOperation(raw: RawOperation, version: 'old' | 'new'): Operation {
  const op = version === 'new' ? parseNewOp(raw) : parseOldOp(raw)
  const pointer = version === 'new' ? raw['path'] : raw[op]
  if (pointer === undefined) throw badRequest("Unable to find 'path' in JSON Schema change")
  if (typeof pointer !== 'string') throw badRequest('The path of an operation must be a string.')
  const path = parsePointer(pointer)
  const [name = '', position] = path
  if (path.length !== pointerDepth(name, op)) {
    throw badRequest(`Invalid JSON pointer for this resource: '/${path.join('/')}'`)
  }
  if (op !== 'remove' && !Object.hasOwn(raw, 'value')) {
    throw badRequest(`Operation "${op}" requires a member named "value".`)
  }
  const operation = {op, name, position, value: raw['value'], onlyNew: version === 'old' && op === 'add'}
  validateOperation(operation)
  return operation
}

function parseNewOp({op}: RawOperation): Operation['op'] {
  const list = OPS.join(', ')
  if (op === undefined || op === null) {
    throw badRequest(`Unable to find \`op\` in JSON Schema change. It must be one of the following: ${list}.`)
  }
  const known = OPS.find(one => one === op)
  if (known) return known
  throw badRequest(`Invalid operation: \`${String(op)}\`. It must be one of the following: ${list}.`)
}

function parseOldOp(raw: RawOperation): Operation['op'] {
  const [op, ...more] = OPS.filter(one => Object.hasOwn(raw, one))
  if (op && more.length === 0) return op
  const count = op ? 'only' : 'exactly'
  throw badRequest(`Operation objects must contain ${count} one member named "add", "remove", or "replace".`)
}

/** The unescaped parts of a JSON pointer, without the spaces around them. */
function parsePointer(pointer: string): readonly string[] {
  if (!pointer.startsWith('/')) throw badRequest(`Pointer \`${pointer}\` does not start with "/".`)
  if (/\/\s*?\//.test(pointer.slice(1))) throw badRequest(`Pointer \`${pointer}\` contains adjacent "/".`)
  if (pointer.length > 1 && pointer.endsWith('/')) throw badRequest(`Pointer \`${pointer}\` end with "/".`)
  if (/~([^01]|$)/.test(pointer)) {
    throw badRequest(`Pointer \`${pointer}\` contains "~" not part of a recognized escape sequence.`)
  }
  const parts = pointer.replace(/^\/+/, '').split('/')
  return parts.map(part => part.replaceAll('~1', '/').replaceAll('~0', '~').trim())
}

function pointerDepth(name: string, op: Operation['op']): number {
  return name === 'locations' && op !== 'replace' ? 2 : 1
}

function validateOperation({op, name, position, value}: Operation): void {
  if (READ_ONLY_AFTER_CREATE.has(name))
    throw new HttpError(403, {explanation: `Attribute '${name}' is read-only.`})
  if (isReserved(name)) throw new HttpError(403, {explanation: `Attribute '${name}' is reserved.`})
  if (op === 'remove') return
  validateImage({[name]: position === undefined ? value : [value]})
}

/** True for an attribute that every image has, and that therefore cannot be removed; `stores` depends on the data. */
export function isBaseAttribute(name: string): boolean {
  return Object.hasOwn(BASE_PROPERTIES, name) && name !== 'stores'
}
