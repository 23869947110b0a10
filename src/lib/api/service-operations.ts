/** What version 2 of the Image API has beyond images and members: stores, tasks, quotas, and the states of an image. */
import type {ImageData} from '../data/image-data.js'

/** A place where the service keeps the data of images. */
export interface ServiceStore {
  readonly id: string
  readonly description: string | null
  /** Uploads go to this store unless they name another. */
  readonly isDefault: boolean
  /** The service reads from it only. */
  readonly isReadOnly: boolean
  /** Kind of store, which only administrators see. */
  readonly type: string | null
}

/** Work that the service has done, or does, after the reply to its request. */
export interface ServiceTask {
  readonly id: string
  /** `api_image_import` for every method of import. */
  readonly type: string | null
  /** pending, processing, success or failure. */
  readonly status: string
  readonly imageId: string | null
  /** The method of import, and the stores that it was for. */
  readonly method: string | null
  readonly stores: readonly string[]
  readonly owner: string | null
  /** The reason of a failure. */
  readonly message: string | null
  /** Times are as the server wrote them: ISO 8601 in UTC. */
  readonly createdAt: string | null
  readonly updatedAt: string | null
  readonly expiresAt: string | null
}

/** A quota of the project: sizes are MiB. */
export interface QuotaUsage {
  readonly name: string
  readonly usage: number
  /** -1 for no limit. */
  readonly limit: number
}

/** Options of a copy between stores. */
export interface StoreCopyOptions {
  /** Seconds to wait for it. Default: no limit. */
  readonly timeout?: number | undefined
  /** Receives a line for each step. */
  readonly onStep?: ((text: string) => void) | undefined
}

/** The end of a copy between stores. */
export interface StoreCopy {
  /** Stores that have the data now. */
  readonly stores: readonly string[]
  /** The reasons of the failures, by store. */
  readonly failures: ReadonlyMap<string, string>
}

/**
 * Contract: each method either does what it says or throws a `Failure`, as those of `ImageApi` do. The failure of a
 * service without the feature is of kind `failed`, and names the version that has it.
 */
export interface ServiceOperations {
  /** Forbids downloads of an active image, except by administrators. */
  deactivate(imageId: string): Promise<void>
  /** Allows the downloads again. */
  reactivate(imageId: string): Promise<void>
  /** All stores; with their kinds if the caller is an administrator. */
  stores(): Promise<readonly ServiceStore[]>
  /**
   * Copies the data of an image to more stores (the import method `copy-image`), and waits until it is there. When it
   * cannot be stored in one of them, the others keep it.
   * @param stores ids of stores that do not have the data
   * @throws Failure when nothing was started; of kind `unavailable` when the wait ends first
   */
  copyToStores(imageId: string, stores: readonly string[], options?: StoreCopyOptions): Promise<StoreCopy>
  /** Deletes the data of an image from one of its stores; the only one is a `conflict`. */
  deleteFromStore(imageId: string, store: string): Promise<void>
  /** The tasks of an image, the oldest first. */
  tasks(imageId: string): Promise<readonly ServiceTask[]>
  /** A task; most services allow this to administrators alone. */
  task(id: string): Promise<ServiceTask>
  /** The quotas of the project; none if the service has no limits. */
  usage(): Promise<readonly QuotaUsage[]>
  /**
   * Keeps data for a later import in the staging area of the service. The image must be `queued`, and is `uploading`
   * afterwards.
   * @returns the size in bytes
   * @throws Failure of kind `unverified` if the service reports another size
   */
  stage(imageId: string, data: ImageData): Promise<number>
}
