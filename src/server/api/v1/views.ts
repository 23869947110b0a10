/** Images and members as the JSON and the headers of API v1. */
import {headerOfText} from '../../http/text.js'
import type {ImageRecord, MemberRecord} from '../../registry/registry.js'
import {BRIEF, SHOWN, type WireField} from './fields.js'

type Json = Readonly<Record<string, unknown>>

/** The six keys of the index (v1-wire D1). */
export function briefView(image: ImageRecord): Json {
  return view(image, BRIEF)
}

/** The eighteen keys of the detailed list, and of answers to POST and PUT (v1-wire C1, D2). */
export function fullView(image: ImageRecord): Json {
  return {...view(image, SHOWN), properties: image.properties}
}

function view(image: ImageRecord, fields: readonly WireField[]): Json {
  return Object.fromEntries(fields.map(({name, of}) => [name, of(image)]))
}

/** One entry of a member list (v1-wire I4). */
export function memberView({memberId, canShare}: MemberRecord): Json {
  return {member_id: memberId, can_share: canShare}
}

/** One entry of a list of shared images (v1-wire I34). */
export function shareView({imageId, canShare}: MemberRecord): Json {
  return {image_id: imageId, can_share: canShare}
}

/** The headers of HEAD and GET (v1-wire E1); what is null is left out (E3, G6). */
export function imageHeaders(image: ImageRecord): Readonly<Record<string, string>> {
  const fields = SHOWN.map(({name, of}) => [`x-image-meta-${name}`, of(image)] as const)
  const properties = Object.entries(image.properties).map(
    ([name, value]) => [`x-image-meta-property-${token(name)}`, value] as const,
  )
  const headers: Record<string, string> = etag(image)
  for (const [name, value] of [...fields, ...properties]) {
    if (value !== null) headers[name] = headerOfText(headerText(value))
  }
  return headers
}

/** The checksum, when there is one (v1-wire C1, C3). */
export function etag(image: ImageRecord): Record<string, string> {
  return image.checksum === null ? {} : {etag: headerOfText(image.checksum)}
}

/** Booleans are written as Python writes them. */
function headerText(value: string | number | boolean): string {
  if (typeof value !== 'boolean') return String(value)
  return value ? 'True' : 'False'
}

/** A name from elsewhere may hold what no header name can; those characters are written as escapes of their bytes. */
function token(name: string): string {
  return name.replace(/[^\w!#$%&'*+.^`|~-]/gu, char =>
    [...Buffer.from(char)].map(byte => `%${byte.toString(16).padStart(2, '0')}`).join(''),
  )
}
