/** The processes that use a registry at the same time, and the work that they hold. */
import type {ImageRecord} from './image-record.js'
import type {TaskRecord} from './task-record.js'

/** A process of the service. */
export interface ProcessRecord {
  /** A UUID, which is the `holder` of its images and tasks. */
  readonly id: string
  readonly host: string
  readonly pid: number
}

/**
 * A process lives while it is recorded: it repeats its heartbeat, and others forget one that is silent. Work is abandoned
 * when no process that lives holds it.
 */
export interface ProcessRegistry {
  /** False when no other process can use the database. */
  readonly isShared: boolean
  /** Records a process, or that it still lives. Times are those of the database. */
  recordHeartbeat(process: ProcessRecord): Promise<void>
  /** Forgets a process that ends. */
  forgetProcess(id: string): Promise<void>
  /**
   * Forgets the processes whose last heartbeat is longer ago.
   * @param silence in seconds
   * @returns how many were forgotten
   */
  forgetProcesses(silence: number): Promise<number>
  /**
   * Calls `hear` with the id of each image that any process deletes while its data arrives, until the registry is closed. Some
   * may be missed: a database cannot tell, or its connection breaks.
   */
  watchDeletions(hear: (id: string) => void): void
  /** Images whose upload or import is abandoned, oldest first. Those with staged data are not among them. */
  listAbandonedUploads(): Promise<readonly ImageRecord[]>
  /** Tasks that have not finished and are abandoned, by id. */
  listAbandonedTasks(): Promise<readonly TaskRecord[]>
  /**
   * Makes a process the holder of queued images whose copy is abandoned, oldest first. Of several processes that take at the
   * same time, each gets others.
   * @param limit largest number of images
   */
  takeAbandonedCopies(holder: string, limit: number): Promise<readonly ImageRecord[]>
}
