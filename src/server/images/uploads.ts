/** Uploads: data on its way into the store, and what becomes of the image when it does not get there. */
import type {Readable} from 'node:stream'
import type {ImageChanges, ImageRecord, ImageStatus, Registry} from '../registry/registry.js'
import type {Store, Stored} from '../stores/store.js'
import {Afterwards} from './afterwards.js'
import {deletedMeanwhile, Refused, shuttingDown} from './refusals.js'
import {comingFrom, ifStatus} from './status.js'

/** Hands over the data, or refuses to; called once, when the data is really wanted. */
export type OpenData = () => Readable | Promise<Readable>

/** What the data must turn out to be; empty promises are not checked. */
export interface Promised {
  readonly size?: number
  readonly checksum?: string | null
}

/** How an upload goes on. */
export interface UploadPlan {
  /** What the data must turn out to be. */
  readonly promised?: Promised
  /** Status of an image that may be filled. */
  readonly from: ImageStatus
  /** Its status meanwhile. */
  readonly during: ImageStatus
  /** What becomes of it when the data does not get there. */
  readonly ifBroken: ImageRecord['ifBroken']
  /** Its status in the end. */
  readonly ends: ImageStatus
  readonly into: Store
  /** What else there is to say of the image when the data is there; throws `Refused` when the data will not do. */
  readonly inspect?: (stored: Stored) => Promise<ImageChanges>
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
  run(image: ImageRecord, open: OpenData, promised: Promised): Promise<ImageRecord> {
    const plan = {from: 'queued', during: 'saving', ifBroken: 'killed', ends: 'active'} as const
    return this.follow({...plan, promised, into: this.#store}, image, open)
  }

  /** Takes the data as planned. @throws Refused as `run` does, and what the plan throws */
  async follow(plan: UploadPlan, image: ImageRecord, open: OpenData): Promise<ImageRecord> {
    await this.#afterwards.again()
    const data = await this.#opened(plan, image.id, open)
    // A source that breaks off while nobody reads yet must not end the process; the store meets the error later.
    data.on('error', () => {})
    const control = new AbortController()
    try {
      await this.#begin(plan, image.id, control)
      return await this.#keep(plan, image.id, data, control.signal)
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

  async #opened(plan: UploadPlan, id: string, open: OpenData): Promise<Readable> {
    try {
      return await open()
    } catch (error) {
      await this.#killUnfilled(plan, id, comingFrom('killed'))
      throw error
    }
  }

  async #begin(plan: UploadPlan, id: string, control: AbortController): Promise<void> {
    const {from, during, ifBroken} = plan
    const taken = await this.#move(id, {status: during, ifBroken}, [from]).catch(async (error: unknown) => {
      await this.#killUnfilled(plan, id, [from])
      throw refusalOf(error)
    })
    if (!taken) throw new Refused('not-queued', 'Cannot upload to an unqueued image')
    this.#running.set(id, control)
  }

  /** Ends an image before its data was taken; one that would be queued again still is. */
  async #killUnfilled({ifBroken}: UploadPlan, id: string, onlyFrom: readonly ImageStatus[]): Promise<void> {
    if (ifBroken !== 'killed') return
    await this.#afterwards.see(id, () => this.#move(id, {status: 'killed'}, onlyFrom))
  }

  async #keep(plan: UploadPlan, id: string, data: Readable, signal: AbortSignal): Promise<ImageRecord> {
    let stored: Stored | undefined
    try {
      stored = await plan.into.put(id, data, signal)
      verify(plan.promised ?? {}, stored)
      const changes = {...changesOf(stored), ...(await plan.inspect?.(stored)), status: plan.ends}
      const filled = await this.#move(id, changes, [plan.during])
      if (filled) return filled
      throw deletedMeanwhile(id)
    } catch (error) {
      const {location} = stored ?? {}
      if (location !== undefined) await this.#afterwards.see(location, () => plan.into.delete(location))
      await this.#afterwards.see(id, () => this.#giveUp(plan, id))
      throw refusalOf(error)
    }
  }

  async #giveUp({ifBroken, during}: UploadPlan, id: string): Promise<void> {
    if (ifBroken === 'killed') await this.#move(id, {status: 'killed'}, comingFrom('killed'))
    else await this.#move(id, {status: 'queued', location: null}, [during])
  }

  #move(id: string, changes: ImageChanges, onlyFrom: readonly ImageStatus[]) {
    return this.#registry.change(id, ifStatus(onlyFrom, changes))
  }
}

function changesOf({sha512, ...stored}: Stored): ImageChanges {
  return {...stored, hashAlgo: 'sha512', hashValue: sha512}
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
