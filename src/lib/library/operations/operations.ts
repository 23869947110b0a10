/** `client.operations`: what version 2 of the API has beyond images and members, as programs use it. */
import type {QuotaUsage, ServiceOperations, ServiceStore, ServiceTask} from '../../api/service-operations.js'
import {Failure} from '../../model/errors.js'
import type {Image} from '../../model/image.js'
import {findMissingStores} from '../../work/missing-stores.js'
import {requireOperations} from '../../work/operations.js'
import {withImage} from '../../work/resolve.js'
import type {CallContext} from '../call-context.js'
import {checkRequestOptions, checkStoreCopyOptions} from '../check-options.js'
import {requireText, toImageText} from '../check-values.js'
import type {Data} from '../data-input.js'
import type {ImageRef, RequestOptions, StagingOptions, StoreWaitOptions} from '../options.js'
import {stageImage} from '../upload.js'

/**
 * Stores, states of images, imports, tasks and quotas. Version 1 of the API has none of them (`usage`), and earlier
 * services of version 2 have some: the `Failure` of kind `failed` names the version that has what is missing.
 */
export class Operations {
  readonly #context: CallContext

  /** @internal */
  constructor(context: CallContext) {
    this.#context = context
  }

  /** The stores in which the service keeps the data of images. `store` in the metadata chooses the one of an upload. */
  async getStores(options: RequestOptions = {}): Promise<readonly ServiceStore[]> {
    return this.#call('stores', options, operations => operations.stores())
  }

  /**
   * Copies the data of an image to more stores, and waits until it is there. Most clouds allow this only to administrators.
   * @param stores ids; without any, all stores that take data
   * @returns the image, whose `stores` have the data
   * @throws Failure of kind `failed` if a store did not get the data, which the others keep; of kind `unavailable` after
   * `timeoutSeconds`
   *
   * @example
   * await client.operations.copyToStores('ubuntu-24.04', ['archive'])
   */
  async copyToStores(
    image: ImageRef,
    stores: readonly string[] = [],
    options: StoreWaitOptions = {},
  ): Promise<Image> {
    checkStoreCopyOptions(options)
    for (const store of stores) requireText('store', store)
    const text = toImageText(image)
    const {api} = await this.#context.access.forCall(options)
    const operations = await requireOperations(api, 'stores')
    const found = await withImage(api, text, id => api.show(id))
    const {missing} = await findMissingStores(operations, found, stores)
    if (missing.length === 0) return found
    const onStep = (line: string) => this.#context.notes.note(line)
    const {failures} = await operations.copyToStores(found.id, missing, {
      timeout: options.timeoutSeconds,
      onStep,
    })
    if (failures.size > 0) throw copyError(found, failures)
    return api.show(found.id)
  }

  /** Deletes the data of an image from one of its stores. The only store keeps it: a `conflict`. */
  async deleteFromStore(image: ImageRef, store: string, options: RequestOptions = {}): Promise<void> {
    requireText('store', store)
    await this.#callFor(image, 'stores', options, (operations, id) => operations.deleteFromStore(id, store))
  }

  /** Deactivates an image: only administrators can download its data. */
  async deactivate(image: ImageRef, options: RequestOptions = {}): Promise<void> {
    await this.#callFor(image, 'deactivation of images', options, (operations, id) =>
      operations.deactivate(id),
    )
  }

  /** Allows the downloads of a deactivated image again. */
  async reactivate(image: ImageRef, options: RequestOptions = {}): Promise<void> {
    await this.#callFor(image, 'deactivation of images', options, (operations, id) =>
      operations.reactivate(id),
    )
  }

  /**
   * Keeps the data of a queued image in the staging area of the service, which then is `uploading`. The service checks and
   * converts it when it is imported; `addImage` with the same `serverImport` does both.
   * @returns the size in bytes
   *
   * @example
   * await client.operations.stage('new-disk', createReadStream('disk.qcow2'))
   * await client.updateImage('new-disk', {}, {serverImport: {method: 'glance-direct'}})
   */
  async stage(image: ImageRef, data: Data, options: StagingOptions = {}): Promise<number> {
    return stageImage(this.#context, image, data, options)
  }

  /** The tasks of an image: imports and copies of its data, the oldest first. The service forgets them after some days. */
  async getTasks(image: ImageRef, options: RequestOptions = {}): Promise<readonly ServiceTask[]> {
    return this.#callFor(image, 'tasks', options, (operations, id) => operations.tasks(id))
  }

  /** A task by its id. Most services allow this only to administrators. */
  async getTask(id: string, options: RequestOptions = {}): Promise<ServiceTask> {
    requireText('task', id)
    return this.#call('tasks', options, operations => operations.task(id))
  }

  /** The quotas of the project, and what is used of them; none if the service has no limits. */
  async getUsage(options: RequestOptions = {}): Promise<readonly QuotaUsage[]> {
    return this.#call('quotas', options, operations => operations.usage())
  }

  /** @param what what a service of version 1 does not have */
  async #call<T>(
    what: string,
    options: RequestOptions,
    act: (operations: ServiceOperations) => Promise<T>,
  ): Promise<T> {
    checkRequestOptions(options)
    const {api} = await this.#context.access.forCall(options)
    return act(await requireOperations(api, what))
  }

  async #callFor<T>(
    image: ImageRef,
    what: string,
    options: RequestOptions,
    act: (operations: ServiceOperations, id: string) => Promise<T>,
  ): Promise<T> {
    checkRequestOptions(options)
    const text = toImageText(image)
    const {api} = await this.#context.access.forCall(options)
    const operations = await requireOperations(api, what)
    return withImage(api, text, id => act(operations, id))
  }
}

function copyError({id}: Image, failures: ReadonlyMap<string, string>): Failure {
  const reasons = [...failures].map(([store, why]) => `${store}: ${why}`)
  return new Failure('failed', `cannot copy image ${id} to ${[...failures.keys()].join(', ')}`, {
    why: reasons.join('; '),
  })
}
