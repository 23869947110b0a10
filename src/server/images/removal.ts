/** Removal: an image goes with its data, whatever is being done to it. */
import type {ImageRecord, Registry} from '../registry/registry.js'
import {type Store, StoreMissing} from '../stores/store.js'
import type {Sources} from './sources.js'
import type {Uploads} from './uploads.js'

export interface RemovalParts {
  readonly registry: Registry
  readonly store: Store
  readonly staging: Store
  readonly sources: Sources
  readonly uploads: Uploads
}

export class Removal {
  readonly #parts: RemovalParts

  constructor(parts: RemovalParts) {
    this.#parts = parts
  }

  /** False when it was gone already. Data that lies elsewhere is not touched (v1-wire H10, H13). */
  async remove(id: string): Promise<boolean> {
    const {registry, uploads} = this.#parts
    const old = await registry.delete(id)
    if (!old) return false
    uploads.breakFor(id)
    await this.dropData(old)
    return true
  }

  /** Removes the data that the image had and, when it lives on, has no more. */
  async dropData({status, locations}: ImageRecord, now?: ImageRecord): Promise<void> {
    const {store, staging, sources} = this.#parts
    const from = status === 'uploading' || status === 'importing' ? staging : store
    const kept = new Set(now?.locations.map(({url}) => url))
    for (const {url} of locations) {
      if (!sources.knows(url) && !kept.has(url)) await from.delete(url).catch(ignoreMissing)
    }
  }
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof StoreMissing)) throw error
}
