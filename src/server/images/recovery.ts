/** Recovery: what a service that died left behind is put in order before the next one listens. */
import type {Registry} from '../registry/registry.js'
import type {Store} from '../stores/store.js'
import type {Copies} from './copies.js'
import {FAILED_IMPORT} from './imports.js'
import {comingFrom, ifStatus} from './status.js'

/** The parts that recovery works on. */
export interface RecoveryParts {
  readonly registry: Registry
  readonly store: Store
  readonly staging: Store
  readonly copies: Copies
}

/**
 * Images whose data was arriving become killed, or queued again when it came through v2, as do those that were being
 * staged or imported; their leftovers go. Copies that had not begun begin.
 * Only at start, when nobody else uses the data directory.
 * @returns how many images were killed, and how many files removed
 */
export async function recover({
  registry,
  store,
  staging,
  copies,
}: RecoveryParts): Promise<{killed: number; removed: number}> {
  const saving = await registry.withStatus('saving')
  const importing = await registry.withStatus('importing')
  const staged = await registry.withStatus('uploading')
  const unfinished = staged.filter(image => image.location === null)
  const removed =
    (await store.sweep([...saving, ...importing].map(image => image.id))) +
    (await staging.sweep([...unfinished, ...importing].map(image => image.id)))
  const killed = saving.filter(image => image.ifBroken === 'killed')
  for (const image of killed) {
    await registry.change(image.id, ifStatus(comingFrom('killed'), {status: 'killed'}))
  }
  const again = saving.filter(image => image.ifBroken === 'queued')
  for (const image of [...again, ...importing, ...unfinished]) {
    await registry.change(image.id, ifStatus(comingFrom('queued'), {status: 'queued', location: null}))
  }
  await endImports(registry)
  for (const image of await registry.withStatus('queued')) {
    if (image.location !== null) copies.start(image)
  }
  return {killed: killed.length, removed}
}

/** Hours for which a task that ended is kept. */
const TASK_HOURS = 48

/** Nobody works on the imports of a dead service; their images say so. */
async function endImports(registry: Registry): Promise<void> {
  for (const {imageId} of await registry.failTasks('The service ended before the import did.')) {
    await registry.change(imageId, ({properties}) => ({properties: {...properties, ...FAILED_IMPORT}}))
  }
  await registry.forgetTasks(new Date(Date.now() - TASK_HOURS * 3_600_000).toISOString().slice(0, 23))
}
