/** Whether a value keeps a schema, said in the words of the service that clients know. */
import {HttpError} from '../../http/fault.js'
import {type Schema, schemaOf} from './image-schema.js'

/**
 * Holds the attributes of an image, or some of them, to the schema.
 * @throws HttpError 400 for the first that does not keep it (cloud record, "disk_format that does not exist")
 */
export function requireImageSchema(image: object): void {
  for (const [name, value] of Object.entries(image)) {
    const problem = problemOf(value, schemaOf(name))
    if (problem === undefined) continue
    throw new HttpError(400, {explanation: `Provided object does not match schema 'image': ${problem}`})
  }
}

/** What is wrong; undefined when nothing is. */
export function problemOf(value: unknown, schema: Schema): string | undefined {
  const types = [schema.type].flat()
  if (!types.some(type => isOf(type, value))) {
    return `${shown(value)} is not of type ${types.map(shown).join(', ')}`
  }
  if (schema.enum && !schema.enum.includes(value as string | null)) {
    return `${shown(value)} is not one of ${shown(schema.enum)}`
  }
  if (typeof value === 'string') return problemOfText(value, schema)
  if (Array.isArray(value)) return firstProblem(value, item => schema.items && problemOf(item, schema.items))
  return typeof value === 'object' && value !== null ? problemOfObject(value, schema) : undefined
}

function problemOfText(value: string, {pattern, minLength = 0, maxLength}: Schema): string | undefined {
  if (pattern && !new RegExp(pattern).test(value)) return `${shown(value)} does not match ${shown(pattern)}`
  const length = [...value].length
  if (length < minLength) return `${shown(value)} is too short`
  return maxLength !== undefined && length > maxLength ? `${shown(value)} is too long` : undefined
}

function problemOfObject(value: object, schema: Schema): string | undefined {
  const {properties = {}, required = [], additionalProperties = true} = schema
  const missing = required.find(name => !Object.hasOwn(value, name))
  if (missing !== undefined) return `${shown(missing)} is a required property`
  return firstProblem(Object.entries(value), ([name, of]) => {
    const own = Object.hasOwn(properties, name) ? properties[name] : undefined
    if (own) return problemOf(of, own)
    const unexpected = `Additional properties are not allowed (${shown(name)} was unexpected)`
    return additionalProperties ? undefined : unexpected
  })
}

function firstProblem<T>(values: readonly T[], of: (value: T) => string | undefined): string | undefined {
  for (const value of values) {
    const problem = of(value)
    if (problem !== undefined) return problem
  }
  return undefined
}

function isOf(type: string, value: unknown): boolean {
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

/** A value as clients are used to see it in such messages. */
export function shown(value: unknown): string {
  if (value === null || value === undefined) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (Array.isArray(value)) return `[${value.map(shown).join(', ')}]`
  if (typeof value === 'object') {
    const entries = Object.entries(value).map(([name, of]) => `${shown(name)}: ${shown(of)}`)
    return `{${entries.join(', ')}}`
  }
  if (typeof value !== 'string') return String(value)
  const quote = value.includes("'") && !value.includes('"') ? '"' : "'"
  return quote + value.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`) + quote
}
