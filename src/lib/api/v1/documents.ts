/** The JSON documents of version 1 of the API: images, lists and members. */
import type {Image, ImageSummary, Member, SharedImage} from '../../model/image.js'
import {isJsonObject, type JsonObject} from '../../model/json-object.js'
import {unexpectedReplyError} from './failures.js'
import {imageFrom, summaryFrom, textFrom} from './fields.js'

/** `{"image": {...}}` (wire/v1.md#c1). */
export function imageFromBody(body: unknown, url: string): Image {
  return imageFromMapping(requireMapping(requireMapping(body, 'image')['image'], 'image'), url)
}

/** `{"images": [...]}` of the detailed list (wire/v1.md#d2). */
export function imagesFromBody(body: unknown, url: string): Image[] {
  return requireList(body, 'images').map(image => imageFromMapping(image, url))
}

/** `{"images": [...]}` of the brief list (wire/v1.md#d1). */
export function summariesFromBody(body: unknown, url: string): ImageSummary[] {
  return requireList(body, 'images').map(image => summaryFrom(image, url))
}

/** `{"members": [...]}` (wire/v1.md#i4). */
export function membersFromBody(body: unknown): Member[] {
  return requireList(body, 'members').map(member => ({
    memberId: textFrom(member['member_id']) ?? '',
    canShare: member['can_share'] === true,
  }))
}

/** `{"shared_images": [...]}` (wire/v1.md#i34). */
export function sharedImagesFromBody(body: unknown): SharedImage[] {
  return requireList(body, 'shared_images').map(image => ({
    imageId: textFrom(image['image_id']) ?? '',
    canShare: image['can_share'] === true,
  }))
}

/**
 * The body for adding a member. It is always sent: without one, adding back a removed member does nothing
 * (wire/v1.md#i30).
 */
export function memberBody({canShare}: Member): string {
  return JSON.stringify({member: {can_share: canShare}})
}

/**
 * The body for replacing the members, in the form that every release reads: a bare list is 500 from 2014.1 on
 * (wire/v1.md#i22).
 */
export function membershipsBody(members: readonly Member[]): string {
  const memberships = members.map(({memberId, canShare}) => ({member_id: memberId, can_share: canShare}))
  return JSON.stringify({memberships})
}

function imageFromMapping(image: JsonObject, url: string): Image {
  const stored = image['properties']
  const properties = isJsonObject(stored) ? Object.entries(stored) : []
  const entries = properties.map(([name, value]) => [name, textFrom(value)] as const)
  return imageFrom(image, Object.fromEntries(entries), url)
}

function requireList(body: unknown, key: string): JsonObject[] {
  const items = requireMapping(body, key)[key]
  if (!Array.isArray(items)) throw unexpectedReplyError(key)
  return items.map(item => requireMapping(item, key))
}

function requireMapping(value: unknown, key: string): JsonObject {
  if (isJsonObject(value)) return value
  throw unexpectedReplyError(key)
}
