/** The API of a client: opened at the first call, and seen by each call with a signal of its own. */
import type {ImageApi} from '../api/image-api.js'
import {rejectOnAbort} from '../work/reject-on-abort.js'
import type {OpenedService, OpenService} from './open.js'
import type {RequestOptions} from './options.js'

/** Never aborted. */
const NEVER = new AbortController().signal

/** The API for one call, and what ends that call. */
export interface ApiForCall {
  readonly api: ImageApi
  readonly signal: AbortSignal
}

/** Opens the service once, whatever number of calls wait for it. */
export class ApiAccess {
  readonly #open: OpenService
  readonly #signal: AbortSignal | undefined
  #service: Promise<OpenedService> | undefined

  /** @param signal ends every call */
  constructor(open: OpenService, signal: AbortSignal | undefined) {
    this.#open = open
    this.#signal = signal
  }

  /**
   * The API for a call. A call that ends while the service is opened leaves that to the others.
   * @throws the reason of the signal
   */
  async forCall(options: RequestOptions): Promise<ApiForCall> {
    const ended = this.signalFor(options)
    const {api} = await rejectOnAbort(this.#openOnce(), ended)
    return {api: api.withSignal(ended === NEVER ? undefined : ended), signal: ended}
  }

  /** What ends a call: its own signal or that of the client. */
  signalFor({signal}: RequestOptions): AbortSignal {
    const signals = [this.#signal, signal].filter(one => one !== undefined)
    return signals.length > 1 ? AbortSignal.any(signals) : (signals[0] ?? NEVER)
  }

  /** Closes the connections; never fails. The next call opens others. */
  async close(): Promise<void> {
    const opening = this.#service
    this.#service = undefined
    await opening?.then(service => service.close()).catch(() => {})
  }

  /** A service that could not be reached is tried again at the next call. */
  #openOnce(): Promise<OpenedService> {
    if (this.#service) return this.#service
    const opening = this.#open()
    this.#service = opening
    opening.catch(() => {
      if (this.#service === opening) this.#service = undefined
    })
    return opening
  }
}
