/** Recovery: what a service that died left behind is put in order before the next one listens. */
import type {Registry} from '../registry/registry.js'
import type {Store} from '../stores/store.js'
import type {Copies} from './copies.js'
import {comingFrom} from './status.js'

/** The parts that recovery works on. */
export interface RecoveryParts {
  readonly registry: Registry
  readonly store: Store
  readonly copies: Copies
}

/**
 * Images whose data was arriving become killed and their leftovers go; copies that had not begun begin.
 * Only at start, when nobody else uses the data directory.
 * @returns how many images were killed, and how many files removed
 */
export async function recover({
  registry,
  store,
  copies,
}: RecoveryParts): Promise<{killed: number; removed: number}> {
  const saving = await registry.withStatus('saving')
  const removed = await store.sweep(saving.map(image => image.id))
  for (const image of saving) {
    await registry.update(image.id, {status: 'killed'}, {onlyFrom: comingFrom('killed')})
  }
  for (const image of await registry.withStatus('queued')) {
    if (image.location !== null) copies.start(image)
  }
  return {killed: saving.length, removed}
}
