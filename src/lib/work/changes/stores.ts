/** Copies the data of images to more stores, and deletes it from one. */
import type {ServiceOperations} from '../../api/service-operations.js'
import {Failure, usageError} from '../../model/errors.js'
import type {Image} from '../../model/image.js'
import {findMissingStores} from '../missing-stores.js'
import {requireOperations} from '../operations.js'
import {resolveImageId, withImage} from '../resolve.js'
import {type Caller, describeImages, describePlace} from './caller.js'
import type {Change, ChangeOutcome, PlanStep} from './change.js'
import {changeEach} from './several.js'

/** The stores of a copy, and its options. */
export interface CopyToStoresOptions {
  /** Ids of stores; all that take data if it is empty. */
  readonly stores: readonly string[]
  /** Seconds to wait. Default: no limit. */
  readonly timeout: number | undefined
  /** Receives a line for each step. */
  readonly onStep: (text: string) => void
}

/** Copies the data of images to stores that do not have it; reports the end for each of them. */
export function copyToStores(namesOrIds: readonly string[], options: CopyToStoresOptions): Change {
  return changeEach(namesOrIds, one => copyOne(one, options), {parts: {noun: 'store', verb: 'filled'}})
}

function copyOne(nameOrId: string, options: CopyToStoresOptions): Change {
  const {stores} = options
  return {
    plan: () => (stores.length === 0 ? ['all stores'] : stores).map(store => planToCopy(nameOrId, store)),
    parts: {noun: 'store', verb: 'filled'},
    async *perform(api) {
      const operations = await requireOperations(api, 'stores')
      const image = await withImage(api, nameOrId, id => api.show(id))
      const {filled, missing} = await findMissingStores(operations, image, stores)
      for (const store of filled) yield toOutcome(image.id, store, {copied: false})
      if (missing.length > 0) yield* copyMissing(operations, image, missing, options)
    },
  }
}

function planToCopy(image: string, store: string): PlanStep {
  return {
    lines: [`Copy the data of image ${image} to ${store === 'all stores' ? store : `the store ${store}`}`],
    record: {action: 'copy', kind: 'store', image, store},
  }
}

async function* copyMissing(
  operations: ServiceOperations,
  {id}: Image,
  stores: readonly string[],
  options: CopyToStoresOptions,
): AsyncGenerator<ChangeOutcome> {
  const {failures} = await operations.copyToStores(id, stores, options)
  const isOneOfSeveral = stores.length > 1
  for (const store of stores) {
    const why = failures.get(store)
    const failure =
      why === undefined ? undefined : new Failure('failed', `cannot copy image ${id} to ${store}`, {why})
    if (failure && !isOneOfSeveral) throw failure
    yield failure ?? toOutcome(id, store, {copied: true})
  }
}

/** @param end what was done in the store */
function toOutcome(id: string, store: string, end: {copied: boolean} | {deleted: true}): ChangeOutcome {
  const text =
    'deleted' in end
      ? `Deleted the data of image ${id} from the store ${store}`
      : `Image ${id} is ${end.copied ? 'now' : 'already'} in the store ${store}`
  return {lines: [text], record: {image_id: id, store, ...end}}
}

/** Deletes the data of images from one of their stores. @param openCaller opens the service */
export function deleteFromStore(
  namesOrIds: readonly string[],
  store: string,
  openCaller: () => Promise<Caller>,
): Change {
  const parts = {noun: 'image', verb: 'deleted from the store'}
  return changeEach(namesOrIds, one => deleteOne(one, store, openCaller), {parts})
}

function deleteOne(nameOrId: string, store: string, openCaller: () => Promise<Caller>): Change {
  return {
    plan: () => [
      {
        lines: [`Delete the data of image ${nameOrId} from the store ${store}`],
        record: {action: 'delete', kind: 'store', image: nameOrId, store},
      },
    ],
    async question(open) {
      const api = await open()
      const image = await withImage(api, nameOrId, id => api.show(id))
      const place = describePlace(await openCaller())
      return {text: `Delete the data of ${describeImages([image])} from the store ${store} (${place})?`}
    },
    refusal: `not deleting the data of image ${nameOrId}`,
    async *perform(api) {
      const operations = await requireOperations(api, 'stores')
      const id = await resolveImageId(api, nameOrId)
      await operations.deleteFromStore(id, store)
      yield toOutcome(id, store, {deleted: true})
    },
  }
}

/** @throws Failure of kind `usage` unless there are stores, or all are meant */
export function requireStores(stores: readonly string[], isAll: boolean, missing: () => Failure): void {
  if (isAll && stores.length > 0) throw usageError('give either stores or --all-stores')
  if (!isAll && stores.length === 0) throw missing()
}
