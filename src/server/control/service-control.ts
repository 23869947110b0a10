/** How a service is controlled from outside while it runs: reloaded, and replaced by a new process on the same port. */
import type {Server} from 'node:net'

/** The process whose sockets this one was given, and which goes on until it is stopped. */
export interface Predecessor {
  /** Resolves when it has ended. */
  readonly ended: Promise<void>
  /** Lets it finish its requests. Resolves when it has ended. */
  stop(): Promise<void>
}

/** The process of the service. */
export interface ServiceControl {
  /** Descriptors of the listening sockets that it was given. */
  readonly sockets: readonly number[]
  readonly predecessor?: Predecessor
  /** Sets what a request to reload does. */
  onReload(handler: () => void): void
  /** Sets what a request to restart does. */
  onRestart(handler: () => void): void
  /** Tells those that wait for it. @throws Failure `failed` when they cannot be reached */
  notify(state: 'ready' | 'reloading' | 'stopping'): Promise<void>
  /**
   * Starts a process that takes over.
   * @param listeners whose sockets it is given; empty: it opens its own
   * @returns the process, and the reason when it ends
   * @throws Failure `failed` where that cannot be done
   */
  startSuccessor(listeners: readonly Server[]): {readonly pid: number; readonly ended: Promise<string>}
}
