/** Validates values against a schema, with the error messages of Glance. */
import {HttpError} from '../../../http/http-error.js'
import {attributeSchema, type JsonSchema} from './image-schema.js'

/**
 * Validates the attributes of an image, or some of them.
 * @throws HttpError 400 for the first invalid value (wire/glance-25.md#schema-errors)
 */
export function validateImage(image: object): void {
  for (const [name, value] of Object.entries(image)) {
    const problem = findProblem(value, attributeSchema(name))
    if (problem === undefined) continue
    throw new HttpError(400, {explanation: `Provided object does not match schema 'image': ${problem}`})
  }
}

/** The error message for an invalid value; undefined for a valid one. */
export function findProblem(value: unknown, schema: JsonSchema): string | undefined {
  const types = [schema.type ?? []].flat()
  if (types.length > 0 && !types.some(type => hasType(type, value))) {
    return `${pythonRepr(value)} is not of type ${types.map(pythonRepr).join(', ')}`
  }
  if (schema.enum && !schema.enum.includes(value as string | null)) {
    return `${pythonRepr(value)} is not one of ${pythonRepr(schema.enum)}`
  }
  if (typeof value === 'string') return findTextProblem(value, schema)
  if (typeof value === 'number' && schema.minimum !== undefined && value < schema.minimum) {
    return `${value} is less than the minimum of ${schema.minimum}`
  }
  if (Array.isArray(value)) return findListProblem(value, schema)
  return typeof value === 'object' && value !== null ? findObjectProblem(value, schema) : undefined
}

function findTextProblem(value: string, {pattern, minLength = 0, maxLength}: JsonSchema): string | undefined {
  if (pattern && !new RegExp(pattern).test(value))
    return `${pythonRepr(value)} does not match ${pythonRepr(pattern)}`
  const length = [...value].length
  if (length < minLength) return `${pythonRepr(value)} is too short`
  return maxLength !== undefined && length > maxLength ? `${pythonRepr(value)} is too long` : undefined
}

function findListProblem(value: readonly unknown[], {items, uniqueItems}: JsonSchema): string | undefined {
  const isRepeated = uniqueItems && new Set(value.map(item => JSON.stringify(item))).size < value.length
  if (isRepeated) return `${pythonRepr(value)} has non-unique elements`
  return findFirstProblem(value, item => items && findProblem(item, items))
}

/** Problems of the object itself come before those of its members. */
function findObjectProblem(value: object, schema: JsonSchema): string | undefined {
  const {properties = {}, required = [], additionalProperties = true} = schema
  const unknown = Object.keys(value).find(name => !Object.hasOwn(properties, name))
  if (unknown !== undefined && additionalProperties === false) {
    return `Additional properties are not allowed (${pythonRepr(unknown)} was unexpected)`
  }
  const missing = required.find(name => !Object.hasOwn(value, name))
  if (missing !== undefined) return `${pythonRepr(missing)} is a required property`
  return findFirstProblem(Object.entries(value), ([name, item]) => {
    const known = Object.hasOwn(properties, name) ? properties[name] : additionalProperties
    return typeof known === 'object' ? findProblem(item, known) : undefined
  })
}

function findFirstProblem<T>(
  values: readonly T[],
  check: (value: T) => string | undefined,
): string | undefined {
  for (const value of values) {
    const problem = check(value)
    if (problem !== undefined) return problem
  }
  return undefined
}

function hasType(type: string, value: unknown): boolean {
  switch (type) {
    case 'null':
      return value === null
    case 'array':
      return Array.isArray(value)
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value)
    case 'integer':
      return Number.isInteger(value)
    default:
      return typeof value === type
  }
}

/** Formats a value as Python does, as in the messages of Glance. */
export function pythonRepr(value: unknown): string {
  if (value === null || value === undefined) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (Array.isArray(value)) return `[${value.map(pythonRepr).join(', ')}]`
  if (typeof value === 'object') {
    const entries = Object.entries(value).map(([name, item]) => `${pythonRepr(name)}: ${pythonRepr(item)}`)
    return `{${entries.join(', ')}}`
  }
  if (typeof value !== 'string') return String(value)
  const quote = value.includes("'") && !value.includes('"') ? '"' : "'"
  return quote + value.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`) + quote
}
