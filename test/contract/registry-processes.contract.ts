/** The contract of every registry for processes and the work that they hold. */
import assert from 'node:assert/strict'
import type {ImageRecord, Registry, TaskRecord} from '../../src/server/registry/registry.js'

const PROCESS = {host: 'h', pid: 1}
const TASK = {imageId: 'i', type: 'x', owner: null, userId: null, requestId: '', input: ''}

const toIds = (records: readonly (ImageRecord | TaskRecord)[]) => records.map(({id}) => id).join(' ')

/** @param current the registry of the test that runs, empty at its beginning */
export function registryProcessesContract(current: () => Registry): void {
  const beat = (id: string) => current().recordHeartbeat({...PROCESS, id})

  describe('processes', () => {
    it('hold uploads while they are recorded', async () => {
      await beat('p1')
      await beat('p2')
      await current().create({id: 'c', status: 'saving', holder: 'p2', properties: {k: 'v'}})
      await current().create({id: 'a', status: 'importing', holder: 'p1'})
      await current().create({id: 'b', status: 'uploading', holder: 'p1'})
      await current().create({id: 'd', status: 'saving'})
      assert.equal(toIds(await current().listAbandonedUploads()), 'd')
      await current().forgetProcess('p1')
      assert.equal(toIds(await current().listAbandonedUploads()), 'a b d')
      await current().forgetProcess('p2')
      const abandoned = await current().listAbandonedUploads()
      assert.equal(toIds(abandoned), 'c a b d')
      assert.deepEqual([abandoned[0]?.properties, abandoned[0]?.holder], [{k: 'v'}, 'p2'])
      await beat('p1')
      assert.equal(toIds(await current().listAbandonedUploads()), 'c d')
    })

    it('do not hold staged data, nor images whose upload has ended', async () => {
      await current().create({id: 'a', status: 'uploading', location: 'file:///a'})
      await current().create({id: 'b', status: 'active', location: 'file:///b'})
      await current().create({id: 'c', status: 'killed'})
      await current().create({id: 'd', status: 'uploading', location: 'file:///d', arriving: 'file:///e'})
      assert.equal(toIds(await current().listAbandonedUploads()), 'd')
      await current().delete('d')
      assert.equal(toIds(await current().listAbandonedUploads()), '')
    })

    it('hold tasks until they finish', async () => {
      await beat('p1')
      await current().create({id: 'i'})
      for (const [id, holder] of Object.entries({t1: 'p1', t2: 'p2', t3: 'p1'})) {
        await current().createTask({...TASK, id, holder}, () => ({}))
      }
      await current().createTask({...TASK, id: 't4'}, () => ({}))
      assert.equal(toIds(await current().listAbandonedTasks()), 't2 t4')
      await current().forgetProcess('p1')
      await current().updateTask('t3', {status: 'success'})
      assert.equal(toIds(await current().listAbandonedTasks()), 't1 t2 t4')
    })

    it('end a task once', async () => {
      await current().create({id: 'i'})
      await current().createTask({...TASK, id: 't'}, () => ({}))
      assert.equal((await current().updateTask('t', {status: 'failure', message: 'm'}))?.message, 'm')
      const again = await current().updateTask('t', {status: 'processing'}, () => ({name: 'changed'}))
      assert.deepEqual([again, (await current().findTask('t'))?.status], [undefined, 'failure'])
      assert.equal((await current().find('i'))?.name, null)
    })

    it('take each abandoned copy once', async () => {
      await beat('p1')
      await beat('p2')
      const location = 'http://h/x'
      for (const id of ['e', 'd', 'c']) await current().create({id, location, properties: {k: id}})
      await current().create({id: 'b', location, holder: 'p2'})
      await current().create({id: 'a'})
      const first = await current().takeAbandonedCopies('p1', 2)
      assert.deepEqual(
        first.map(({id, holder, properties}) => [id, holder, properties]),
        [
          ['e', 'p1', {k: 'e'}],
          ['d', 'p1', {k: 'd'}],
        ],
      )
      assert.equal(toIds(await current().takeAbandonedCopies('p2', 2)), 'c')
      assert.equal(toIds(await current().takeAbandonedCopies('p1', 2)), '')
      await current().forgetProcess('p2')
      assert.equal(toIds(await current().takeAbandonedCopies('p1', 9)), 'c b')
      assert.equal((await current().find('b'))?.holder, 'p1')
    })

    it('are forgotten when they are silent', async () => {
      await beat('p1')
      await current().create({id: 'a', status: 'saving', holder: 'p1'})
      assert.equal(await current().forgetProcesses(3600), 0)
      assert.equal(toIds(await current().listAbandonedUploads()), '')
      assert.equal(await current().forgetProcesses(-3600), 1)
      assert.equal(toIds(await current().listAbandonedUploads()), 'a')
      assert.equal(await current().forgetProcesses(-3600), 0)
    })
  })
}
