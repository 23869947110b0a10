/** Copies the data of an image to more stores of the service: the import method `copy-image`. */
import {Failure} from '../../../model/errors.js'
import type {ServiceTask, StoreCopy, StoreCopyOptions} from '../../service-operations.js'
import {type PollOptions, poll} from '../../upload/poll.js'
import {imageFrom} from '../documents.js'
import {imagePath, importPath} from '../paths.js'
import type {ServiceClient} from '../service-client.js'
import {readTasks} from '../service-info.js'
import {requireMethod} from './import-methods.js'

/** Requests before a store that failed counts, on services that do not list tasks: the fact may be an old one. */
const CHECKS_WITHOUT_TASKS = 3

/** As `ServiceOperations.copyToStores` does. @param wait waits between requests */
export async function copyToStores(
  client: ServiceClient,
  id: string,
  stores: readonly string[],
  {timeout, onStep, wait}: StoreCopyOptions & Pick<PollOptions, 'wait'>,
): Promise<StoreCopy> {
  const names = stores.join(', ')
  const what = `cannot copy image ${id} to ${names}`
  await requireMethod(client, 'copy-image', {what})
  const json = {method: {name: 'copy-image'}, stores, all_stores_must_succeed: false}
  const advice = {
    403: 'Ask an administrator: most clouds let only them copy images between stores.',
    409: `Check the names with glance store-list, and the status of the image with glance show ${id}`,
  }
  await client.callAndDiscard('POST', importPath(id), {what, advice}, {json})
  onStep?.(`the service copies image ${id} to ${names}`)
  const check = createCheck(client, id, stores, what)
  const end = await poll(check, {wait, signal: client.signal, limit: timeout})
  if (end !== undefined) return end
  throw new Failure('unavailable', what, {
    why: `it has not finished within ${timeout} seconds`,
    advice: `The service may still copy the data. Look at it later with: glance show ${id}`,
  })
}

/** @returns a function that reads the image, and returns the end of the copy once there is one */
function createCheck(
  client: ServiceClient,
  id: string,
  stores: readonly string[],
  what: string,
): () => Promise<StoreCopy | undefined> {
  let checks = 0
  return async () => {
    const before = await readTasks(client, id)
    const image = imageFrom(await client.json('GET', imagePath(id), {what}), client.url)
    checks += 1
    const present = image.stores ?? []
    const missing = stores.filter(store => !present.includes(store))
    const failed = (image.failedImport ?? '').split(',')
    const task = before?.at(-1)
    const isOver =
      task === undefined
        ? checks >= CHECKS_WITHOUT_TASKS && missing.every(store => failed.includes(store))
        : isFinal(task)
    if (missing.length > 0 && !isOver) return undefined
    const why = (task?.status === 'failure' && task.message) || 'the service could not store it there'
    return {stores: present, failures: new Map(missing.map(store => [store, why]))}
  }
}

function isFinal({status}: ServiceTask): boolean {
  return status === 'success' || status === 'failure'
}
