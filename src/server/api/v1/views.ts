/** Images and members as the JSON and the headers of API v1. */
import type {JsonObject} from '../../http/json-body.js'
import {encodeHeader} from '../../http/text.js'
import {isOwnProperty, selectProperties} from '../../images/rules.js'
import type {NamedColumn} from '../../registry/columns.js'
import {isFilled} from '../../registry/image-data.js'
import type {ImageRecord, MemberRecord} from '../../registry/registry.js'
import {BRIEF_FIELDS, FIELDS} from './fields.js'

/** The six keys of the index (wire/v1.md#d1). */
export function briefView(image: ImageRecord): JsonObject {
  return toView(image, BRIEF_FIELDS)
}

/**
 * The eighteen keys of the detailed list, and of responses to POST and PUT (wire/v1.md#c1, #d2).
 * @param showLocations include the location of the data, as the documents of 2011 have it; the recorded servers hid it
 */
export function fullView(image: ImageRecord, showLocations = false): JsonObject {
  const location = showLocations ? {location: findShownLocation(image)} : {}
  return {...toView(image, FIELDS), ...location, properties: callerProperties(image)}
}

/** The location of an image that is complete; before, it may be a URL that its data is copied from. */
function findShownLocation(image: ImageRecord): string | null {
  return isFilled(image) ? image.location : null
}

function toView(image: ImageRecord, fields: readonly NamedColumn[]): JsonObject {
  return Object.fromEntries(fields.map(({name, attribute}) => [name, image[attribute]]))
}

/** Without the properties by which the service tells the progress of an import, which API v1 does not have. */
function callerProperties(image: ImageRecord): ImageRecord['properties'] {
  return selectProperties(image, name => !isOwnProperty(name))
}

/** One entry of a member list (wire/v1.md#i4). */
export function memberView({memberId, canShare}: MemberRecord): JsonObject {
  return {member_id: memberId, can_share: canShare}
}

/** One entry of a list of shared images (wire/v1.md#i34). */
export function shareView({imageId, canShare}: MemberRecord): JsonObject {
  return {image_id: imageId, can_share: canShare}
}

/**
 * The headers of HEAD and GET (wire/v1.md#e1), without fields that are null (wire/v1.md#e3, #g6).
 * @param showLocations as for `fullView`
 */
export function imageHeaders(image: ImageRecord, showLocations = false): Readonly<Record<string, string>> {
  const fields = FIELDS.map(({name, attribute}) => [`x-image-meta-${name}`, image[attribute]] as const)
  const location = ['x-image-meta-location', showLocations ? findShownLocation(image) : null] as const
  const properties = Object.entries(callerProperties(image)).map(
    ([name, value]) => [`x-image-meta-property-${escapeHeaderName(name)}`, value] as const,
  )
  const headers: Record<string, string> = etagHeader(image)
  for (const [name, value] of [...fields, location, ...properties]) {
    if (value !== null) headers[name] = encodeHeader(formatHeaderValue(value))
  }
  return headers
}

/** The checksum as an ETag, if there is one (wire/v1.md#c1, #c3). */
export function etagHeader(image: ImageRecord): Record<string, string> {
  return image.checksum === null ? {} : {etag: encodeHeader(image.checksum)}
}

/**
 * True for a client that has the data: its checksum is in `If-None-Match`, in quotes or not, because the recorded servers
 * send the ETag without them.
 */
export function hasCurrentData({checksum}: ImageRecord, ifNoneMatch: string | undefined): boolean {
  if (checksum === null || ifNoneMatch === undefined) return false
  const tags = ifNoneMatch.split(',').map(tag => /^\s*(?:W\/)?"?(.*?)"?\s*$/.exec(tag)?.[1])
  return tags.includes(checksum) || tags.includes('*')
}

/** Formats booleans as Python does. */
function formatHeaderValue(value: string | number | boolean): string {
  if (typeof value !== 'boolean') return String(value)
  return value ? 'True' : 'False'
}

/** Escapes the bytes of characters that header names cannot contain, as names set through API v2 may. */
function escapeHeaderName(name: string): string {
  return name.replace(/[^\w!#$%&'*+.^`|~-]/gu, char =>
    [...Buffer.from(char)].map(byte => `%${byte.toString(16).padStart(2, '0')}`).join(''),
  )
}
