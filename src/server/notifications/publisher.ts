/** Sends the events that wait in the registry, in their order, and again until they have arrived. */
import type {EventRecord, EventRegistry} from '../registry/registry.js'

/** Where events are sent to. */
export interface Channel {
  /** Connects, if it is not connected. Rejects while the receiver is away. */
  open(): Promise<void>
  /**
   * Sends events in their order.
   * @returns the ids of those that have arrived for certain; fewer than all when the connection broke meanwhile
   */
  send(events: readonly EventRecord[]): Promise<readonly string[]>
  /** Never rejects. */
  close(): Promise<void>
}

/** Dependencies of `Publisher`. */
export interface PublisherParts {
  readonly events: EventRegistry
  readonly channel: Channel
  /** Id of this process; absent: no other one uses the registry. */
  readonly holder: string | undefined
  /** Largest number of events that wait while they cannot be sent. */
  readonly queueLimit: number
  readonly warn: (line: string) => void
  /** Absent: `TIMES`. */
  readonly times?: PublisherTimes
}

/** Times in milliseconds. */
interface PublisherTimes {
  /** Between attempts, at first and at most. */
  readonly first: number
  readonly most: number
  /** For which the end of a service waits for the last events, and for what was sent to be recorded. */
  readonly grace: number
}

const TIMES: PublisherTimes = {first: 1000, most: 30_000, grace: 2000}

/**
 * Events that are sent before the registry forgets them, and again if the connection breaks meanwhile. Receivers of
 * oslo.messaging drop what is among the last 16 that they heard.
 */
const BATCH = 16

/** Milliseconds after which this process looks for events that another one left. */
const LOOK_INTERVAL = 10_000

/** Sends events, one batch after the other. Requests do not wait for it. */
export class Publisher {
  readonly #parts: PublisherParts
  #running: Promise<void> | undefined
  #timer: NodeJS.Timeout | undefined
  readonly #look: NodeJS.Timeout
  #isWanted = false
  /** No attempt begins. */
  #isStopped = false
  /** No batch begins. */
  #isEnded = false
  #failures = 0
  #dropped = 0

  constructor(parts: PublisherParts) {
    this.#parts = parts
    this.#look = setInterval(() => this.wake(), LOOK_INTERVAL).unref()
  }

  get #times(): PublisherTimes {
    return this.#parts.times ?? TIMES
  }

  /** Sends what waits, unless an attempt is due later because the last one failed. */
  wake(): void {
    this.#isWanted = true
    if (this.#isStopped || this.#timer !== undefined) return
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined
    })
  }

  /** Sends what can be sent at once, and ends. What remains is sent by another process, or after the next start. Never rejects. */
  async stop(): Promise<void> {
    this.#isStopped = true
    clearInterval(this.#look)
    clearTimeout(this.#timer)
    await this.#settle()
    this.#isEnded = true
    await this.#parts.channel.close()
    // What has arrived is forgotten.
    await this.#settle()
  }

  /** Waits for the attempt that runs, but not for a receiver that does not answer. */
  async #settle(): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    const grace = new Promise<void>(resolve => {
      timer = setTimeout(resolve, this.#times.grace)
    })
    await Promise.race([this.#running, grace])
    clearTimeout(timer)
  }

  async #run(): Promise<void> {
    try {
      while (this.#isWanted) {
        this.#isWanted = false
        if ((await this.#sendAll()) === 'busy') return this.#later(this.#times.first)
      }
      this.#reportEnd()
    } catch (error) {
      await this.#reportFailure(error)
      const {first, most} = this.#times
      this.#later(Math.min(most, first * 2 ** (this.#failures - 1)))
    }
  }

  /** Sends all that wait, unless another process does. @throws the error of the channel or of the registry */
  async #sendAll(): Promise<'busy' | 'done'> {
    const {events, channel, holder} = this.#parts
    await channel.open()
    let sent: readonly string[] = []
    for (;;) {
      const batch = await events.takeEvents({holder, sent, limit: BATCH})
      if (batch === 'busy') return 'busy'
      if (batch.length === 0 || this.#isEnded) return 'done'
      sent = await channel.send(batch)
      if (sent.length === batch.length) continue
      await this.#release(sent)
      if (this.#isEnded) return 'done'
      await channel.open()
      sent = []
    }
  }

  /** Takes nothing, so that another process may send: it may have a connection. */
  async #release(sent: readonly string[]): Promise<void> {
    const {events, holder} = this.#parts
    await events.takeEvents({holder, sent, limit: 0})
  }

  #later(milliseconds: number): void {
    if (this.#isStopped) return
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.wake()
    }, milliseconds).unref()
  }

  /** Once, until events are sent again. */
  async #reportFailure(error: unknown): Promise<void> {
    if (this.#isEnded) return
    const {events, queueLimit, warn} = this.#parts
    await this.#release([]).catch(() => {})
    const reason = error instanceof Error ? error.message : String(error)
    if (this.#failures === 0) warn(`cannot send notifications, which wait: ${reason}`)
    this.#failures += 1
    const dropped = await events.dropEvents(queueLimit).catch(() => 0)
    if (dropped > 0 && this.#dropped === 0)
      warn(`more than ${queueLimit} notifications wait: the oldest are dropped`)
    this.#dropped += dropped
  }

  #reportEnd(): void {
    if (this.#failures === 0) return
    const loss = this.#dropped > 0 ? `, except for ${this.#dropped} that were dropped` : ''
    this.#parts.warn(`the notifications that waited were sent${loss}`)
    this.#failures = 0
    this.#dropped = 0
  }
}
