/** Deletes the data that images use no more. The registry knows it until it is deleted, also after a crash. */
import {findDroppedData} from '../registry/image-data.js'
import type {Decide, HeldTask, ImageRecord, Registry, TaskChanges, TaskRecord} from '../registry/registry.js'
import {imageIdFromKey, isWebLocation, keyFromLocation} from '../stores/data-key.js'
import {findOwner} from '../stores/set/store-set.js'
import {type Store, StoreUnavailable} from '../stores/store.js'

/** The attributes that name data of an image. */
const DATA = ['location', 'locations', 'arriving'] as const

/** Locations that are read from the registry at a time. */
const BATCH = 100

/** Dependencies of `UnusedData`. */
export interface UnusedDataParts {
  readonly registry: Registry
  /** Id of this process. */
  readonly holder: string
  /** All stores that the service writes. */
  readonly stores: readonly Store[]
  /** Returns the text of an error for the operator. */
  readonly describe: (error: unknown) => string
  readonly warn: (line: string) => void
}

/** Changes images, and deletes the data that they used before. Data on other servers is left alone (wire/v1.md#h10, #h13). */
export class UnusedData {
  readonly #parts: UnusedDataParts
  #hasFailed = false
  #isStoreAway = false
  #isMissingReported = false

  constructor(parts: UnusedDataParts) {
    this.#parts = parts
  }

  /** As `Registry.change`; then deletes the data that the image no longer refers to. */
  async change(id: string, decide: Decide): Promise<ImageRecord | undefined> {
    let before: ImageRecord | undefined
    const changed = await this.#parts.registry.change(id, image => {
      before = image
      return decide(image)
    })
    if (before && changed) await this.remove(findDroppedData(before, changed))
    return changed
  }

  /** As `Registry.updateTask`; then deletes the data that its image no longer refers to. */
  async changeTask(task: HeldTask, changes: TaskChanges, decide: Decide): Promise<TaskRecord | undefined> {
    const {registry} = this.#parts
    let before: ImageRecord | undefined
    const changed = await registry.updateTask(task, changes, image => {
      const decided = decide(image) ?? {}
      before = DATA.some(attribute => attribute in decided) ? image : undefined
      return decided
    })
    if (before === undefined || changed === undefined) return changed
    // What cannot be found now is recorded, and deleted later.
    const after = await registry.find(changed.imageId).catch(() => undefined)
    if (after) await this.remove(findDroppedData(before, after))
    return changed
  }

  /**
   * Deletes data that no image refers to. Never rejects: what cannot be deleted is deleted by `retry`. Data in no store of
   * this service stays recorded, for a service that has its store.
   * @param away stores not to try, because they were away; those that are found to be away are added
   * @returns the number of locations where data was deleted
   */
  async remove(locations: readonly string[], away: Set<Store> = new Set()): Promise<number> {
    let removed = 0
    for (const location of locations) {
      const store = findOwner(this.#parts.stores, location)
      if (store === undefined && !isWebLocation(location)) this.#reportWithoutStore(location)
      // Each attempt may wait for a server, and callers wait for this.
      else if (store === undefined || !away.has(store))
        removed += await this.#removeFrom(store, location, away)
    }
    return removed
  }

  /** @param store undefined for data on a web server, whose record is dropped alone */
  async #removeFrom(store: Store | undefined, location: string, away: Set<Store>): Promise<number> {
    const {registry, describe, warn} = this.#parts
    try {
      const isRemoved = await store?.delete(location)
      await registry.forgetUnusedData([location])
      return isRemoved ? 1 : 0
    } catch (error) {
      this.#hasFailed = true
      if (store && error instanceof StoreUnavailable) {
        this.#isStoreAway = true
        away.add(store)
      }
      warn(`cannot delete unused data at ${location}, will try again: ${describe(error)}`)
      return 0
    }
  }

  /** Once: the records are read again every hour. */
  #reportWithoutStore(location: string): void {
    if (this.#isMissingReported) return
    this.#isMissingReported = true
    this.#parts.warn(`kept unused data at ${location}: it is in no store of this service`)
  }

  /** Deletes the data that could not be deleted before. Never rejects. */
  async retry(): Promise<void> {
    if (!this.#hasFailed) return
    this.#hasFailed = false
    this.#isStoreAway = false
    await this.removeAll()
  }

  /** As `retry`, but not after a store was away: callers would wait for it, though they may need another one. */
  async retryUnlessAway(): Promise<void> {
    if (!this.#isStoreAway) await this.retry()
  }

  /**
   * Deletes all data that the registry knows as unused. Never rejects.
   * @param stop ends it before the next part
   * @returns the number of deletions
   */
  async removeAll(stop?: AbortSignal): Promise<number> {
    const {registry} = this.#parts
    let removed = 0
    const away = new Set<Store>()
    let last: string | undefined = ''
    while (last !== undefined && !stop?.aborted) {
      const locations: readonly string[] = await registry.listUnusedData(BATCH, last).catch(() => {
        this.#hasFailed = true
        return []
      })
      removed += await this.remove(locations, away)
      last = locations.at(-1)
    }
    return removed
  }

  /**
   * Deletes data of images that do not refer to it. Data of images that the registry never had is kept: the registry may
   * have been restored from an older backup. One process at a time searches; a search does not delete what others store,
   * because their images name it before its first byte. Never rejects: what cannot be deleted is found by the next search.
   * @param stop ends the search, which may be long
   * @returns the number of deleted files, without those of a store where a deletion failed
   */
  async sweep(stop?: AbortSignal): Promise<number> {
    const {registry, holder, stores} = this.#parts
    try {
      if (!(await registry.claimSweep(holder))) return 0
    } catch (error) {
      this.#warnOfSweep(error)
      return 0
    }
    let removed = 0
    for (const store of stores) removed += await this.#sweepStore(store, stop)
    // Without an answer, this process searches again before others do.
    await registry.releaseSweep(holder).catch(() => {})
    return removed
  }

  async #sweepStore(store: Store, stop: AbortSignal | undefined): Promise<number> {
    try {
      return await store.sweep(keys => {
        stop?.throwIfAborted()
        return this.#findUnused(keys)
      })
    } catch (error) {
      if (!stop?.aborted) this.#warnOfSweep(error)
      return 0
    }
  }

  #warnOfSweep(error: unknown): void {
    const {describe, warn} = this.#parts
    warn(`cannot find and delete all unused data: ${describe(error)}`)
  }

  /**
   * The key of data that is in use is in use in every store: places may have been renamed or moved since the location was
   * recorded, and two stores may be in one place, for example if Swift is also read as S3.
   */
  async #findUnused(keys: readonly string[]): Promise<readonly string[]> {
    if (keys.length === 0) return []
    const ids = [...new Set(keys.map(imageIdFromKey))]
    const stored = await this.#parts.registry.listStoredData(ids)
    const used = [...stored.values()].flat().filter(location => !isWebLocation(location))
    const usedKeys = new Set(used.map(keyFromLocation))
    return keys.filter(key => stored.has(imageIdFromKey(key)) && !usedKeys.has(key))
  }
}
