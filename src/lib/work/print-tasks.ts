/** Prints tasks of the service: those of images, and single ones. */
import type {ChangeSession} from './changes/change.js'
import {printEach} from './changes/several.js'
import {requireOperations} from './operations.js'
import {taskLines, taskRecord} from './output/service-view.js'
import {withImage} from './resolve.js'

type TaskSession = Pick<ChangeSession, 'display' | 'open'>

/** Prints the tasks of images, in a table for people. */
export async function printImageTasks(images: readonly string[], session: TaskSession): Promise<void> {
  const parts = {noun: 'list of tasks', verb: 'read'}
  await printEach(images, session, parts, async (api, image) => {
    const operations = await requireOperations(api, 'tasks')
    const tasks = await withImage(api, image, id => operations.tasks(id))
    return {records: tasks.map(taskRecord)}
  })
}

/** Prints tasks of these ids, each as a block of lines for people. */
export async function printTasks(ids: readonly string[], session: TaskSession): Promise<void> {
  await printEach(ids, session, {noun: 'task', verb: 'shown'}, async (api, id) => {
    const task = await (await requireOperations(api, 'tasks')).task(id)
    return {records: [taskRecord(task)], lines: () => taskLines(task)}
  })
}
