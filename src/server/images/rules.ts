/** Validation rules for images. */
import type {ImageChanges, ImageLocation, ImageRecord} from '../registry/registry.js'
import {type ErrorFacts, type FormatName, ServiceError} from './errors.js'

const MAX_PROPERTIES = 128
/** Bytes of the names and values of all properties of an image; a page of a list has up to 1000 images. */
const MAX_PROPERTY_BYTES = 262_144
const MAX_TAGS = 128
const MAX_MEMBERS = 128
const MAX_LOCATIONS = 10
/** Characters of all locations of an image with their metadata, as JSON. */
const MAX_LOCATION_TEXT = 65_536
/** Largest value of min_ram and min_disk (wire/v1.md#f42). */
const MAX_COUNT = 2_147_483_647

/** Attributes that API v2 makes for each answer; no column stores them. */
export const GENERATED: ReadonlySet<string> = new Set(['direct_url', 'self', 'file', 'schema', 'stores'])

/** True for a custom property by which the service itself tells something, for example the progress of an import. */
export function isOwnProperty(name: string): boolean {
  return name.startsWith('os_glance')
}

/** True for a name that callers may not give to a custom property, because the service uses it for an attribute of its own. */
export function isOwnName(name: string): boolean {
  return GENERATED.has(name) || name === 'locations' || isOwnProperty(name)
}

/** The properties whose names are selected. */
export function selectProperties(
  {properties}: ImageRecord,
  isSelected: (name: string) => boolean,
): ImageRecord['properties'] {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => isSelected(name)))
}

/**
 * Checks the values of an image against the limits.
 * @throws ServiceError `count-out-of-range`; `limit-exceeded` for properties (wire/v1.md#l34) or tags
 *   (wire/glance-25.md#limits)
 */
export function requireLimits({minRam, minDisk, size, properties, tags}: ImageChanges): void {
  requireInRange('min_ram', minRam, MAX_COUNT)
  requireInRange('min_disk', minDisk, MAX_COUNT)
  requireInRange('size', size, Number.MAX_SAFE_INTEGER)
  if (tags) requireAtMost('tags', tags.length, MAX_TAGS)
  if (!properties) return
  requireAtMost('properties', Object.keys(properties).length, MAX_PROPERTIES)
  const text = Object.entries(properties).map(([name, value]) => name + (value ?? ''))
  requireAtMost('property bytes', Buffer.byteLength(text.join('')), MAX_PROPERTY_BYTES)
}

/** @throws ServiceError `limit-exceeded` for more than 128 members */
export function requireMemberLimit(count: number): void {
  requireAtMost('members', count, MAX_MEMBERS)
}

/** @throws ServiceError `limit-exceeded` for more than 10 locations, or more than 65536 characters */
export function requireLocationLimits(locations: readonly ImageLocation[]): void {
  requireAtMost('locations', locations.length, MAX_LOCATIONS)
  requireAtMost('location characters', JSON.stringify(locations).length, MAX_LOCATION_TEXT)
}

function requireAtMost(of: ErrorFacts['limit-exceeded']['of'], attempted: number, maximum: number): void {
  if (attempted > maximum) throw new ServiceError('limit-exceeded', {of, attempted, maximum})
}

function requireInRange(
  attribute: ErrorFacts['count-out-of-range']['attribute'],
  value: number | undefined,
  maximum: number,
): void {
  if (value === undefined || (value >= 0 && value <= maximum)) return
  throw new ServiceError('count-out-of-range', {attribute, value, maximum})
}

const AMAZON_FORMATS = ['aki', 'ari', 'ami']

/** The first Amazon format among these. */
export function findAmazonFormat(formats: readonly (string | null | undefined)[]): string | undefined {
  return AMAZON_FORMATS.find(format => formats.includes(format))
}

/** The rule of API v1. @throws ServiceError `formats-mixed` for an Amazon format together with another one (wire/v1.md#f27) */
export function requireMatchingFormats(disk: string, container: string): void {
  if (disk !== container && findAmazonFormat([disk, container])) throw new ServiceError('formats-mixed', {})
}

/** Containers that may hold a disk in a format of Amazon. */
const AMAZON_CONTAINERS = [...AMAZON_FORMATS, 'bare']

/** @throws ServiceError `formats-mixed` for a disk in a format of Amazon in the container of another system */
export function requirePossibleFormats(disk: string, container: string): void {
  if (AMAZON_FORMATS.includes(disk) && !AMAZON_CONTAINERS.includes(container)) {
    throw new ServiceError('formats-mixed', {})
  }
}

/**
 * Checks the formats of an image before it gets data.
 * @throws ServiceError `formats-missing` without disk or container format (wire/v1.md#f28, #f29, #f30), `formats-mixed`
 */
export function requireFormats({diskFormat, containerFormat}: ImageRecord): void {
  const formats: FormatName[] = []
  if (diskFormat === null) formats.push('disk_format')
  if (containerFormat === null) formats.push('container_format')
  if (formats.length > 0) throw new ServiceError('formats-missing', {formats})
  if (diskFormat !== null && containerFormat !== null) requirePossibleFormats(diskFormat, containerFormat)
}
