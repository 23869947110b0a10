/** The data of images: uploads, locations and downloads. */
import type {ImageChanges, ImageLocation, ImageRecord, ImageStatus} from '../registry/registry.js'
import type {StoreSet, WritableStore} from '../stores/set/store-set.js'
import {type ByteRange, type DataStream, type Store, StoreMissing} from '../stores/store.js'
import type {Access} from './access.js'
import {type Inspector, withoutChanges} from './content.js'
import {ServiceError} from './errors.js'
import type {Caller} from './policy.js'
import type {RemoteData} from './remote-data.js'
import {requireFormats} from './rules.js'
import {requireNoClaim} from './signatures/claim.js'
import type {UnusedData} from './unused-data.js'
import type {ExpectedContent} from './upload/expected-content.js'
import {type OpenData, SAVING, type UploadPlan} from './upload/plan.js'
import type {Uploads} from './uploads.js'

/** Dependencies of `ImageData`. */
export interface ImageDataParts {
  readonly access: Access
  readonly unused: UnusedData
  readonly stores: StoreSet
  readonly staging: Store
  readonly remote: RemoteData
  readonly uploads: Uploads
  readonly inspect: Inspector
  /** Jobs that wait in the registry, among them the copies. */
  readonly queue: WaitingJobs
  /** Returns the text of an error for the operator. */
  readonly describe: (error: unknown) => string
  /** Receives each download that has ended. Absent: nothing wants to know. */
  readonly noteDownload?: ((download: Download) => void) | undefined
  readonly warn: (line: string) => void
}

/** A download that has ended. */
export interface Download {
  readonly image: ImageRecord
  /** Bytes that were sent, and those that should have been if that is known. */
  readonly bytes: number
  readonly size: number | undefined
  /** Project and user who asked for it. */
  readonly project: string | null
  readonly user: string | null
  /** Address of the client. */
  readonly destination: string | undefined
}

/** Jobs that wait in the registry for a process with room. */
export interface WaitingJobs {
  /** @throws ServiceError `limit-exceeded` when too many jobs of the project wait */
  requireRoom(project: string | null): Promise<void>
  /** Takes jobs while there is room. @param id of the image of a copy that was scheduled */
  wake(id: string): void
}

/** Differences between uploads of the API versions. */
export interface UploadOptions {
  /** Status of the image after a failed upload. */
  readonly onFailure: UploadPlan['onFailure']
  readonly expected?: ExpectedContent
  /** Receives the data; absent: the default store. */
  readonly store?: WritableStore | undefined
  /** Record the size of the disk in the data; default false. */
  readonly recordsDiskSize?: boolean
}

/** Reads and writes the data of images. Methods reject with `ServiceError` when a request cannot be granted. */
export class ImageData {
  readonly #parts: ImageDataParts

  constructor(parts: ImageDataParts) {
    this.#parts = parts
  }

  /**
   * Uploads data into a queued image, which becomes active.
   * @throws ServiceError `image-not-found`, `not-owner`, `not-queued`, as `requireFormats` and `Uploads.execute`
   */
  async upload(
    caller: Caller,
    id: string,
    open: OpenData,
    {recordsDiskSize = false, store = this.#parts.stores.default, ...options}: UploadOptions,
  ): Promise<ImageRecord> {
    const {access, uploads} = this.#parts
    const image = await access.findChangeable(caller, id, 'upload')
    requireQueued(image, 'saving')
    requireFormats(image)
    const inspect = recordsDiskSize ? this.#parts.inspect : withoutChanges(this.#parts.inspect)
    const plan = {...SAVING, ...options, store: store.store, inspect}
    return uploads.execute(plan, image, open)
  }

  /**
   * Stores data of a queued image for a later import.
   * @throws ServiceError `image-not-found`, `not-owner`, `not-queued`, and as `Uploads.execute`
   */
  async stage(caller: Caller, id: string, open: OpenData, expected: ExpectedContent): Promise<void> {
    const {access, staging, uploads} = this.#parts
    const image = await access.findChangeable(caller, id)
    requireQueued(image, 'uploading')
    const plan: UploadPlan = {
      expectedStatus: 'queued',
      uploadingStatus: 'uploading',
      onFailure: 'queued',
      finalStatus: 'uploading',
      store: staging,
      expected,
      inspect: async () => ({checksum: null, hashAlgo: null, hashValue: null}),
    }
    await uploads.execute(plan, image, open)
  }

  /**
   * Schedules a copy of the data of a queued image from a URL. An image with a location waits for it, so that any process
   * finds a copy that has not begun, with the store.
   * @throws ServiceError `not-queued`, `image-not-found`, `limit-exceeded`
   */
  async copyFrom(image: ImageRecord, url: string, store?: WritableStore): Promise<ImageRecord> {
    const {queue} = this.#parts
    await queue.requireRoom(image.owner)
    // Also after an error: a registry that broke off may have recorded the location, and then it is copied.
    const waiting = this.#fillQueued(image, 'saving', toSource(url, store))
    return waiting.finally(() => queue.wake(image.id))
  }

  /**
   * Makes a queued image active with the data at a URL, which stays there.
   * @throws ServiceError as `requireFormats`, `bad-signature`, `not-queued`, `location-size-mismatch`, `image-not-found`, and as
   *   `RemoteData.getSize`
   */
  async pointTo(image: ImageRecord, url: string): Promise<ImageRecord> {
    requireFormats(image)
    requireNoClaim(image)
    const actual = await this.#parts.remote.getSize(url)
    if (image.size && actual && image.size !== actual) {
      throw new ServiceError('location-size-mismatch', {expected: image.size, actual})
    }
    return this.#fillQueued(image, 'active', {status: 'active', location: url})
  }

  /**
   * Opens the data of an image, or a range of it, at the first of its locations that can be read.
   * @param preferred names of stores to try first
   * @throws ServiceError `no-data`, and as `RemoteData.open`, or the error of the store: that of the first location
   */
  async open(image: ImageRecord, range?: ByteRange, preferred: readonly string[] = []): Promise<DataStream> {
    const {stores, describe, warn} = this.#parts
    const locations = sortByPreference(image.locations, stores, preferred)
    const failures: unknown[] = []
    for (const {url} of locations) {
      try {
        return await this.#openAt(image, url, range)
      } catch (error) {
        failures.push(error)
        if (locations.length > 1) {
          const place = stores.findName(url) ?? 'a store that is not enabled'
          warn(`cannot read image ${image.id} from ${place}: ${describe(error)}`)
        }
      }
    }
    throw failures[0] ?? new ServiceError('no-data', {id: image.id})
  }

  /** Receives each download that has ended; absent: nothing wants to know. */
  get noteDownload(): ImageDataParts['noteDownload'] {
    return this.#parts.noteDownload
  }

  async #openAt({id}: ImageRecord, url: string, range?: ByteRange): Promise<DataStream> {
    const {remote, stores} = this.#parts
    if (remote.has(url)) return remote.open(url, range)
    try {
      return await stores.get(url, range)
    } catch (error) {
      if (!(error instanceof StoreMissing)) throw error
      throw new ServiceError('no-data', {id}, error)
    }
  }

  /** Blocks downloads of an active image by all but administrators. @throws ServiceError `wrong-status` in other statuses */
  async deactivate(caller: Caller, id: string): Promise<void> {
    await this.#changeStatus(caller, id, 'deactivate')
  }

  /** Reverses `deactivate`. @throws ServiceError `wrong-status` for an image in another status */
  async reactivate(caller: Caller, id: string): Promise<void> {
    await this.#changeStatus(caller, id, 'reactivate')
  }

  async #changeStatus(caller: Caller, id: string, action: 'deactivate' | 'reactivate'): Promise<void> {
    const {from, to} = STATUS_MOVES[action]
    const change = ({status}: ImageRecord) => {
      if (status === to) return {}
      if (status === from) return {status: to}
      throw new ServiceError('wrong-status', {status, action})
    }
    await this.#parts.access.change(caller, id, change, action)
  }

  async #fillQueued({id}: ImageRecord, to: ImageStatus, changes: ImageChanges): Promise<ImageRecord> {
    const changed = await this.#parts.unused.change(id, image => {
      requireQueued(image, to)
      // It is the source of a copy that waits for its turn.
      if (image.location !== null) throw new ServiceError('not-queued', {status: 'saving', to})
      return changes
    })
    if (changed) return changed
    throw new ServiceError('image-not-found', {id})
  }
}

/** The source of a copy; its metadata names the store that receives it, unless that is the default one. */
function toSource(url: string, store: WritableStore | undefined): ImageChanges {
  return store === undefined ? {location: url} : {locations: [{url, metadata: {store: store.name}}]}
}

/** The store that receives the data of a waiting copy. */
export function findTarget(stores: StoreSet, {locations: [source]}: ImageRecord): WritableStore {
  const name = source?.metadata['store']
  return stores.writable.find(store => store.name === name) ?? stores.default
}

/** The locations in the preferred stores in the order of these, then all others in theirs. */
function sortByPreference(
  locations: readonly ImageLocation[],
  stores: StoreSet,
  preferred: readonly string[],
): readonly ImageLocation[] {
  if (preferred.length === 0) return locations
  const rank = ({url}: ImageLocation) => {
    const position = preferred.indexOf(stores.findName(url) ?? '')
    return position < 0 ? preferred.length : position
  }
  return locations.toSorted((one, other) => rank(one) - rank(other))
}

const STATUS_MOVES = {
  deactivate: {from: 'active', to: 'deactivated'},
  reactivate: {from: 'deactivated', to: 'active'},
} as const

/** Only a queued image takes data (wire/v1.md#j, #g29, #g30). */
function requireQueued({status}: ImageRecord, to: ImageStatus): void {
  if (status !== 'queued') throw new ServiceError('not-queued', {status, to})
}
