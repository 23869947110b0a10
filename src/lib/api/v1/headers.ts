/** The headers that carry metadata in version 1 of the API: from a draft, to an image. */

import type {ReplyHeaders} from '../../http/message.js'
import type {Draft} from '../../model/draft.js'
import {usageError} from '../../model/errors.js'
import {FIELDS} from '../../model/fields.js'
import type {Image} from '../../model/image.js'
import {unexpectedReplyError} from './failures.js'
import {imageFrom, textFrom} from './fields.js'
import {foldName} from './paths.js'

const META_PREFIX = 'x-image-meta-'
const PROPERTY_PREFIX = 'x-image-meta-property-'

/** The text of every field of a draft, by its name on the wire; null empties the field. */
function toHeaderFields(draft: Draft): Record<string, string | null | undefined> {
  return {
    id: draft.id,
    name: draft.name,
    is_public: formatBoolean(draft.isPublic),
    protected: formatBoolean(draft.protected),
    disk_format: draft.diskFormat,
    container_format: draft.containerFormat,
    min_ram: draft.minRam?.toString(),
    min_disk: draft.minDisk?.toString(),
    owner: draft.owner,
    size: draft.size?.toString(),
    // Servers compare it with the lower-case digest they compute (wire/v1.md#f13).
    checksum: draft.checksum?.toLowerCase(),
    location: draft.location,
  }
}

/** @throws Failure of kind `usage` for what came with version 2 */
function rejectV2Fields(draft: Draft): void {
  if (draft.store !== undefined) {
    throw usageError('the store cannot be chosen with Image API v1', {
      why: 'store= is a wish for an upload by version 2 of the API',
      advice: 'Leave out store=, and the data goes where the service keeps it by default.',
    })
  }
  const values: Readonly<Record<string, unknown>> = {...draft}
  const field = FIELDS.find(({attribute, since}) => since === 2 && values[attribute] !== undefined)
  if (field === undefined) return
  const isVisibility = field.name === 'visibility'
  throw usageError(`${field.name} is not known to Image API v1${isVisibility ? '; use is_public=' : ''}`, {
    why: 'the field came with version 2 of the API',
  })
}

/** Every server reads these two words, 2011.3 no others (wire/v1.md#p11). */
function formatBoolean(value: boolean | undefined): string | undefined {
  if (value === undefined) return undefined
  return value ? 'True' : 'False'
}

/**
 * The headers that say what a draft says.
 * @throws Failure of kind `usage` for what HTTP headers cannot carry unharmed
 */
export function draftHeaders(draft: Draft): Record<string, string> {
  const headers: Record<string, string> = {}
  rejectV2Fields(draft)
  for (const [name, value] of Object.entries(toHeaderFields(draft))) {
    if (value !== undefined) headers[META_PREFIX + name] = requireHeaderSafe(name, value ?? '')
  }
  if (draft.copyFrom !== undefined)
    headers['x-glance-api-copy-from'] = requireHeaderSafe('copy_from', draft.copyFrom)
  return {...headers, ...propertyHeaders(draft.properties)}
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
  throw usageError(`the property name ${JSON.stringify(name)} cannot be used`, {
    why: `${LIMITATION}, whose names have ASCII letters, digits and !#$%&'*+.^_\`|~- only`,
  })
}

function duplicatePropertyError(one: string, other: string, folded: string): Error {
  return usageError(`the properties '${one}' and '${other}' are the same`, {
    why: `${LIMITATION}, where case does not matter and '-' is '_': both are '${folded}'`,
    advice: 'Name only one of them.',
  })
}

/** A value, when it comes through a header as it is. */
function requireHeaderSafe(name: string, value: string): string {
  const problem = findHeaderProblem(value)
  if (problem === undefined) return value
  throw usageError(`the value of '${name}' cannot be sent`, {why: `${LIMITATION}, and ${problem}`})
}

function findHeaderProblem(value: string): string | undefined {
  if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(value))
    return 'it has a line break or another control character'
  if (/^[ \t]|[ \t]$/.test(value)) return 'white space at its beginning or end would be lost'
  return /\p{Surrogate}/u.test(value) ? 'it is not valid text (half of a surrogate pair)' : undefined
}

/**
 * An image from the headers of a HEAD or GET (wire/v1.md#e1, #p36).
 * @param id of the image that was asked for, should the server not repeat it
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
