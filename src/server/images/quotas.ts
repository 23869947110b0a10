/** Quotas: how many images and bytes a project may have, and how large an image may be. */
import type {Readable} from 'node:stream'
import type {ImageRecord, Registry, Usage} from '../registry/registry.js'
import {type ErrorFacts, ServiceError} from './errors.js'
import {readThrough} from './upload/read-through.js'

/** Limits; 0 is none. */
export interface QuotaLimits {
  /** Bytes of an image. */
  readonly imageSize: number
  /** Bytes of all images of a project, staged data included. */
  readonly storage: number
  /** Images of a project. */
  readonly images: number
  /** Uploads and imports of a project that have not ended. */
  readonly uploading: number
}

/** The limits by the names of their settings. */
export interface QuotaSettings {
  readonly image_size_cap: number
  readonly user_storage_quota: number
  readonly image_count_total: number
  readonly image_count_uploading: number
}

/** The limits that the settings state. */
export function toLimits(settings: QuotaSettings): QuotaLimits {
  return {
    imageSize: settings.image_size_cap,
    storage: settings.user_storage_quota,
    images: settings.image_count_total,
    uploading: settings.image_count_uploading,
  }
}

/** A quota with its use. Numbers of bytes are in MiB, -1 is no limit. */
export type UsageOfQuotas = Readonly<Record<string, {readonly usage: number; readonly limit: number}>>

const MIB = 1024 * 1024

type Quota = ErrorFacts['quota-exceeded']['quota']

/**
 * Checks quotas. The use is read before the work, so parallel work of one project may exceed a quota together. Images
 * without an owner count for no project.
 */
export class Quotas {
  readonly #registry: Pick<Registry, 'readUsage'>
  #limits: QuotaLimits

  constructor(registry: Pick<Registry, 'readUsage'>, limits: QuotaLimits) {
    this.#registry = registry
    this.#limits = limits
  }

  /** Sets the limits for work that begins from now on. */
  setLimits(limits: QuotaLimits): void {
    this.#limits = limits
  }

  /** @throws ServiceError `quota-exceeded` for a project that has all the images that it may have */
  async requireImageRoom(owner: string | null): Promise<void> {
    const {images: limit} = this.#limits
    if (limit === 0 || owner === null) return
    requireBelow('image_count_total', (await this.#registry.readUsage(owner)).images, limit)
  }

  /**
   * Admits data into an image.
   * @param isStaged the image holds that data already, for an import
   * @param size of the data in bytes, if it is known
   * @returns the number of bytes that the data may have
   * @throws ServiceError `data-over-cap`, `quota-exceeded`
   */
  async admit(image: ImageRecord, isStaged: boolean, size?: number): Promise<number> {
    const cap = this.#limits.imageSize || Number.POSITIVE_INFINITY
    if (size !== undefined && size > cap) throw new ServiceError('data-over-cap', {maximum: cap})
    const {storage, uploading} = this.#limits
    if (image.owner === null || (storage === 0 && uploading === 0)) return cap
    const usage = await this.#registry.readUsage(image.owner)
    if (uploading > 0) requireBelow('image_count_uploading', usage.uploading - (isStaged ? 1 : 0), uploading)
    if (storage === 0) return cap
    const used = usage.bytes + usage.stagedBytes - (isStaged ? image.size : 0)
    if (used >= storage || used + (size ?? 0) > storage) {
      throw new ServiceError('quota-exceeded', {quota: 'user_storage_quota', limit: storage, used})
    }
    return Math.min(cap, storage - used)
  }

  /** The same data, which fails with `data-over-cap` after that many bytes. */
  limit(data: Readable, maximum: number): Readable {
    if (maximum === Number.POSITIVE_INFINITY) return data
    return readThrough(data, async function* (chunks) {
      let total = 0
      for await (const chunk of chunks) {
        total += chunk.length
        if (total > maximum) throw new ServiceError('data-over-cap', {maximum})
        yield chunk
      }
    })
  }

  /** What a project uses of its quotas, by their names; empty where it has none. */
  async describe(owner: string | null): Promise<UsageOfQuotas> {
    const {storage, images, uploading} = this.#limits
    if (owner === null || (storage === 0 && images === 0 && uploading === 0)) return {}
    const usage: Usage = await this.#registry.readUsage(owner)
    const bytes = storage === 0 ? -1 : Math.ceil(storage / MIB)
    return {
      image_size_total: {usage: Math.floor(usage.bytes / MIB), limit: bytes},
      image_stage_total: {usage: Math.floor(usage.stagedBytes / MIB), limit: bytes},
      image_count_total: {usage: usage.images, limit: images || -1},
      image_count_uploading: {usage: usage.uploading, limit: uploading || -1},
    }
  }
}

function requireBelow(quota: Quota, used: number, limit: number): void {
  if (used >= limit) throw new ServiceError('quota-exceeded', {quota, limit, used})
}
