/** The processes that use a registry at the same time, and the work that they hold. */
import type {ImageRecord} from './image-record.js'
import type {TaskRecord} from './task-record.js'

/** A process of the service. */
export interface ProcessRecord {
  /** A UUID, which is the `holder` of its images and tasks. */
  readonly id: string
  readonly host: string
  readonly pid: number
  /** What tells its local folders of data from those of others; absent: not known. */
  readonly folders?: string | undefined
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
  /** Another process whose local folders are not those of this one. @param silence as `forgetProcesses` has it: dead then */
  findWithOtherFolders(process: ProcessRecord, silence: number): Promise<ProcessRecord | undefined>
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
  /**
   * Images whose upload or import is abandoned, oldest first. Those with staged data are not among them, nor those of an
   * unfinished task: who takes the task starts over.
   */
  listAbandonedUploads(): Promise<readonly ImageRecord[]>
  /** Kind of the oldest job that a process may take. Another one may take it before. */
  findOldestJob(holder: string, query: JobQuery): Promise<'task' | 'copy' | undefined>
  /**
   * Makes a process the holder of the oldest unfinished task that waits or is abandoned, and the task `pending`. Of several
   * processes that take at the same time, each gets another one.
   */
  takeTask(holder: string, query: JobQuery): Promise<TaskRecord | undefined>
  /** The same for the oldest queued image whose copy waits or is abandoned. */
  takeCopy(holder: string, query: JobQuery): Promise<ImageRecord | undefined>
  /** Number of the tasks and copies of a project that wait. */
  countWaitingJobs(owner: string | null): Promise<number>
  /** What waits, of all projects. */
  countBacklog(): Promise<Backlog>
  /** Lets a process search the stores for unused data, if no other one does. @returns whether it may */
  claimSweep(holder: string): Promise<boolean>
  /** Ends the search of a process. */
  releaseSweep(holder: string): Promise<void>
}

/** Work that waits in the registry. */
export interface Backlog {
  /** Tasks and copies that no process has taken. */
  readonly waitingJobs: number
  /** Locations of data that waits for its deletion. */
  readonly unusedData: number
}

/** Which job a process takes. */
export interface JobQuery {
  /** Ids of the tasks and images of the jobs that it runs; what it has taken, and does not run, it takes again. */
  readonly running: readonly string[]
  /** Projects whose jobs must wait; null: those without a project. */
  readonly busy: readonly (string | null)[]
}
