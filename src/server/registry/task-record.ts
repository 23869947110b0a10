/** Tasks as the registry stores them. */

/** Work on an image that continues after the response to the request that started it. */
export interface TaskRecord {
  readonly id: string
  readonly imageId: string
  readonly type: string
  readonly status: TaskStatus
  readonly owner: string | null
  readonly userId: string | null
  readonly requestId: string
  /** Parameters of the request as JSON. */
  readonly input: string
  readonly message: string
  /** Process that carries it out; null while it waits for one. */
  readonly holder: string | null
  /** How often it was begun. */
  readonly attempts: number
  /** As in the record of an image. */
  readonly createdAt: string
  readonly updatedAt: string
}

export const TASK_STATUSES = ['pending', 'processing', 'success', 'failure'] as const
export type TaskStatus = (typeof TASK_STATUSES)[number]

/** True for a task that nothing changes any more. */
export function isFinished({status}: TaskRecord): boolean {
  return status === 'success' || status === 'failure'
}

/** What changes in a task. */
export type TaskChanges = Partial<Pick<TaskRecord, 'status' | 'message' | 'holder' | 'attempts'>>

/** A task that waits for a process. */
export type NewTask = Omit<
  TaskRecord,
  'status' | 'message' | 'holder' | 'attempts' | 'createdAt' | 'updatedAt'
>

/** A task, and the process that carries it out. */
export type HeldTask = Pick<TaskRecord, 'id' | 'holder'>

export type TaskSortKey = 'created_at' | 'updated_at' | 'status' | 'type' | 'id'

/** Filters, order and page of a list of tasks; filters match exactly. Newest first unless sorted otherwise. */
export interface TaskQuery {
  readonly id?: string
  readonly imageId?: string
  readonly status?: string
  readonly type?: string
  readonly owner?: string
  readonly sortKey?: TaskSortKey
  readonly sortDir?: 'asc' | 'desc'
  readonly limit: number
  /** Id of the task after which the page starts. */
  readonly marker?: string
}
