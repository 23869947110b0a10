/** Locations: images that point to data which lies elsewhere, once or several times. */
import type {ImageChanges, ImageLocation, ImageRecord} from '../registry/registry.js'
import {Refused} from './refusals.js'
import {requireFewLocations} from './rules.js'
import type {Sources} from './sources.js'

/** A location that a caller gives, with what he says of the data. */
export interface GivenLocation extends ImageLocation {
  readonly checksum?: string
  readonly hashAlgo?: string
  readonly hashValue?: string
}

export class Locations {
  readonly #sources: Sources

  constructor(sources: Sources) {
    this.#sources = sources
  }

  /** Puts one among the others: at that position, or behind them for `-`. */
  async add(image: ImageRecord, given: GivenLocation, position: string): Promise<ImageChanges> {
    requireSettled(image, 'add')
    const digests = digestsOf(image, [given])
    const at =
      position === '-' ? image.locations.length : Number(/^\d+$/.test(position) ? position : Number.NaN)
    if (Number.isNaN(at)) throw new Refused('bad-value', 'Invalid position for adding a location.')
    const places = [...image.locations]
    places.splice(at, 0, placeOf(given))
    requireFewLocations(places)
    const size = await this.#sizeOf(given)
    return {locations: places, ...this.#filled(image, size, digests)}
  }

  /** Makes these the locations of an image that has none. */
  async replace(image: ImageRecord, given: readonly GivenLocation[]): Promise<ImageChanges> {
    const [first] = given
    if (!first) throw new Refused('denied', 'Cannot set locations to empty list.')
    requireSettled(image, 'replace')
    if (image.locations.length > 0) throw new Refused('bad-value', 'Original locations is not empty.')
    const digests = digestsOf(image, given)
    const places = given.map(placeOf)
    requireFewLocations(places)
    const sizes: number[] = []
    for (const one of given) sizes.push(await this.#sizeOf(one))
    return {locations: places, ...this.#filled(image, sizes[0] ?? 0, digests)}
  }

  /** Takes one away, but never the last. */
  remove(image: ImageRecord, position: string): ImageChanges {
    requireSettled(image, 'remove')
    if (image.locations.length === 1) {
      throw new Refused('denied', 'Cannot remove last location in the image.')
    }
    const last = image.locations.length - 1
    const at = position === '-' ? last : Number(/^\d+$/.test(position) ? position : Number.NaN)
    if (!(at >= 0 && at <= last)) throw new Refused('bad-value', 'Invalid position for removing a location.')
    return {locations: image.locations.filter((_, i) => i !== at)}
  }

  #filled({status}: ImageRecord, size: number, digests: ImageChanges): ImageChanges {
    return status === 'queued' ? {status: 'active', size, ...digests} : {}
  }

  /** Cloud record, "Locations": what cannot be reached is a bad address. */
  async #sizeOf({url}: ImageLocation): Promise<number> {
    if (!this.#sources.knows(url) || !URL.canParse(url)) throw new Refused('bad-value', 'Invalid location')
    try {
      return await this.#sources.sizeOf(url)
    } catch (error) {
      if (!(error instanceof Refused) || error.reason === 'source-forbidden') throw error
      const isMissing = error.reason === 'no-foreign-data'
      throw new Refused('bad-value', isMissing ? 'Invalid location' : 'The Store URI was malformed.', error)
    }
  }
}

function placeOf({url, metadata}: GivenLocation): ImageLocation {
  return {url, metadata}
}

function requireSettled({status}: ImageRecord, deed: string): void {
  if (status === 'active' || status === 'queued') return
  throw new Refused('conflict', `It's not allowed to ${deed} locations if image status is ${status}.`)
}

const DIGESTS = {checksum: 'checksum', hashAlgo: 'os_hash_algo', hashValue: 'os_hash_value'} as const

/** Bytes of a digest by the name of its attribute. */
const BYTES: Readonly<Record<string, number>> = {checksum: 16, os_hash_value: 64}

function requireDigest(name: string, value: string | undefined): void {
  if (value === undefined) return
  if (name === 'os_hash_algo') {
    if (value === 'sha512') return
    throw new Refused('conflict', `os_hash_algo must be sha512, not ${value}`)
  }
  if (!/^[0-9a-f]*$/i.test(value)) {
    throw new Refused('conflict', `${name} (${value}) is not a valid hexadecimal value`)
  }
  if (value.length === 2 * (BYTES[name] ?? 0)) return
  const what = name === 'checksum' ? 'md5' : 'sha512'
  throw new Refused(
    'conflict',
    `${name} (${value}) is not the correct size for ${what} (should be ${BYTES[name]} bytes)`,
  )
}

/** What the callers say of the data, when it does not contradict what is known. */
function digestsOf(image: ImageRecord, given: readonly GivenLocation[]): ImageChanges {
  let digests: ImageChanges = {}
  for (const [attribute, name] of Object.entries(DIGESTS) as [keyof typeof DIGESTS, string][]) {
    const values = [...new Set(given.flatMap(one => one[attribute] ?? []))]
    if (values.length > 1) throw new Refused('conflict', `Conflicting values for ${name}`)
    const [value] = values
    requireDigest(name, value)
    const known = image[attribute]
    if (value === undefined || value === known) continue
    if (known !== null) throw new Refused('conflict', `${name} is already set with a different value`)
    if (image.status !== 'queued') {
      throw new Refused(
        'conflict',
        `New value(s) for ${name} may only be provided when image status is 'queued'`,
      )
    }
    digests = {...digests, [attribute]: value}
  }
  return digests
}
