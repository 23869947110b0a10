/** The rules an image must keep, whoever wishes it to be what. */
import type {ImageLocation, ImageRecord} from '../registry/registry.js'
import type {ImageInput} from './input.js'
import {Refused} from './refusals.js'

/** Formats of the last generation (v1-wire part 2, "Formats"). */
const DISK_FORMATS = 'ami ari aki vhd vhdx vmdk raw qcow2 vdi iso ploop'.split(' ')
const CONTAINER_FORMATS = 'ami ari aki bare ovf ova docker'.split(' ')
const AMAZON_FORMATS = ['aki', 'ari', 'ami']

/** Characters (v1-wire F32, F33). */
const MAX_NAME = 255
const MAX_UUID = 45
/** Properties of one image (v1-wire L34). */
const MAX_PROPERTIES = 128
const MAX_TAGS = 128
/** Bytes of the names and values of all properties of one image: a page of a list has up to 1000 images. */
const MAX_PROPERTY_BYTES = 262_144
/** Members and locations of one image, and characters of what is said of all its locations. */
const MAX_MEMBERS = 128
const MAX_LOCATIONS = 10
const MAX_LOCATION_TEXT = 65_536
/** Characters of a checksum (v1-wire F14). */
const MAX_CHECKSUM = 32
/** Largest value of min_ram and min_disk (v1-wire F42). */
const MAX_COUNT = 2_147_483_647

/** Whether the text is a UUID in any of its written forms (v1-wire F18 to F20). */
export function isUuid(text: string): boolean {
  if (text.length > MAX_UUID) return false
  const bare = text.replace(/urn:|uuid:/g, '').replace(/^[{}]+|[{}]+$/g, '')
  return /^[0-9a-f]{32}$/i.test(bare.replaceAll('-', ''))
}

/**
 * The input with formats made whole: of the Amazon formats one implies the other (v1-wire F27, G23).
 * @throws Refused `bad-value` for formats, name or checksum against the rules
 */
export function obeyRules(input: ImageInput): ImageInput {
  requireKnown('disk', input.diskFormat, DISK_FORMATS)
  requireKnown('container', input.containerFormat, CONTAINER_FORMATS)
  const {name, checksum} = input
  const length = [...(name ?? '')].length
  if (length > MAX_NAME) throw new Refused('bad-value', `Image name too long: ${length}`)
  if (checksum && checksum.length > MAX_CHECKSUM) {
    throw new Refused('bad-value', `Invalid checksum '${checksum}': can't exceed ${MAX_CHECKSUM} characters`)
  }
  return withBothFormats(input)
}

function requireKnown(what: string, format: string | null | undefined, known: readonly string[]): void {
  if (format === undefined || (format !== null && known.includes(format))) return
  throw new Refused('bad-value', `Invalid ${what} format '${format ?? 'None'}' for image.`)
}

function withBothFormats(input: ImageInput): ImageInput {
  const {diskFormat, containerFormat} = input
  const amazon = [diskFormat, containerFormat].find(format => format && AMAZON_FORMATS.includes(format))
  if (!amazon) return input
  if (diskFormat && containerFormat && diskFormat !== containerFormat) {
    throw new Refused(
      'bad-value',
      'Invalid mix of disk and container formats. When setting a disk or container format to one of ' +
        "'aki', 'ari', or 'ami', the container and disk formats must match.",
    )
  }
  return {...input, diskFormat: amazon, containerFormat: amazon}
}

/** @throws Refused `out-of-range` for numbers the registry cannot hold (v1-wire F42) */
export function requireInRange(input: ImageInput): void {
  const limits = [
    ['min_ram', input.minRam, MAX_COUNT],
    ['min_disk', input.minDisk, MAX_COUNT],
    ['size', input.size, Number.MAX_SAFE_INTEGER],
  ] as const
  for (const [name, value, limit] of limits) {
    if (value === undefined || value <= limit) continue
    throw new Refused('out-of-range', `'${name}' value out of range, must not exceed ${limit}.`)
  }
}

/** @throws Refused `too-many-properties`, also when they are too long together (v1-wire L34) */
export function requireFewProperties(properties: Readonly<Record<string, string | null>>): void {
  requireFew('image properties', Object.keys(properties).length, MAX_PROPERTIES)
  const text = Object.entries(properties).map(([name, value]) => name + (value ?? ''))
  requireFew('bytes in image properties', Buffer.byteLength(text.join('')), MAX_PROPERTY_BYTES)
}

/** @throws Refused `too-many-properties` for more than 128 tags (cloud record, "129 tags") */
export function requireFewTags(tags: readonly string[]): void {
  requireFew('image tags', tags.length, MAX_TAGS)
}

/** @throws Refused `too-many-properties` for more than 128 members */
export function requireFewMembers(count: number): void {
  requireFew('image members for this image', count, MAX_MEMBERS)
}

/** @throws Refused `too-many-properties` for more than 10 locations, or such with too much metadata */
export function requireFewLocations(locations: readonly ImageLocation[]): void {
  requireFew('image locations', locations.length, MAX_LOCATIONS)
  requireFew('characters in image locations', JSON.stringify(locations).length, MAX_LOCATION_TEXT)
}

/** In the words of the real service, which clients know. */
function requireFew(what: string, count: number, most: number): void {
  if (count <= most) return
  throw new Refused(
    'too-many-properties',
    `The limit has been exceeded on the number of allowed ${what}. Attempted: ${count}, Maximum: ${most}`,
  )
}

/** @throws Refused `bad-value` for counts below 0 or above what the registry of old holds */
export function requireCounts({
  minRam,
  minDisk,
}: {
  readonly minRam?: number
  readonly minDisk?: number
}): void {
  for (const [name, value] of [
    ['min_ram', minRam],
    ['min_disk', minDisk],
  ] as const) {
    if (value === undefined) continue
    if (value < 0) {
      const why = 'Cannot be a negative value'
      throw new Refused('bad-value', `Invalid value '${value}' for parameter '${name}': ${why}`)
    }
    if (value > MAX_COUNT) {
      throw new Refused('bad-value', `'${name}' value out of range, must not exceed ${MAX_COUNT}.`)
    }
  }
}

/** @throws Refused `immutable` when size or checksum of an active image would change (v1-wire N34, N35) */
export function requireSameData(input: ImageInput, image: ImageRecord): void {
  if (image.status !== 'active') return
  for (const key of ['size', 'checksum'] as const) {
    const wanted = input[key]
    if (wanted === undefined || wanted === null || wanted === image[key]) continue
    throw new Refused('immutable', `Forbidden to modify '${key}' of active image.`)
  }
}

/** @throws Refused `bad-value` when an image without formats is about to get data (v1-wire F28 to F30) */
export function requireFormats(image: ImageRecord): void {
  if (image.diskFormat === null) throw new Refused('bad-value', 'Disk format is not specified.')
  if (image.containerFormat === null) throw new Refused('bad-value', 'Container format is not specified.')
}

/** @throws Refused `immutable` when id or status would change (v1-wire G11 to G14) */
export function requireSameIdentity(input: ImageInput, image: ImageRecord): void {
  for (const key of ['status', 'id'] as const) {
    const wanted = input[key]
    if (!wanted || wanted === image[key]) continue
    throw new Refused('immutable', `Forbidden to modify '${key}' of image.`)
  }
}
