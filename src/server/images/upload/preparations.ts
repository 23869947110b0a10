/** Work for uploads that have yet to begin, for example the conversion of their data. */
import type {Registry} from '../../registry/registry.js'
import {ServiceError} from '../errors.js'

/** The preparations that run. They are aborted when their image is deleted, or the service stops. */
export class Preparations {
  /** By what aborts them: the ids of their images. */
  readonly #running = new Map<AbortController, string>()
  #isStopped = false

  /** @param work gets a signal that ends it, with the reason @throws what the work throws */
  async run<Result>(id: string, work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    const control = new AbortController()
    this.#running.set(control, id)
    if (this.#isStopped) this.abortAll()
    try {
      return await work(control.signal)
    } finally {
      this.#running.delete(control)
    }
  }

  /** Aborts those of an image that was deleted. */
  abort(id: string): void {
    const deleted = new ServiceError('deleted-meanwhile', {id})
    for (const [control, image] of this.#running) if (image === id) control.abort(deleted)
  }

  /** Aborts those of images that another process deleted. */
  async abortDeleted(registry: Pick<Registry, 'find'>): Promise<void> {
    for (const id of new Set(this.#running.values())) {
      const image = await registry.find(id)
      if (image === undefined || image.deleted) this.abort(id)
    }
  }

  /** Aborts all of them, and those that begin later, because the service stops. */
  abortAll(): void {
    this.#isStopped = true
    for (const control of this.#running.keys()) control.abort(new ServiceError('shutting-down', {}))
  }
}
