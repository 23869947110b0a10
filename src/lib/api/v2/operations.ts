/** Stores, tasks, quotas and the states of images in version 2 of the API. */
import type {ImageData} from '../../data/image-data.js'
import type {FailureHints} from '../../http/errors/expect-status.js'
import {Failure} from '../../model/errors.js'
import type {Feature} from '../feature-level.js'
import type {
  QuotaUsage,
  ServiceOperations,
  ServiceStore,
  ServiceTask,
  StoreCopy,
  StoreCopyOptions,
} from '../service-operations.js'
import type {PollOptions} from '../upload/poll.js'
import {
  actionPath,
  imagePath,
  STORES_DETAIL,
  STORES_INFO,
  storedImagePath,
  taskPath,
  tasksPath,
  USAGE_INFO,
} from './paths.js'
import type {ServiceClient} from './service-client.js'
import {storesFrom, taskFrom, tasksFrom, usageFrom} from './service-info.js'
import {copyToStores} from './upload/copy-to-stores.js'
import {stageData} from './upload/stage.js'

/** Implements the contract of `ServiceOperations`. */
export class V2Operations implements ServiceOperations {
  readonly #client: ServiceClient
  readonly #wait: PollOptions['wait']

  /** @param wait waits between requests */
  constructor(client: ServiceClient, wait: PollOptions['wait']) {
    this.#client = client
    this.#wait = wait
  }

  deactivate(imageId: string): Promise<void> {
    return this.#act(imageId, 'deactivate')
  }

  reactivate(imageId: string): Promise<void> {
    return this.#act(imageId, 'reactivate')
  }

  async #act(imageId: string, action: 'deactivate' | 'reactivate'): Promise<void> {
    const hints: FailureHints = {
      what: `cannot ${action} image ${imageId}`,
      advice: {403: `Look at its status and its owner with: glance show ${imageId}`},
    }
    await this.#explainMissing('deactivation of images', imageId, () =>
      this.#client.callAndDiscard('POST', actionPath(imageId, action), hints, {repeatable: true}),
    )
  }

  /** The kinds are shown to administrators alone, by services of 2.15. */
  async stores(): Promise<readonly ServiceStore[]> {
    const detail = await this.#client.send('GET', STORES_DETAIL)
    if (detail.status === 200) return storesFrom(await detail.json())
    await detail.discard()
    const body = await this.#readInfo(STORES_INFO, 'cannot list the stores', 'several stores')
    return storesFrom(body)
  }

  async usage(): Promise<readonly QuotaUsage[]> {
    return usageFrom(await this.#readInfo(USAGE_INFO, 'cannot read the quotas', 'usage of quotas'))
  }

  async #readInfo(path: string, what: string, feature: Feature): Promise<unknown> {
    try {
      return await this.#client.json('GET', path, {what})
    } catch (error) {
      throw isMissing(error) ? this.#client.level.explainMissing(feature) : error
    }
  }

  copyToStores(
    imageId: string,
    stores: readonly string[],
    options: StoreCopyOptions = {},
  ): Promise<StoreCopy> {
    return this.#explainMissing('copies between stores', imageId, () =>
      copyToStores(this.#client, imageId, stores, {...options, wait: this.#wait}),
    )
  }

  async deleteFromStore(imageId: string, store: string): Promise<void> {
    const what = `cannot delete the data of image ${imageId} from the store ${store}`
    await this.#explainMissing('deletion from one store', imageId, () =>
      this.#client.callAndDiscard('DELETE', storedImagePath(store, imageId), {what}),
    )
  }

  async tasks(imageId: string): Promise<readonly ServiceTask[]> {
    const what = `cannot list the tasks of image ${imageId}`
    return this.#explainMissing('tasks of images', imageId, async () =>
      tasksFrom(await this.#client.json('GET', tasksPath(imageId), {what})),
    )
  }

  async task(id: string): Promise<ServiceTask> {
    const advice = {
      403: 'Ask an administrator, or list the tasks of an image with: glance image-tasks IMAGE',
    }
    return taskFrom(await this.#client.json('GET', taskPath(id), {what: `cannot show task ${id}`, advice}))
  }

  stage(imageId: string, data: ImageData): Promise<number> {
    return this.#explainMissing('imports', imageId, () => stageData(this.#client, imageId, data))
  }

  /** A 404 is about the image, unless the image is there: then the service does not know the request. */
  async #explainMissing<T>(feature: Feature, imageId: string, act: () => Promise<T>): Promise<T> {
    try {
      return await act()
    } catch (error) {
      if (!isMissing(error)) throw error
      await this.#client.callAndDiscard('GET', imagePath(imageId), {what: error.message})
      throw isAboutStore(error)
        ? error.with({kind: 'conflict', advice: `List its stores with: glance show ${imageId}`})
        : this.#client.level.explainMissing(feature)
    }
  }
}

/** The service does not know the path or the image; other services answer 300 with their versions. */
function isMissing(error: unknown): error is Failure {
  return error instanceof Failure && (error.status === 404 || error.status === 300 || error.status === 405)
}

/** The image has no data in that store. */
function isAboutStore({why = ''}: Failure): boolean {
  return /not stored in store/i.test(why)
}
