/** The data of images, put in and taken out for a caller. */
import type {ImageRecord, Registry} from '../registry/registry.js'
import {type ByteRange, type Store, StoreMissing, type Stream} from '../stores/store.js'
import type {Access} from './access.js'
import type {Inspect} from './content.js'
import {type Caller, mayDownload} from './policy.js'
import {Refused} from './refusals.js'
import type {Sources} from './sources.js'
import {ifStatus} from './status.js'
import type {OpenData, UploadPlan, Uploads} from './uploads.js'

export interface DataParts {
  readonly registry: Registry
  readonly access: Access
  readonly store: Store
  readonly staging: Store
  readonly sources: Sources
  readonly uploads: Uploads
  readonly inspect: Inspect
}

/** Every method throws `Refused` when it does not do what it was asked. */
export class Data {
  readonly #parts: DataParts

  constructor(parts: DataParts) {
    this.#parts = parts
  }

  /** Fills a queued image; it is queued again when the data does not come whole. @param size bytes it must have */
  async upload(caller: Caller, id: string, open: OpenData, size: number | undefined): Promise<void> {
    const {access, store, uploads, inspect} = this.#parts
    const words = `Not allowed to upload image data for image ${id}`
    const image = await access.changeable(caller, id, words)
    requireTransition(image, 'saving')
    requireBothFormats(image)
    const steps = {from: 'queued', during: 'saving', ifBroken: 'queued', ends: 'active'} as const
    const check: UploadPlan['inspect'] = stored => {
      requireSize(stored.size, size)
      return inspect(image, stored)
    }
    await uploads.follow({...steps, into: store, inspect: check}, image, open)
  }

  /** Keeps data for an import to come. */
  async stage(caller: Caller, id: string, open: OpenData, size: number | undefined): Promise<void> {
    const {access, staging, uploads} = this.#parts
    const image = await access.changeable(caller, id)
    requireTransition(image, 'uploading')
    const steps = {from: 'queued', during: 'uploading', ifBroken: 'queued', ends: 'uploading'} as const
    const check: UploadPlan['inspect'] = async stored => {
      requireSize(stored.size, size)
      return {checksum: null, hashAlgo: null, hashValue: null}
    }
    await uploads.follow({...steps, into: staging, inspect: check}, image, open)
  }

  /** The image with its data, when there is any that the caller may read. */
  async find(caller: Caller, id: string): Promise<{readonly image: ImageRecord; readonly hasData: boolean}> {
    const image = await this.#parts.access.visible(caller, id)
    if (!mayDownload(caller, image)) {
      throw new Refused(
        'forbidden',
        'The requested image has been deactivated. Image data download is forbidden.',
      )
    }
    return {image, hasData: image.location !== null && ['active', 'deactivated'].includes(image.status)}
  }

  /** The data, or a part of it, of an image that has some. */
  async open(image: ImageRecord, range?: ByteRange): Promise<Stream> {
    const {sources, store} = this.#parts
    const location = image.location ?? ''
    if (sources.knows(location)) return sources.get(location, range)
    try {
      return await store.get(location, range)
    } catch (error) {
      if (!(error instanceof StoreMissing)) throw error
      throw new Refused('no-data', `Image ${image.id} has no data in its store`, error)
    }
  }

  /** Closes the data of an active image to everybody but administrators. */
  deactivate(caller: Caller, id: string): Promise<void> {
    return this.#turn(caller, id, ['active', 'deactivated'], 'deactivate')
  }

  reactivate(caller: Caller, id: string): Promise<void> {
    return this.#turn(caller, id, ['deactivated', 'active'], 'reactivate')
  }

  async #turn(
    caller: Caller,
    id: string,
    [from, to]: readonly ['active', 'deactivated'] | readonly ['deactivated', 'active'],
    deed: string,
  ): Promise<void> {
    const image = await this.#parts.access.changeable(caller, id)
    if (image.status === to) return
    if (await this.#parts.registry.change(id, ifStatus([from], {status: to}))) return
    throw new Refused('forbidden', `Not allowed to ${deed} image in status '${image.status}'`)
  }
}

function requireTransition({status}: ImageRecord, to: string): void {
  if (status === 'queued') return
  throw new Refused('conflict', `Image status transition from ${status} to ${to} is not allowed`)
}

function requireBothFormats({diskFormat, containerFormat}: ImageRecord): void {
  const missing = [diskFormat === null && 'disk_format', containerFormat === null && 'container_format']
  const names = missing.filter(Boolean)
  if (names.length === 0) return
  const what = names.length === 1 ? `Property ${names[0]}` : `Properties ${names.join(', ')}`
  throw new Refused('bad-value', `${what} must be set prior to saving data.`)
}

function requireSize(actual: number, promised: number | undefined): void {
  if (promised === undefined || promised === actual) return
  throw new Refused(
    'mismatch',
    `Size of the uploaded data (${actual}) is not what x-openstack-image-size promised (${promised}).`,
  )
}
