/** Computes changes of the locations of an image, which point to data on other servers. */
import type {ImageChanges, ImageLocation, ImageRecord} from '../registry/registry.js'
import {HASH_BYTES, type HashAlgorithm} from '../stores/store.js'
import {type ErrorFacts, type LocationAction, ServiceError} from './errors.js'
import {requireFormats, requireLocationLimits} from './rules.js'
import {requireNoClaim} from './signatures/claim.js'

/** A location in a request, with digests of the data in hexadecimal. */
export interface LocationInput extends ImageLocation {
  readonly checksum?: string
  readonly hashAlgo?: string
  readonly hashValue?: string
}

/** Bytes at each URL. */
export type Sizes = ReadonlyMap<string, number>

/** What is known besides the request. */
export interface LocationFacts {
  readonly sizes: Sizes
  /** Algorithm of the second digest of data in this service. */
  readonly hashAlgo: HashAlgorithm
}

/**
 * Adds a location. A queued image becomes active.
 * @param position index from 0, or `-` for the end
 * @throws ServiceError `locations-fixed`, `duplicate-location`, `bad-digest`, `bad-location-position`, `limit-exceeded`,
 *   and as `requireFormats`
 */
export function addLocation(
  image: ImageRecord,
  input: LocationInput,
  position: string,
  {sizes, hashAlgo}: LocationFacts,
): ImageChanges {
  requireChangeableLocations(image, 'add')
  if (image.locations.some(({url}) => url === input.url)) {
    throw new ServiceError('duplicate-location', {url: input.url})
  }
  const digests = checkDigests(image, [input], hashAlgo)
  const end = image.locations.length
  const at = position === '-' ? end : parsePosition(position)
  if (at === undefined) throw new ServiceError('bad-location-position', {action: 'add'})
  const locations = image.locations.toSpliced(at, 0, toLocation(input))
  requireLocationLimits(locations)
  return {locations, ...fill(image, sizes.get(input.url), digests)}
}

/**
 * Sets the locations of an image that has none, which makes a queued image active, or the order and the metadata of those
 * that it has.
 * @throws ServiceError `locations-required`, `locations-fixed`, `locations-exist`, `bad-digest`, `limit-exceeded`, and as `requireFormats`
 */
export function setLocations(
  image: ImageRecord,
  inputs: readonly LocationInput[],
  {sizes, hashAlgo}: LocationFacts,
): ImageChanges {
  const [first] = inputs
  if (!first) throw new ServiceError('locations-required', {action: 'replace'})
  requireChangeableLocations(image, 'replace')
  const isEmpty = image.locations.length === 0
  if (!isEmpty && !hasSameUrls(image.locations, inputs)) throw new ServiceError('locations-exist', {})
  const digests = checkDigests(image, inputs, hashAlgo)
  const locations = inputs.map(toLocation)
  requireLocationLimits(locations)
  return {locations, ...fill(image, sizes.get(first.url), digests)}
}

/**
 * Removes a location.
 * @param position index from 0, or `-` for the last one
 * @throws ServiceError `locations-fixed`, `bad-location-position`; `locations-required` for the only location; `data-in-use`
 *   while the data is copied
 */
export function removeLocation(image: ImageRecord, position: string): ImageChanges {
  requireChangeableLocations(image, 'remove')
  requireIdle(image)
  const {locations} = image
  if (locations.length === 1) throw new ServiceError('locations-required', {action: 'remove'})
  const at = position === '-' ? locations.length - 1 : parsePosition(position)
  if (at === undefined || !locations[at]) throw new ServiceError('bad-location-position', {action: 'remove'})
  return {locations: locations.toSpliced(at, 1)}
}

/**
 * Removes the first location in a store.
 * @param isInStore true for the URLs of that store
 * @throws ServiceError `not-active`, `only-store`, `not-in-store`, and `data-in-use` while the data is copied
 */
export function removeFromStore(
  image: ImageRecord,
  store: string,
  isInStore: (url: string) => boolean,
): ImageChanges {
  const {id, status, locations} = image
  if (status !== 'active') throw new ServiceError('not-active', {})
  if (locations.length === 1) throw new ServiceError('only-store', {})
  const at = locations.findIndex(({url}) => isInStore(url))
  if (at < 0) throw new ServiceError('not-in-store', {id, store})
  requireIdle(image)
  return {locations: locations.toSpliced(at, 1)}
}

/** @throws ServiceError `data-in-use` for an image whose data is copied to a store: each location may be the one that is read */
function requireIdle({id, arriving}: ImageRecord): void {
  if (arriving !== null) throw new ServiceError('data-in-use', {id})
}

function hasSameUrls(some: readonly ImageLocation[], others: readonly ImageLocation[]): boolean {
  const urls = new Set(some.map(({url}) => url))
  return some.length === others.length && others.every(({url}) => urls.delete(url))
}

function parsePosition(text: string): number | undefined {
  return /^\d+$/.test(text) ? Number(text) : undefined
}

/** Data makes a queued image active (wire/glance-25.md#locations-without-formats). @throws ServiceError `bad-signature`, as `requireFormats` */
function fill(image: ImageRecord, size = 0, digests: ImageChanges): ImageChanges {
  if (image.status !== 'queued') return {}
  requireFormats(image)
  requireNoClaim(image)
  return {status: 'active', size, ...digests}
}

function toLocation({url, metadata}: LocationInput): ImageLocation {
  return {url, metadata}
}

/** The location of a queued image is the source of a copy that waits for its turn. */
function requireChangeableLocations({status, location}: ImageRecord, action: LocationAction): void {
  if (status === 'active' || (status === 'queued' && location === null)) return
  throw new ServiceError('locations-fixed', {status, action})
}

const DIGESTS = {checksum: 'checksum', hashAlgo: 'os_hash_algo', hashValue: 'os_hash_value'} as const

/** The digests in a request that are new. @throws ServiceError `bad-digest`, also when they contradict known ones */
function checkDigests(
  image: ImageRecord,
  inputs: readonly LocationInput[],
  hashAlgo: HashAlgorithm,
): ImageChanges {
  let digests: ImageChanges = {}
  for (const [attribute, name] of Object.entries(DIGESTS) as [keyof typeof DIGESTS, string][]) {
    const values = [...new Set(inputs.flatMap(one => one[attribute] ?? []))]
    const [value] = values
    if (value === undefined) continue
    const known = image[attribute]
    const form = name === 'checksum' ? MD5 : {algorithm: hashAlgo, bytes: HASH_BYTES[hashAlgo]}
    const problem =
      values.length > 1 ? 'ambiguous' : (findProblem(name, value, form) ?? findConflict(image, value, known))
    if (problem) throw new ServiceError('bad-digest', {name, value, problem, ...form})
    if (value !== known) digests = {...digests, [attribute]: value}
  }
  return digests
}

type Problem = ErrorFacts['bad-digest']['problem']

const MD5 = {algorithm: 'md5', bytes: 16} as const

function findProblem(
  name: string,
  value: string,
  {algorithm, bytes}: {readonly algorithm: string; readonly bytes: number},
): Problem | undefined {
  if (name === 'os_hash_algo') return value === algorithm ? undefined : 'other algorithm'
  if (!/^[0-9a-f]*$/i.test(value)) return 'not hexadecimal'
  return value.length === 2 * bytes ? undefined : 'wrong length'
}

function findConflict({status}: ImageRecord, value: string, known: string | null): Problem | undefined {
  if (value === known) return undefined
  if (known !== null) return 'contradicts'
  return status === 'queued' ? undefined : 'not queued'
}
