/** Tasks as the registry keeps them. */

/** A piece of work for an image that outlives the request which asked for it. */
export interface TaskRecord {
  readonly id: string
  readonly imageId: string
  readonly type: string
  readonly status: TaskStatus
  readonly owner: string | null
  readonly userId: string | null
  readonly requestId: string
  /** What was asked for, as JSON. */
  readonly input: string
  readonly message: string
  /** As in the record of an image. */
  readonly createdAt: string
  readonly updatedAt: string
}

export type TaskStatus = 'pending' | 'processing' | 'success' | 'failure'

export type NewTask = Omit<TaskRecord, 'status' | 'message' | 'createdAt' | 'updatedAt'>

export interface TaskQuery {
  readonly imageId?: string
  readonly limit: number
  /** Id of the task behind which the page begins. */
  readonly marker?: string
}
