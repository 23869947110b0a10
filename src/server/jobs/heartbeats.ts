/** The heartbeats of this process, by which others that share its registry see that it lives. */
import type {ProcessRecord, ProcessRegistry} from '../registry/registry.js'

/** Dependencies of `Heartbeats`. */
export interface HeartbeatsParts {
  readonly registry: ProcessRegistry
  /** Aborts the upload into an image that was deleted. */
  readonly abort: (id: string) => void
  readonly process: ProcessRecord
  /** Seconds between heartbeats. */
  readonly interval: number
  /** Seconds without a heartbeat after which a process is dead. */
  readonly timeout: number
  /** Takes over what dead processes held. @param dead number of processes that this one found dead */
  readonly takeOver: (dead: number) => Promise<void>
  /** Told the error of `takeOver`, which is tried again. */
  readonly report: (error: unknown) => void
}

/** Joins the processes of the registry, and leaves them at the end. */
export class Heartbeats {
  readonly #parts: HeartbeatsParts
  #timer: NodeJS.Timeout | undefined
  #last = 0
  #beating: Promise<void> | undefined
  #working: Promise<void> | undefined

  constructor(parts: HeartbeatsParts) {
    this.#parts = parts
  }

  /**
   * Makes this process known to those that share its registry. A registry of its own holds no processes, so that a start on
   * a full disk writes nothing: whatever it finds there is of a process that died.
   * @returns another process that has its data in other folders: then this one must not start
   */
  async join(): Promise<ProcessRecord | undefined> {
    const {registry, process, timeout} = this.#parts
    if (!registry.isShared) return undefined
    // Silent ones are left alone: the database may have been away, and this process may reach it before the others.
    await registry.recordHeartbeat(process)
    this.#last = performance.now()
    // Afterwards: of two that start together, one at least finds the other.
    return registry.findWithOtherFolders(process, timeout)
  }

  /** Repeats the heartbeat, and the work after it, if others can see it. It does not keep the process alive. */
  start(): void {
    const {registry, interval, abort} = this.#parts
    if (!registry.isShared) return
    registry.watchDeletions(abort)
    this.#timer = setInterval(() => {
      this.#beating ??= this.#beat().finally(() => {
        this.#beating = undefined
      })
    }, interval * 1000).unref()
  }

  /**
   * Ends the heartbeats; what this process still holds is abandoned. Never rejects.
   * @param wait waits for work that runs, or gives it up: it is begun again by others, or at the next start
   */
  async leave(wait: (work: Promise<unknown>) => Promise<unknown>): Promise<void> {
    const {registry, process} = this.#parts
    if (!registry.isShared) return
    clearInterval(this.#timer)
    await wait(this.#end())
    // Without a database, the others find out by the time-out.
    await registry.forgetProcess(process.id).catch(() => {})
  }

  async #end(): Promise<void> {
    await this.#beating
    await this.#working
  }

  /** The work may take longer than an interval, and does not delay heartbeats. */
  async #beat(): Promise<void> {
    const dead = await this.#record().catch(() => undefined)
    if (dead === undefined) return
    const {takeOver, report} = this.#parts
    this.#working ??= takeOver(dead)
      .catch(report)
      .finally(() => {
        this.#working = undefined
      })
  }

  /** After a time without the database, the others get an interval for their heartbeats before they count as dead. */
  async #record(): Promise<number> {
    const {registry, process, timeout} = this.#parts
    await registry.recordHeartbeat(process)
    const silence = performance.now() - this.#last
    this.#last = performance.now()
    return silence < timeout * 1000 ? registry.forgetProcesses(timeout) : 0
  }
}
