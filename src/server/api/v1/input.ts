/** The image in a request of API v1: validates it, and converts it to a new record or a change. */
import {randomUUID} from 'node:crypto'
import {badRequest, HttpError} from '../../http/http-error.js'
import {requirePermission} from '../../images/access.js'
import type {Edit, Sources} from '../../images/images.js'
import type {Caller} from '../../images/policy.js'
import {
  findAmazonFormat,
  isOwnName,
  isOwnProperty,
  requireMatchingFormats,
  selectProperties,
} from '../../images/rules.js'
import type {OperationName} from '../../policy/default-rules.js'
import type {AttributeOf, ColumnsWith, ValueOf} from '../../registry/columns.js'
import {isFilled} from '../../registry/image-data.js'
import type {ImageChanges, ImageRecord, NewImage} from '../../registry/registry.js'
import {registryPrefix} from './errors.js'
import {registryError} from './registry-error.js'

/** The fields that clients set; an empty header makes a text null. */
type FieldInput = {
  readonly [C in ColumnsWith<{v1: 'read-write'}> as AttributeOf<C>]?:
    | ValueOf<C>
    | (ValueOf<C> extends string ? null : never)
}

/**
 * Attributes from the headers of a request. An absent one is not in the request; null clears it. The data must have the
 * size (bytes; 0 is ignored if the request has data) and the checksum (MD5 in lower-case hexadecimal).
 */
export interface ImageInput extends FieldInput {
  /** Must be the one that the image has. */
  readonly status?: string | null
  /** URL of the data. */
  readonly location?: string | null
  /** URL to copy the data from. */
  readonly copyFrom?: string | null
  /** Name of the store for the data. */
  readonly store?: string | null
  readonly properties: Readonly<Record<string, string | null>>
}

/** Formats of the last release with API v1 (wire/v1.md#formats). */
const DISK_FORMATS = 'ami ari aki vhd vhdx vmdk raw qcow2 vdi iso ploop'.split(' ')
const CONTAINER_FORMATS = 'ami ari aki bare ovf ova docker'.split(' ')

/** Characters of a name (wire/v1.md#f32, #f33). */
const MAX_NAME = 255
/** Characters of a UUID in its longest written form. */
const MAX_UUID = 45
/** Characters of a checksum (wire/v1.md#f14). */
const MAX_CHECKSUM = 32

/** True for a UUID in any of its written forms (wire/v1.md#f18, #f19, #f20). */
export function isUuid(text: string): boolean {
  if (text.length > MAX_UUID) return false
  const bare = text.replace(/urn:|uuid:/g, '').replace(/^[{}]+|[{}]+$/g, '')
  return /^[0-9a-f]{32}$/i.test(bare.replaceAll('-', ''))
}

/**
 * Validates the input, and completes its formats: each Amazon format implies the other one (wire/v1.md#f27, #g23).
 * @throws HttpError 403 for properties with names of the service, 400 for invalid formats (wire/v1.md#f22, #f23, #f24, #f25, #f26), an invalid name (wire/v1.md#f31) or
 *   checksum; ServiceError `formats-mixed`
 */
export function checkInput(input: ImageInput): ImageInput {
  requireKnownFormat('disk', input.diskFormat, DISK_FORMATS)
  requireKnownFormat('container', input.containerFormat, CONTAINER_FORMATS)
  const own = Object.keys(input.properties).find(isOwnName)
  if (own !== undefined) throw forbidden(`Property '${own}' is reserved.`)
  const {name, checksum} = input
  const length = [...(name ?? '')].length
  if (length > MAX_NAME) throw badRequest(`Image name too long: ${length}`)
  if (checksum && checksum.length > MAX_CHECKSUM) {
    throw badRequest(`Invalid checksum '${checksum}': can't exceed ${MAX_CHECKSUM} characters`)
  }
  return withBothFormats(input)
}

function requireKnownFormat(what: string, format: string | null | undefined, known: readonly string[]): void {
  if (format === undefined || (format !== null && known.includes(format))) return
  throw badRequest(`Invalid ${what} format '${format ?? 'None'}' for image.`)
}

function withBothFormats(input: ImageInput): ImageInput {
  const {diskFormat, containerFormat} = input
  if (diskFormat && containerFormat) requireMatchingFormats(diskFormat, containerFormat)
  const amazon = findAmazonFormat([diskFormat, containerFormat])
  return amazon ? {...input, diskFormat: amazon, containerFormat: amazon} : input
}

/** The URL of the data: location, or else copy-from. @throws HttpError 400 for an empty URL */
export function findSource({location, copyFrom}: ImageInput): string | undefined {
  const source = location !== undefined ? location : copyFrom
  if (source === undefined) return undefined
  if (!source) throw badRequest('External source should not be empty')
  return source
}

/** The URL of the data with its announced size, for `Images.change`. */
export function toSources({location, copyFrom, size}: ImageInput): Sources {
  const source = location === undefined ? copyFrom : location
  return new Map(source ? [[source, size]] : [])
}

/**
 * Converts the input to a new record, which is active at once if its size is 0.
 * @param hasData the request has data
 * @throws HttpError 400 for an invalid id
 */
export function toNewImage(caller: Caller, input: ImageInput, hasData: boolean): NewImage {
  const {id, size} = input
  if (id && !isUuid(id)) {
    throw registryError({explanation: 'Invalid image id format'}, {before: registryPrefix('add')})
  }
  const source = findSource(input)
  const isEmpty = size === 0 && source === undefined && !hasData
  const changes = toChanges(caller, input)
  if (source !== undefined) {
    requirePermission(caller, sourceOperation(input), {...changes, owner: changes.owner ?? caller.project})
  }
  return {...changes, id: id || randomUUID(), status: isEmpty ? 'active' : 'queued'}
}

function sourceOperation({location}: ImageInput): OperationName {
  return location === undefined ? 'copy_from' : 'set_image_location'
}

/**
 * Converts the input to a change of an image (wire/v1.md#g1, #g2, #g3, #g4, #g5, #g6, #g7, #g27).
 * @param options `hasData`: the request has data; `keepProperties`: keep properties that the request does not name
 * @returns an edit that throws HttpError 409 for data and 400 for a URL if the image is not queued, 403 for changes that
 *   are never allowed
 */
export function toEdit(
  caller: Caller,
  input: ImageInput,
  {hasData, keepProperties}: {readonly hasData: boolean; readonly keepProperties: boolean},
): Edit {
  return (image, sizes) => {
    requireSameIdentity(input, image)
    if (!caller.isAdmin) requireSameData(input, image)
    if (hasData && image.status !== 'queued') {
      throw new HttpError(409, {detail: 'Cannot upload to an unqueued image'})
    }
    const source = findSource(input)
    if (source !== undefined) requirePermission(caller, sourceOperation(input), image)
    if (source !== undefined && image.status !== 'queued') {
      throw badRequest('Attempted to update Location field for an image not in queued status.')
    }
    const size = source === undefined ? input.size : sizes.get(source)
    const kept = keepProperties ? image.properties : selectProperties(image, isOwnProperty)
    const properties = {...kept, ...input.properties}
    return {...toChanges(caller, input), properties, ...(size === undefined ? {} : {size})}
  }
}

/**
 * The attributes that a caller may set. Status, deleted and times are not among them (wire/v1.md#f43, #f44, #f45, #f46,
 * #g20, #g21), and the owner is only for administrators.
 */
function toChanges(caller: Caller, input: ImageInput): ImageChanges {
  const {id: _id, status: _status, location: _location, copyFrom: _copyFrom, store: _store, ...rest} = input
  const {owner, ...changes} = rest
  return caller.isAdmin && owner !== undefined ? {...changes, owner} : changes
}

/** @throws HttpError 403 when id or status would change (wire/v1.md#g11, #g12, #g13, #g14) */
function requireSameIdentity(input: ImageInput, image: ImageRecord): void {
  for (const key of ['status', 'id'] as const) {
    const value = input[key]
    if (value && value !== image[key]) throw forbidden(`Forbidden to modify '${key}' of image.`)
  }
}

/** @throws HttpError 403 when size or checksum of an image with data would change (wire/v1.md#n34, #n35) */
function requireSameData(input: ImageInput, image: ImageRecord): void {
  if (!isFilled(image)) return
  for (const key of ['size', 'checksum'] as const) {
    const value = input[key]
    if (value === undefined || value === null || value === image[key]) continue
    throw forbidden(`Forbidden to modify '${key}' of active image.`)
  }
}

function forbidden(explanation: string): HttpError {
  return new HttpError(403, {explanation})
}
