/** Makes jobs of the tasks and copies that wait in the registry. */
import type {ImageRecord, JobQuery, Registry, TaskRecord} from '../registry/registry.js'
import {type Job, JobQueue} from './queue.js'

/** What carries out the jobs. */
export interface JobRunners {
  /** Carries out a task that this process holds. Never rejects. */
  readonly runTask: (task: TaskRecord) => Promise<void>
  /** Carries out a copy that this process holds. Never rejects. */
  readonly runCopy: (image: ImageRecord) => Promise<void>
}

/** What waits in the registry, and the process that takes it. */
export interface QueueParts {
  readonly registry: Registry
  /** Id of this process. */
  readonly holder: string
  /** As in `JobQueueParts`. */
  readonly report: (error: unknown) => void
}

/** The queue of a process. @param runners asked for each job, because what carries them out schedules jobs too */
export function createQueue({registry, holder, report}: QueueParts, runners: () => JobRunners): JobQueue {
  return new JobQueue({
    take: query => takeJob(registry, holder, query, runners()),
    count: project => registry.countWaitingJobs(project),
    report,
  })
}

/** Makes a process the holder of the oldest job that it may take, or of another one if others are about to take that. */
async function takeJob(
  registry: Registry,
  holder: string,
  query: JobQuery,
  {runTask, runCopy}: JobRunners,
): Promise<Job | undefined> {
  const takeTask = async (): Promise<Job | undefined> => {
    const task = await registry.takeTask(holder, query)
    return task && {id: task.id, project: task.owner, run: () => runTask(task)}
  }
  const takeCopy = async (): Promise<Job | undefined> => {
    const image = await registry.takeCopy(holder, query)
    return image && {id: image.id, project: image.owner, run: () => runCopy(image)}
  }
  const oldest = await registry.findOldestJob(holder, query)
  if (oldest === 'task') return (await takeTask()) ?? (await takeCopy())
  return oldest && ((await takeCopy()) ?? (await takeTask()))
}
