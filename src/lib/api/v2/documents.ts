/** The JSON documents of version 2 of the API: from a draft, to images and members. */
import {redactText} from '../../http/redact.js'
import {type Draft, draftEntries} from '../../model/draft.js'
import {usageError} from '../../model/errors.js'
import type {Field, ImageField} from '../../model/field.js'
import {IMAGE_FIELDS} from '../../model/fields.js'
import {EMPTY_IMAGE, type Image, type Member} from '../../model/image.js'
import {isJsonObject, type JsonObject} from '../../model/json-object.js'
import {parseList} from '../../model/values.js'
import {cacheByKeys} from '../cache-by-keys.js'
import {FeatureLevel} from '../feature-level.js'
import {encodeShownId} from '../path-segment.js'
import {createFieldReader} from '../read-fields.js'
import {unexpectedReplyError} from './failures.js'

/** A JSON document of version 2. */
export type JsonDocument = JsonObject

/** Fields that only version 1 has: here they would be custom properties. */
const V1_ONLY_FIELDS = ['is_public', 'location', 'deleted', 'deleted_at']

/** The fields of an image that version 2 has. */
export const V2_FIELDS = IMAGE_FIELDS.filter(field => !V1_ONLY_FIELDS.includes(field.name))

/** Fields of a draft that announce the data; the service computes them from the data. */
const EXPECTED_OF_DATA = ['size', 'checksum']

const V2_NAMES = V2_FIELDS.map(field => field.name)

const RESERVED_NAMES = new Set([...V2_NAMES, ...['self', 'file', 'schema', 'first', 'next', 'direct_url']])

/** True for a key of an image document that belongs to the service; any other one is a custom property. */
export function isReserved(name: string): boolean {
  return RESERVED_NAMES.has(name) || name.startsWith('os_glance_')
}

/** The image document of a draft. @throws Failure of kind `usage` for a reserved property name or an invalid id */
export function draftDocument(draft: Draft, level = new FeatureLevel()): JsonDocument {
  checkProperties(draft)
  return Object.fromEntries([...toAttributes(draft, level), ...Object.entries(draft.properties)])
}

/**
 * The fields of a draft that the service stores, by their names on the wire. Not public means `shared`, as when the
 * service converts images from v1 to v2; services without that visibility have members of private images.
 * @param level features of the service
 */
export function toAttributes(draft: Draft, level: FeatureLevel): [string, unknown][] {
  requireFields(draft, level)
  const {
    isPublic,
    visibility = isPublic === undefined ? undefined : isPublic ? 'public' : level.memberVisibility,
    ...rest
  } = draft
  const stored = draftEntries(rest)
    .filter(([{name}]) => V2_NAMES.includes(name) && !EXPECTED_OF_DATA.includes(name))
    .map(([{name}, value]): [string, unknown] => [name, name === 'id' ? requireUuid(String(value)) : value])
  return visibility === undefined ? stored : [...stored, ['visibility', visibility]]
}

function requireFields({visibility, osHidden}: Draft, level: FeatureLevel): void {
  if (osHidden !== undefined) level.require('os_hidden', 'os_hidden=')
  if (visibility === 'shared' || visibility === 'community')
    level.require('shared visibility', `visibility=${visibility}`)
}

/** Servers accept upper case in a new id, but find the image only by lower case. */
function requireUuid(id: string): string {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) return id.toLowerCase()
  throw usageError(`invalid id '${id}': expected a UUID`, {
    why: 'Image API v2 accepts only UUIDs',
    advice: 'Leave out id= to let the service choose one.',
  })
}

/** @throws Failure of kind `usage` for a property whose name the service reserves */
export function checkProperties({properties}: Draft): void {
  const name = Object.keys(properties).find(isReserved)
  if (name === undefined) return
  throw usageError(`invalid property name '${name}'`, {
    why: 'Image API v2 reserves this name',
  })
}

const readImage = createFieldReader({
  fields: V2_FIELDS,
  defaults: {...EMPTY_IMAGE, id: '', uri: '', properties: {}},
  parse: parseFieldValue,
})

/** An image from its document in a reply. @param url base of the service @throws Failure without an id */
export function imageFrom(body: unknown, url: string): Image {
  const json = requireMapping(body, 'id')
  const id = textFrom(json['id'])
  if (id === null) throw unexpectedReplyError('id')
  const visibility = textFrom(json['visibility'])
  const location = findLocation(json)
  const failedImport = textFrom(json['os_glance_failed_import'])
  return Object.assign(readImage(json), {
    isPublic: visibility === null ? null : visibility === 'public',
    uri: `${url}/v2/images/${encodeShownId(id)}`,
    ...(location === undefined ? undefined : {location}),
    ...(failedImport ? {failedImport} : undefined),
    properties: customProperties(json),
  })
}

function parseFieldValue({kind, name}: Field, value: unknown): Image[ImageField['attribute']] {
  if (kind === 'boolean') return typeof value === 'boolean' ? value : null
  if (kind === 'count') return countFrom(value)
  if (kind !== 'list') return textFrom(value)
  return name === 'locations' ? locationUrls(value) : listFrom(value)
}

/** Tags are a list, `stores` is a text with commas, in which a store with several locations is repeated. */
function listFrom(value: unknown): string[] {
  if (typeof value === 'string') return parseList(value)
  return Array.isArray(value) ? value.filter(word => typeof word === 'string') : []
}

/** The URLs in `locations`. The address of a store may contain a password, which is masked. */
function locationUrls(value: unknown): string[] {
  const urls = Array.isArray(value) ? value.map(item => isJsonObject(item) && item['url']) : []
  return urls.filter(url => typeof url === 'string').map(redactText)
}

/** Present only if the operator allows it. */
function findLocation({direct_url: direct, locations}: JsonDocument): string | undefined {
  return typeof direct === 'string' ? redactText(direct) : locationUrls(locations)[0]
}

const propertyNames = cacheByKeys(keys => keys.filter(name => !isReserved(name)))

function customProperties(json: JsonDocument): Image['properties'] {
  const entries: [string, string | null][] = []
  for (const name of propertyNames(json)) {
    const value = json[name]
    if (typeof value === 'string' || value === null) entries.push([name, value])
  }
  return Object.fromEntries(entries)
}

/** `{"members": [...]}` */
export function membersFrom(body: unknown): Member[] {
  return requireList(body, 'members').map(item => memberFrom(requireMapping(item, 'members'), ''))
}

/** A member. @param memberId its id, if the document does not have it */
export function memberFrom(document: unknown, memberId: string): Member {
  const {member_id: id, status}: JsonDocument = isJsonObject(document) ? document : {}
  return {
    memberId: textFrom(id) ?? memberId,
    canShare: false,
    ...(typeof status === 'string' && {status}),
  }
}

/** The items of a list in a document. @throws Failure if it does not have the list */
export function requireList(body: unknown, key: string): readonly unknown[] {
  const items = requireMapping(body, key)[key]
  if (!Array.isArray(items)) throw unexpectedReplyError(key)
  return items
}

/** @throws Failure if the value is not an object; it names the key */
export function requireMapping(value: unknown, key: string): JsonDocument {
  if (isJsonObject(value)) return value
  throw unexpectedReplyError(key)
}

/** The text; null for any other type. */
export function textFrom(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

function countFrom(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}
