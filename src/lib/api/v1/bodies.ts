/** The JSON documents of version 1 of the API: images, lists and members. */
import type {Image, ImageSummary, Member, SharedImage} from '../../model/image.js'
import {isMapping, type Mapping} from '../../model/mapping.js'
import {notUnderstood} from './failures.js'
import {imageFrom, summaryFrom, textFrom} from './fields.js'

/** `{"image": {...}}` (v1-wire C1). */
export function imageFromBody(body: unknown, url: string): Image {
  return detailed(record(record(body, 'image')['image'], 'image'), url)
}

/** `{"images": [...]}` of the detailed list (v1-wire D2). */
export function imagesFromBody(body: unknown, url: string): Image[] {
  return list(body, 'images').map(image => detailed(image, url))
}

/** `{"images": [...]}` of the brief list (v1-wire D1). */
export function summariesFromBody(body: unknown): ImageSummary[] {
  return list(body, 'images').map(summaryFrom)
}

/** `{"members": [...]}` (v1-wire I4). */
export function membersFromBody(body: unknown): Member[] {
  return list(body, 'members').map(member => ({
    memberId: textFrom(member['member_id']) ?? '',
    canShare: member['can_share'] === true,
  }))
}

/** `{"shared_images": [...]}` (v1-wire I34). */
export function sharedImagesFromBody(body: unknown): SharedImage[] {
  return list(body, 'shared_images').map(image => ({
    imageId: textFrom(image['image_id']) ?? '',
    canShare: image['can_share'] === true,
  }))
}

/** What adding a member says. A body is always sent: without one, adding back a removed member does nothing (I30). */
export function memberBody({canShare}: Member): string {
  return JSON.stringify({member: {can_share: canShare}})
}

/** What replacing the members says, as every release understands it: a bare list is 500 from 2014.1 on (I22). */
export function membershipsBody(members: readonly Member[]): string {
  const memberships = members.map(({memberId, canShare}) => ({member_id: memberId, can_share: canShare}))
  return JSON.stringify({memberships})
}

function detailed(image: Mapping, url: string): Image {
  const stored = image['properties']
  const properties = isMapping(stored) ? Object.entries(stored) : []
  const entries = properties.map(([name, value]) => [name, textFrom(value)] as const)
  return imageFrom(image, Object.fromEntries(entries), url)
}

function list(body: unknown, key: string): Mapping[] {
  const items = record(body, key)[key]
  if (!Array.isArray(items)) throw notUnderstood(key)
  return items.map(item => record(item, key))
}

function record(value: unknown, key: string): Mapping {
  if (isMapping(value)) return value
  throw notUnderstood(key)
}
