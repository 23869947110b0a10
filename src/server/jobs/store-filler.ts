/** Fills stores with the data of an image: several by one import, or more of them by copies. */
import type {Readable} from 'node:stream'
import type {Inspector} from '../images/content.js'
import {type ErrorCode, isInterruption, ServiceError} from '../images/errors.js'
import {requireLimits} from '../images/rules.js'
import type {FilledChanges, UploadPlan} from '../images/upload/plan.js'
import type {Uploads} from '../images/uploads.js'
import type {ImageChanges, ImageLocation, ImageRecord, Registry} from '../registry/registry.js'
import type {StoreSet, WritableStore} from '../stores/set/store-set.js'
import type {DataStream} from '../stores/store.js'
import {FAILED_STORES, readNames, selectMissing, withoutPending} from './progress.js'

/** The stores that receive data, at least one. */
export interface Targets {
  readonly stores: readonly WritableStore[]
  /** If one store fails, none keeps the data. */
  readonly allMustSucceed: boolean
}

/** Data to import. */
export interface ImportData {
  /** Opens it; called again for each store if it is staged, and otherwise until one store has it. */
  readonly open: () => Promise<Readable>
  /** It waits in the staging area, which is the first location of the image. */
  readonly isStaged: boolean
  /** Inspects the data in place of the inspector of the service. */
  readonly inspect?: Inspector
  /** Custom properties that the image gets with the data. */
  readonly properties?: ImageRecord['properties']
}

/** Dependencies of `StoreFiller`. */
export interface StoreFillerParts {
  /** Changes an image, unless the job was taken over. */
  readonly change: Registry['change']
  readonly uploads: Uploads
  readonly stores: StoreSet
  readonly inspect: Inspector
  /** Opens the data of an image that has some. */
  readonly openData: (image: ImageRecord) => Promise<DataStream>
}

/**
 * Fills one store after the other (wire/glance-25.md#copies-between-stores). Properties of the image name the stores that are yet to be filled, and those that
 * failed.
 */
export class StoreFiller {
  readonly #parts: StoreFillerParts

  constructor(parts: StoreFillerParts) {
    this.#parts = parts
  }

  /**
   * Imports data into an image, which becomes active: with the last store if all must succeed, otherwise with the first.
   * @throws as `Uploads.execute`, if no store has the data, or not each that must
   */
  async importData(image: ImageRecord, data: ImportData, targets: Targets): Promise<ImageRecord> {
    return targets.allMustSucceed
      ? this.#importIntoAll(image, data, targets.stores)
      : this.#importIntoSome(image, data, targets.stores)
  }

  /**
   * Copies the data of an active image into those stores that do not have it.
   * @throws as `Uploads.execute`, if no store gets the data, or not each that must
   */
  async copy(image: ImageRecord, {stores, allMustSucceed}: Targets): Promise<ImageRecord> {
    const failures: unknown[] = []
    const missing = selectMissing(this.#parts.stores, image, stores)
    let copied = image
    for (const store of missing) {
      try {
        copied = await this.#copyInto(copied, store)
      } catch (error) {
        await this.#noteFailure(image, [store], error)
        if (allMustSucceed) throw error
        failures.push(error)
      }
    }
    if (failures.length > 0 && failures.length === missing.length) throw failures[0]
    return copied
  }

  /** Until the last store has the data, the image is `importing`, and keeps its staged data for another attempt. */
  async #importIntoAll(
    image: ImageRecord,
    data: ImportData,
    stores: readonly WritableStore[],
  ): Promise<ImageRecord> {
    const kept = data.isStaged ? image.locations.slice(0, 1) : []
    const stored: FilledChanges[] = []
    let filled = image
    for (const store of stores) {
      const isLast = store === stores.at(-1)
      let latest: FilledChanges | undefined
      const fill = (now: ImageRecord, complete: FilledChanges): ImageChanges => {
        if (stored[0]) requireSameData(stored[0], complete)
        latest = complete
        const locations = [...stored, complete].map(toLocation)
        const properties = withoutPending(now, store)
        if (!isLast) return {properties, locations: [...kept, ...locations], holder: now.holder}
        const {location: _, ...facts} = complete
        return {...facts, ...addProperties(properties, data), locations}
      }
      const source = stored[0] && !data.isStaged ? this.#readStored(stored[0]) : data
      filled = await this.#importInto(filled, source, stores, {
        ...this.#plan(data, store, stored.length > 0),
        fill,
      })
      if (latest) stored.push(latest)
      filled = {...filled, size: stored[0]?.size ?? filled.size}
    }
    return filled
  }

  /** The image is active as soon as one store has the data; the others get it from there. */
  async #importIntoSome(
    image: ImageRecord,
    data: ImportData,
    stores: readonly WritableStore[],
  ): Promise<ImageRecord> {
    const failures: unknown[] = []
    for (const [position, store] of stores.entries()) {
      const rest = stores.slice(position + 1)
      const fill = (now: ImageRecord, complete: FilledChanges): ImageChanges => {
        return {...complete, ...addProperties(withoutPending(now, store), data)}
      }
      // The next attempt needs the staged data.
      const failure = data.isStaged && rest.length > 0 ? {failure: {status: 'uploading'} as const} : {}
      try {
        const filled = await this.#importInto(image, data, [store], {
          ...this.#plan(data, store),
          fill,
          ...failure,
        })
        await this.copy(filled, {stores: rest, allMustSucceed: false}).catch(requireNoEnd)
        return filled
      } catch (error) {
        requireNoEnd(error)
        failures.push(error)
      }
    }
    throw failures[0]
  }

  /** An image with another status is not changed: an earlier attempt may have filled it. */
  #plan(
    {isStaged, inspect = this.#parts.inspect}: ImportData,
    {store}: WritableStore,
    isFurther = false,
  ): UploadPlan {
    const first = isStaged ? 'uploading' : 'queued'
    return {
      expectedStatus: isFurther ? 'importing' : first,
      uploadingStatus: 'importing',
      onFailure: 'queued',
      finalStatus: 'active',
      isFurther,
      begin: this.#parts.change,
      isRepeatable: true,
      store,
      inspect,
    }
  }

  /** Carries out a plan. Notes which stores failed: all of them, if the data cannot be opened. */
  async #importInto(
    image: ImageRecord,
    {open}: Pick<ImportData, 'open'>,
    stores: readonly WritableStore[],
    plan: UploadPlan,
  ): Promise<ImageRecord> {
    let failed = stores
    const openOnce = async () => {
      const data = await open()
      failed = stores.filter(({store}) => store === plan.store)
      return data
    }
    try {
      return await this.#parts.uploads.execute(plan, image, openOnce)
    } catch (error) {
      await this.#noteFailure(image, failed, error)
      throw error
    }
  }

  #readStored({location}: FilledChanges): Pick<ImportData, 'open'> {
    return {open: async () => (await this.#parts.stores.get(location)).data}
  }

  async #copyInto(image: ImageRecord, target: WritableStore): Promise<ImageRecord> {
    const {uploads, openData} = this.#parts
    const plan: UploadPlan = {
      expectedStatus: 'active',
      uploadingStatus: 'active',
      onFailure: 'queued',
      finalStatus: 'active',
      isFurther: true,
      store: target.store,
      fill: (now, complete) => {
        requireSameData(now, complete)
        return {locations: [...now.locations, toLocation(complete)], properties: withoutPending(now, target)}
      },
      failure: {},
      begin: this.#parts.change,
      isRepeatable: true,
    }
    return uploads.execute(plan, image, async () => (await openData(image)).data)
  }

  async #noteFailure({id}: ImageRecord, stores: readonly WritableStore[], error: unknown): Promise<void> {
    requireNoEnd(error)
    const note = (image: ImageRecord): ImageChanges => {
      const failed = readNames(image.properties[FAILED_STORES])
      const names = new Set([...failed, ...stores.map(({name}) => name)])
      const properties = {...withoutPending(image, ...stores), [FAILED_STORES]: [...names].join(',')}
      return {properties}
    }
    await this.#parts.change(id, note)
  }
}

/** Errors that are not about a store: the work has ended. */
const ENDS: ReadonlySet<ErrorCode> = new Set(['deleted-meanwhile', 'upload-taken-over'])

/** Throws the error if the work has ended with it. */
function requireNoEnd(error: unknown): void {
  if (isInterruption(error) || (error instanceof ServiceError && ENDS.has(error.code))) throw error
}

function toLocation({location}: FilledChanges): ImageLocation {
  return {url: location, metadata: {}}
}

/** @throws ServiceError `limit-exceeded` for more properties than an image may have */
function addProperties(
  properties: ImageRecord['properties'],
  {properties: added}: ImportData,
): Pick<ImageChanges, 'properties'> {
  const changes = {properties: {...properties, ...added}}
  requireLimits(changes)
  return changes
}

/** @throws ServiceError `copy-mismatch` for a copy that is not the data of the image */
function requireSameData(known: Partial<ImageRecord>, copy: FilledChanges): void {
  const isOther = (name: 'size' | 'checksum' | 'hashValue') =>
    known[name] !== null && known[name] !== undefined && known[name] !== copy[name]
  if (isOther('size')) throw new ServiceError('copy-mismatch', {attribute: 'size'})
  if (isOther('checksum')) throw new ServiceError('copy-mismatch', {attribute: 'checksum'})
  if (known.hashAlgo === copy.hashAlgo && isOther('hashValue')) {
    throw new ServiceError('copy-mismatch', {attribute: 'os_hash_value'})
  }
}
