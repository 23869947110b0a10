/** The images of the service: what can be done with them, as short scripts over registry, store and rules. */
import {randomUUID} from 'node:crypto'
import {Readable} from 'node:stream'
import type {
  ImageChanges,
  ImageQuery,
  ImageRecord,
  ImageStatus,
  NewImage,
  Registry,
} from '../registry/registry.js'
import {type Store, StoreMissing, type Stream} from '../stores/store.js'
import {type Access, requireChangeable} from './access.js'
import type {Copies} from './copies.js'
import type {ImageInput} from './input.js'
import {type Caller, mayDownload, mayPublish} from './policy.js'
import {noSuchImage, Refused} from './refusals.js'
import type {Removal} from './removal.js'
import * as rules from './rules.js'
import type {Sources} from './sources.js'
import {ifStatus} from './status.js'
import type {OpenData, Uploads} from './uploads.js'

/** The parts the images are made of. */
export interface ImagesParts {
  readonly registry: Registry
  readonly store: Store
  readonly staging: Store
  readonly sources: Sources
  readonly uploads: Uploads
  readonly copies: Copies
  readonly access: Access
  readonly removal: Removal
}

/** Every method throws `Refused` when it does not do what it was asked. */
export class Images {
  readonly #parts: ImagesParts

  constructor(parts: ImagesParts) {
    this.#parts = parts
  }

  /** One page of the images that the caller sees. */
  async list(caller: Caller, query: ImageQuery): Promise<readonly ImageRecord[]> {
    const {marker} = query
    if (marker === undefined || (await this.#isSeen(caller, marker))) {
      const page = await this.#parts.registry.list(seenBy(caller, query))
      if (page !== 'no such marker') return page
    }
    throw new Refused('bad-marker', 'Invalid marker. Image could not be found.')
  }

  /** The image; an administrator sees deleted ones too (v1-wire H3). */
  async find(caller: Caller, id: string): Promise<ImageRecord> {
    const image = await this.#parts.registry.find(id)
    if (!image || (image.deleted && !caller.isAdmin)) throw noSuchImage(id)
    await this.#parts.access.requireVisible(caller, image)
    return image
  }

  /** The image with its data; without any when it was made active with size 0 (v1-wire E5). */
  async fetch(caller: Caller, id: string): Promise<{readonly image: ImageRecord; readonly stream: Stream}> {
    const image = await this.find(caller, id)
    if (!mayDownload(caller, image)) throw new Refused('forbidden', `Image ${id} is deactivated`)
    if (!HAVE_DATA.includes(image.status)) throw new Refused('not-active', `Image ${id} is not active`)
    if (image.location === null) return {image, stream: {data: Readable.from([]), size: 0}}
    return {image, stream: await this.#dataAt(image.location, id)}
  }

  /**
   * Adds an image and fills it from its data, location or copy-from, when one is given.
   * A failure behind the reservation leaves the record there, queued or killed (v1-wire F1, F28, F59, F63).
   */
  async add(caller: Caller, given: ImageInput, data: OpenData | undefined): Promise<ImageRecord> {
    const input = rules.obeyRules(ownedBy(caller, given))
    requirePublisher(caller, input)
    rules.requireFewProperties(input.properties)
    const source = await this.#parts.sources.wanted(input)
    requireStore(input.store)
    const size = input.size || (source && (await this.#parts.sources.sizeOf(source))) || 0
    if (input.id && !rules.isUuid(input.id)) throw new Refused('bad-id', 'Invalid image id format')
    rules.requireInRange(input)
    const id = input.id || randomUUID()
    const record = newRecord({...input, size}, id)
    const atOnce = input.size === 0 && !source && !data
    const image = await this.#parts.registry.create({...record, status: atOnce ? 'active' : 'queued'})
    if (!image) throw new Refused('duplicate-id', `An image with identifier ${id} already exists`)
    return this.#fill(image, input, data)
  }

  /**
   * Changes an image; properties that are not named go, unless they are kept or data comes (v1-wire G1 to G7, G27).
   * Data, location and copy-from are for queued images only.
   */
  async change(
    caller: Caller,
    id: string,
    given: ImageInput,
    {data, keepProperties}: {readonly data: OpenData | undefined; readonly keepProperties: boolean},
  ): Promise<ImageRecord> {
    const input = rules.obeyRules(caller.isAdmin ? given : withoutOwner(given))
    const image = await this.find(caller, id)
    requireChangeable(caller, image)
    if (!image.isPublic) requirePublisher(caller, input)
    if (image.deleted) throw new Refused('update-of-deleted', 'Forbidden to update deleted image.')
    rules.requireSameIdentity(input, image)
    if (!caller.isAdmin) rules.requireSameData(input, image)
    if (data && image.status !== 'queued') {
      throw new Refused('not-queued', 'Cannot upload to an unqueued image')
    }
    const source = await this.#sourceFor(image, input)
    const merge = keepProperties || data !== undefined
    rules.requireFewProperties(merge ? {...image.properties, ...input.properties} : input.properties)
    const size = source ? input.size || (await this.#parts.sources.sizeOf(source)) : input.size
    rules.requireInRange(input)
    const changes = changesOf({...input, ...(size === undefined ? {} : {size})})
    const changed = await this.#parts.registry.change(id, ({properties}) => ({
      ...changes,
      properties: {...(merge ? properties : {}), ...changes.properties},
    }))
    if (!changed) throw noSuchImage(id)
    return this.#fill(changed, input, data)
  }

  /** Deletes an image and its data; data that lies elsewhere is not touched (v1-wire H10, H13). */
  async remove(caller: Caller, id: string): Promise<void> {
    const image = await this.find(caller, id)
    requireChangeable(caller, image)
    if (image.protected) throw new Refused('protected', 'Image is protected')
    const gone = image.deleted || !(await this.#parts.removal.remove(id))
    if (gone) throw new Refused('image-gone', `Image ${id} not found.`)
  }

  /** Also of deleted images, which administrators may name (v1-wire D78). */
  async #isSeen(caller: Caller, id: string): Promise<boolean> {
    const image = await this.#parts.registry.find(id)
    return image !== undefined && (await this.#parts.access.isVisible(caller, image))
  }

  async #fill(image: ImageRecord, input: ImageInput, data: OpenData | undefined): Promise<ImageRecord> {
    const {location, copyFrom} = input
    const given = [data, location, copyFrom].filter(Boolean)
    if (given.length > 1) {
      throw new Refused('bad-value', "It's invalid to provide multiple image sources.")
    }
    if (data) {
      rules.requireFormats(image)
      return this.#parts.uploads.run(image, data, {size: image.size, checksum: image.checksum})
    }
    if (copyFrom) return this.#copyFrom(image, copyFrom)
    return location ? this.#pointTo(image, location) : image
  }

  /** The source is kept as location of the queued image, so that a restart finds the copy that was not begun. */
  async #copyFrom(image: ImageRecord, source: string): Promise<ImageRecord> {
    const waiting = await this.#parts.registry.change(image.id, ifStatus(['queued'], {location: source}))
    if (waiting) this.#parts.copies.start(waiting)
    return waiting ?? image
  }

  async #pointTo(image: ImageRecord, location: string): Promise<ImageRecord> {
    rules.requireFormats(image)
    const stored = await this.#parts.sources.sizeOf(location)
    if (image.size && stored && image.size !== stored) {
      throw new Refused(
        'size-conflict',
        'Provided image size must match the stored image size. ' +
          `(provided size: ${image.size}, stored size: ${stored})`,
      )
    }
    const active = await this.#parts.registry.change(
      image.id,
      ifStatus(['queued', 'saving'], {status: 'active', location}),
    )
    return active ?? image
  }

  async #sourceFor(image: ImageRecord, input: ImageInput): Promise<string | undefined> {
    const source = await this.#parts.sources.wanted(input)
    if (source === undefined || image.status === 'queued') return source
    throw new Refused('bad-value', 'Attempted to update Location field for an image not in queued status.')
  }

  async #dataAt(location: string, id: string): Promise<Stream> {
    const {sources, store} = this.#parts
    if (sources.knows(location)) return sources.get(location)
    try {
      return await store.get(location)
    } catch (error) {
      if (!(error instanceof StoreMissing)) throw error
      throw new Refused('no-data', `Image ${id} not found`, error)
    }
  }
}

const HAVE_DATA: readonly ImageStatus[] = ['active', 'deactivated']

/**
 * Users see public images, their own and what is shared with them, and cannot choose among these by `isPublic`. An
 * administrator who does not choose sees as much (v1-wire N9); one without a project, as everybody is where nobody is
 * asked who he is, has no images of his own.
 */
function seenBy({isAdmin, project}: Caller, query: ImageQuery): ImageQuery {
  const {isPublic, ...others} = query
  if (isAdmin && (project === null || isPublic !== true)) return query
  return {...others, viewer: {project, memberStatus: 'all'}, communityOf: project}
}

/** Only an administrator makes images for others; what nobody is named for is the caller's. */
function ownedBy(caller: Caller, input: ImageInput): ImageInput {
  return caller.isAdmin && input.owner !== undefined ? input : {...input, owner: caller.project}
}

function withoutOwner({owner: _owner, ...input}: ImageInput): ImageInput {
  return input
}

function requirePublisher(caller: Caller, {isPublic}: ImageInput): void {
  if (!isPublic || mayPublish(caller)) return
  throw new Refused('forbidden', 'You are not authorized to complete publicize_image action.')
}

/** v1-wire F48, F49. */
function requireStore(store: string | null | undefined): void {
  if (!store || ['file', 'filesystem', 'http', 'https'].includes(store)) return
  throw new Refused('bad-value', `Required store ${store} is invalid`)
}

/** What is settable; status, deleted and the times are the service's own (v1-wire F43 to F46, G20, G21). */
function changesOf(input: ImageInput): ImageChanges {
  const {
    id: _id,
    status: _status,
    location: _location,
    copyFrom: _copyFrom,
    store: _store,
    ...changes
  } = input
  return changes
}

function newRecord(input: ImageInput, id: string): NewImage {
  return {...changesOf(input), id}
}
