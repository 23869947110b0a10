/** Uploads: data on its way into the store, and what becomes of the image when it does not get there. */
import type {Readable} from 'node:stream'
import type {ImageChanges, ImageRecord, Registry} from '../registry/registry.js'
import type {Store, Stored} from '../stores/store.js'
import {Afterwards} from './afterwards.js'
import {deletedMeanwhile, Refused, shuttingDown} from './refusals.js'
import {comingFrom} from './status.js'

/** Hands over the data, or refuses to; called once, when the data is really wanted. */
export type OpenData = () => Readable | Promise<Readable>

/** What the data must turn out to be; empty promises are not checked. */
export interface Promised {
  readonly size?: number
  readonly checksum?: string | null
}

export class Uploads {
  readonly #registry: Registry
  readonly #store: Store
  readonly #running = new Map<string, AbortController>()
  readonly #afterwards = new Afterwards()

  constructor(registry: Registry, store: Store) {
    this.#registry = registry
    this.#store = store
  }

  /**
   * Takes the data into the store and makes the image active; otherwise the image ends killed and nothing stays stored.
   * @throws Refused `not-queued`, `mismatch`, `broken-upload`, `deleted-meanwhile`, `storage-full`, `shutting-down`
   */
  async run(image: ImageRecord, open: OpenData, promised: Promised): Promise<ImageRecord> {
    await this.#afterwards.again()
    const data = await this.#opened(image.id, open)
    // A source that breaks off while nobody reads yet must not end the process; the store meets the error later.
    data.on('error', () => {})
    const control = new AbortController()
    try {
      await this.#begin(image.id, control)
      return await this.#keep(image.id, data, control.signal, promised)
    } finally {
      data.destroy()
      if (this.#running.get(image.id) === control) this.#running.delete(image.id)
    }
  }

  /** Ends the upload into that image, when there is one, because the image was deleted. */
  breakFor(id: string): void {
    this.#running.get(id)?.abort(deletedMeanwhile(id))
    void this.#afterwards.again()
  }

  /** Ends every upload because the service ends. */
  breakAll(): void {
    for (const control of this.#running.values()) control.abort(shuttingDown())
  }

  /** Makes an image killed that waits for data or is getting it; gives whether it was one. */
  async kill(id: string): Promise<boolean> {
    return (await this.#move(id, {status: 'killed'})) !== undefined
  }

  async #opened(id: string, open: OpenData): Promise<Readable> {
    try {
      return await open()
    } catch (error) {
      await this.#afterwards.see(id, () => this.kill(id))
      throw error
    }
  }

  async #begin(id: string, control: AbortController): Promise<void> {
    if (!(await this.#move(id, {status: 'saving'}))) {
      throw new Refused('not-queued', 'Cannot upload to an unqueued image')
    }
    this.#running.set(id, control)
  }

  async #keep(id: string, data: Readable, signal: AbortSignal, promised: Promised): Promise<ImageRecord> {
    let stored: Stored | undefined
    try {
      stored = await this.#store.put(id, data, signal)
      verify(promised, stored)
      const active = await this.#move(id, {status: 'active', ...stored})
      if (active) return active
      throw deletedMeanwhile(id)
    } catch (error) {
      const {location} = stored ?? {}
      if (location !== undefined) await this.#afterwards.see(location, () => this.#store.delete(location))
      await this.#afterwards.see(id, () => this.kill(id))
      throw refusalOf(error)
    }
  }

  #move(id: string, changes: ImageChanges & Required<Pick<ImageChanges, 'status'>>) {
    return this.#registry.update(id, changes, {onlyFrom: comingFrom(changes.status)})
  }
}

/** v1-wire F5 to F8, F12, F13. */
function verify(promised: Promised, stored: Stored): void {
  for (const attribute of ['size', 'checksum'] as const) {
    const supplied = promised[attribute]
    if (!supplied || supplied === stored[attribute]) continue
    throw new Refused(
      'mismatch',
      `Supplied ${attribute} (${supplied}) and ${attribute} generated from uploaded image ` +
        `(${stored[attribute]}) did not match. Setting image status to 'killed'.`,
    )
  }
}

const FULL = new Set<unknown>(['ENOSPC', 'EDQUOT', 'SQLITE_FULL'])

/** The error as a refusal when it means that the disk is full. */
export function refusalOf(error: unknown): unknown {
  const full = error instanceof Error && 'code' in error && FULL.has(error.code)
  if (!full) return error
  return new Refused('storage-full', 'Image storage media is full: there is no space left.', error)
}
