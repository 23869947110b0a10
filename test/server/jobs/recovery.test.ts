/** The recovery of tasks that were interrupted by the end of the service. */
import assert from 'node:assert/strict'
import {UnusedData} from '../../../src/server/images/unused-data.js'
import type {CopyJobs} from '../../../src/server/jobs/copies.js'
import {recover} from '../../../src/server/jobs/recovery.js'
import type {NewImage} from '../../../src/server/registry/registry.js'
import {openRegistry} from '../../../src/server/registry/sqlite/open.js'

const TASK = {owner: null, userId: null, requestId: 'req', input: '{}'}
const RUNNING = {
  os_glance_import_task: 't',
  os_glance_importing_to_stores: 'file',
  os_glance_failed_import: '',
}
const FAILED = {os_glance_importing_to_stores: '', os_glance_failed_import: 'file'}
const IMPORTED = {os_glance_importing_to_stores: '', os_glance_failed_import: ''}

/** Recovers an image with a task. @returns the statuses of both, the message of the task, the properties of the image */
async function recoverTask(type: string, image: Omit<NewImage, 'id'>) {
  const registry = await openRegistry(':memory:')
  await registry.create({...image, id: 'i', size: 3})
  await registry.createTask({...TASK, id: 't', imageId: 'i', type}, () => ({
    hashValue: image.hashValue ?? null,
  }))
  const unused = new UnusedData({registry, stores: [], describe: String, warn: () => {}})
  const messages = {copied: (size: number) => `copied ${size}`, failed: () => 'interrupted'}
  await recover({registry, holder: 'p', unused, copies: {} as CopyJobs, messages})
  const [task, after] = [await registry.findTask('t'), await registry.find('i')]
  await registry.close()
  return [after?.status, task?.status, task?.message, after?.properties]
}

describe('a task that was interrupted', () => {
  it('has failed if its image is not complete', async () => {
    const found = await recoverTask('api_image_import', {status: 'importing', properties: RUNNING})
    assert.deepEqual(found, ['queued', 'failure', 'interrupted', FAILED])
  })

  it('has succeeded if its image is complete', async () => {
    const image = {status: 'active', hashValue: 'ff', properties: RUNNING} as const
    assert.deepEqual(await recoverTask('api_image_import', image), [
      'active',
      'success',
      'copied 3',
      IMPORTED,
    ])
  })

  it('has failed if its image was completed by something else', async () => {
    const image = {
      status: 'active',
      hashValue: 'ff',
      properties: {os_glance_importing_to_stores: 'file'},
    } as const
    assert.deepEqual(await recoverTask('api_image_import', image), [
      'active',
      'failure',
      'interrupted',
      FAILED,
    ])
  })

  it('leaves no mark of the computation of digests', async () => {
    const properties = {os_glance_import_task: 't', mine: 'v'}
    const unfinished = await recoverTask('location_import', {status: 'importing', properties})
    assert.deepEqual(unfinished, ['queued', 'failure', 'interrupted', {mine: 'v'}])
    const complete = {status: 'active', hashValue: 'ff', properties} as const
    assert.deepEqual(await recoverTask('location_import', complete), ['active', 'success', '', {mine: 'v'}])
    const withoutDigests = {status: 'active', properties} as const
    const failed = await recoverTask('location_import', withoutDigests)
    assert.deepEqual(failed, ['active', 'failure', 'interrupted', {mine: 'v'}])
  })
})
