/** Makes a job of a task or a copy that waits in the registry. */
import type {ImageRecord, JobQuery, Registry, TaskRecord} from '../registry/registry.js'
import type {Job} from './queue.js'

/** What carries out the jobs. */
export interface JobRunners {
  /** Carries out a task that this process holds. Never rejects. */
  readonly runTask: (task: TaskRecord) => Promise<void>
  /** Carries out a copy that this process holds. Never rejects. */
  readonly runCopy: (image: ImageRecord) => Promise<void>
}

/** Makes a process the holder of the oldest task that it may take, or else of the oldest copy. */
export async function takeJob(
  registry: Registry,
  holder: string,
  query: JobQuery,
  {runTask, runCopy}: JobRunners,
): Promise<Job | undefined> {
  const task = await registry.takeTask(holder, query)
  if (task) return {id: task.id, project: task.owner, run: () => runTask(task)}
  const image = await registry.takeCopy(holder, query)
  return image && {id: image.id, project: image.owner, run: () => runCopy(image)}
}
