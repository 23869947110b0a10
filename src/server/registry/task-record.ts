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

export type TaskSortKey = 'created_at' | 'updated_at' | 'status' | 'type' | 'id'

/** Which tasks a list holds: everything that is present must match, exactly. Newest first unless sorted otherwise. */
export interface TaskQuery {
  readonly id?: string
  readonly imageId?: string
  readonly status?: string
  readonly type?: string
  readonly owner?: string
  readonly sortKey?: TaskSortKey
  readonly sortDir?: 'asc' | 'desc'
  readonly limit: number
  /** Id of the task behind which the page begins. */
  readonly marker?: string
}
