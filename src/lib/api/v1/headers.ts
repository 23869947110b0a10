/** The headers that carry metadata in version 1 of the API: from a draft, to an image. */

import type {ReplyHeaders} from '../../http/message.js'
import {type Draft, draftEntries} from '../../model/draft.js'
import {type Failure, usageError} from '../../model/errors.js'
import type {Field} from '../../model/field.js'
import type {Image} from '../../model/image.js'
import {unexpectedReplyError} from './failures.js'
import {imageFrom, textFrom} from './fields.js'
import {foldName} from './paths.js'

const META_PREFIX = 'x-image-meta-'
const PROPERTY_PREFIX = 'x-image-meta-property-'

/** Headers whose name is not the prefix and the name of the field. */
const HEADER_NAMES: Readonly<Record<string, string>> = {copy_from: 'x-glance-api-copy-from'}

/**
 * The headers of a draft.
 * @throws Failure of kind `usage` for a value that HTTP headers cannot carry unchanged, or a field of version 2
 */
export function draftHeaders(draft: Draft): Record<string, string> {
  const entries = draftEntries(draft).filter(([field]) => !field.isLocal)
  for (const [field] of entries) if (field.since === 2) throw v2FieldError(field)
  const headers = entries.map(([field, value]) => [
    HEADER_NAMES[field.name] ?? META_PREFIX + field.name,
    requireHeaderSafe(field.name, formatValue(field, value)),
  ])
  return {...Object.fromEntries(headers), ...propertyHeaders(draft.properties)}
}

/** Null clears a field. Every server reads `True` and `False`, 2011.3 no other spelling (wire/v1.md#p11). */
function formatValue({kind, name}: Field, value: unknown): string {
  if (kind === 'boolean') return value === true ? 'True' : 'False'
  const text = String(value ?? '')
  // Servers compare it with the lower-case digest they compute (wire/v1.md#f13).
  return name === 'checksum' ? text.toLowerCase() : text
}

function v2FieldError({name}: Field): Failure {
  const advice = name === 'visibility' ? '; use is_public=' : ''
  return usageError(`Image API v1 does not support ${name}${advice}`, {
    why: 'version 2 of the API introduced the field',
  })
}

function propertyHeaders(properties: Draft['properties']): Record<string, string> {
  const headers: Record<string, string> = {}
  const originals = new Map<string, string>()
  for (const [name, value] of Object.entries(properties)) {
    const folded = foldPropertyName(name)
    const other = originals.get(folded)
    if (other !== undefined) throw duplicatePropertyError(other, name, folded)
    originals.set(folded, name)
    headers[PROPERTY_PREFIX + folded] = requireHeaderSafe(name, value)
  }
  return headers
}

const LIMITATION = 'version 1 of the Image API carries metadata in HTTP headers'

function foldPropertyName(name: string): string {
  if (/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) return foldName(name)
  throw usageError(`invalid property name ${JSON.stringify(name)}`, {
    why: `${LIMITATION}, whose names have ASCII letters, digits and !#$%&'*+.^_\`|~- only`,
  })
}

function duplicatePropertyError(one: string, other: string, folded: string): Error {
  return usageError(`the properties '${one}' and '${other}' are the same`, {
    why: `${LIMITATION}, where case does not matter and '-' is '_': both are '${folded}'`,
    advice: 'Name only one of them.',
  })
}

/** @throws Failure of kind `usage` for a value that a header cannot carry unchanged */
function requireHeaderSafe(name: string, value: string): string {
  const problem = findHeaderProblem(value)
  if (problem === undefined) return value
  throw usageError(`cannot send the value of '${name}'`, {why: `${LIMITATION}, and ${problem}`})
}

function findHeaderProblem(value: string): string | undefined {
  if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(value))
    return 'it has a line break or another control character'
  if (/^[ \t]|[ \t]$/.test(value)) return 'white space at its beginning or end would be lost'
  return /\p{Surrogate}/u.test(value) ? 'it is not valid text (half of a surrogate pair)' : undefined
}

/**
 * An image from the headers of a HEAD or GET (wire/v1.md#e1, #p36).
 * @param id of the requested image, in case the server does not repeat it
 */
export function imageFromHeaders(headers: ReplyHeaders, id: string, url: string): Image {
  const fields: Record<string, string> = {id}
  const properties: Record<string, string | null> = {}
  for (const [name, value] of headers) {
    if (name.startsWith(PROPERTY_PREFIX))
      properties[foldName(name.slice(PROPERTY_PREFIX.length))] = textFrom(value)
    else if (name.startsWith(META_PREFIX) && value !== '')
      fields[foldName(name.slice(META_PREFIX.length))] = value
    else if (name.startsWith(META_PREFIX)) fields[foldName(name.slice(META_PREFIX.length))] ??= ''
  }
  if (![...headers].some(([name]) => name.startsWith(META_PREFIX)))
    throw unexpectedReplyError(`${META_PREFIX}status`)
  return imageFrom(fields, properties, url)
}
