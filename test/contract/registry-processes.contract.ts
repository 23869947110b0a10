/** The contract of every registry for processes and the work that they hold. */
import assert from 'node:assert/strict'
import type {ImageRecord, JobQuery, Registry, TaskRecord} from '../../src/server/registry/registry.js'

/** Any job. */
const ANY: JobQuery = {running: [], busy: []}
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

    it('do not hold an image that a task imports', async () => {
      await current().create({id: 'a', status: 'importing', holder: 'p1'})
      await current().create({id: 'b', status: 'saving', holder: 'p1'})
      for (const imageId of ['a', 'b']) {
        await current().createTask({...TASK, id: imageId, imageId}, () => ({}))
      }
      assert.equal(toIds(await current().listAbandonedUploads()), 'b')
      await current().updateTask({id: 'a', holder: null}, {status: 'failure'})
      assert.equal(toIds(await current().listAbandonedUploads()), 'a b')
    })

    it('take each task once, the oldest first, and those of dead ones', async () => {
      for (const id of ['p1', 'p2']) await beat(id)
      await current().create({id: 'i'})
      for (const id of ['t3', 't2', 't1']) await current().createTask({...TASK, id}, () => ({}))
      const taken = await current().takeTask('p1', ANY)
      assert.deepEqual([taken?.id, taken?.holder, taken?.status, taken?.attempts], ['t3', 'p1', 'pending', 0])
      assert.deepEqual(await current().findTask('t3'), taken)
      await current().updateTask(taken!, {status: 'processing', attempts: 1})
      assert.equal((await current().takeTask('p2', ANY))?.id, 't2')
      assert.equal((await current().takeTask('p2', {...ANY, running: ['t2']}))?.id, 't1')
      assert.equal(await current().takeTask('p2', {...ANY, running: ['t2', 't1']}), undefined)
      await current().forgetProcess('p1')
      const again = await current().takeTask('p2', {...ANY, running: ['t2', 't1']})
      assert.deepEqual([again?.id, again?.holder, again?.status, again?.attempts], ['t3', 'p2', 'pending', 1])
      await current().forgetProcess('p2')
      for (const id of ['t1', 't2', 't3']) await current().updateTask({id, holder: 'p2'}, {status: 'failure'})
      assert.equal(await current().takeTask('p1', ANY), undefined)
    })

    it('take again what they took without knowing it, but not what they have begun', async () => {
      await beat('p1')
      await current().create({id: 'i'})
      await current().create({id: 'c', location: 'http://h/x'})
      await current().createTask({...TASK, id: 't'}, () => ({}))
      const task = await current().takeTask('p1', ANY)
      assert.deepEqual((await current().takeTask('p1', ANY))?.id, 't')
      await current().updateTask(task!, {status: 'processing'})
      assert.equal(await current().takeTask('p1', ANY), undefined)
      assert.equal((await current().takeCopy('p1', ANY))?.id, 'c')
      assert.equal((await current().takeCopy('p1', ANY))?.id, 'c')
      assert.equal(await current().takeCopy('p1', {...ANY, running: ['c']}), undefined)
    })

    it('find the kind of the oldest job', async () => {
      for (const id of ['p1', 'p2']) await beat(id)
      const find = (query: Partial<JobQuery> = {}) => current().findOldestJob('p1', {...ANY, ...query})
      assert.equal(await find(), undefined)
      await current().create({id: 'c', owner: 'o', location: 'http://h/x'})
      for (const id of ['t2', 't1']) await current().createTask({...TASK, id, imageId: 'c'}, () => ({}))
      assert.deepEqual(
        [await find(), await find({busy: ['o']}), await find({busy: ['o', null]})],
        ['copy', 'task', undefined],
      )
      await current().takeCopy('p2', ANY)
      await current().takeTask('p2', ANY)
      assert.equal(await find(), 'task')
      await current().create({id: 'd', location: 'http://h/x'})
      await current().takeTask('p1', ANY)
      assert.equal(await find({running: ['t1']}), 'copy')
      await current().forgetProcess('p2')
      assert.equal(await find({running: ['t1']}), 'copy')
      assert.equal((await current().takeCopy('p1', {...ANY, running: ['t1']}))?.id, 'c')
      assert.equal(await find({running: ['t1', 'c']}), 'task')
    })

    it('keep what they have begun, also where they are not recorded', async () => {
      await current().create({id: 'i'})
      await current().create({id: 'c', location: 'http://h/x', holder: 'p1'})
      await current().createTask({...TASK, id: 't'}, () => ({}))
      const task = await current().takeTask('p1', ANY)
      await current().updateTask(task!, {status: 'processing'})
      assert.equal(await current().takeTask('p1', ANY), undefined)
      assert.equal(await current().takeCopy('p1', {...ANY, running: ['c']}), undefined)
      assert.equal((await current().takeTask('p2', ANY))?.id, 't')
    })

    it('change and end a task once, while they hold it', async () => {
      await current().create({id: 'i'})
      await current().createTask({...TASK, id: 't'}, () => ({}))
      const change = (holder: string | null, status: 'processing' | 'failure') =>
        current().updateTask({id: 't', holder}, {status}, () => ({name: status}))
      assert.equal(await change('p1', 'failure'), undefined)
      assert.equal((await current().find('i'))?.name, null)
      assert.equal((await change(null, 'failure'))?.status, 'failure')
      assert.equal(await change(null, 'processing'), undefined)
      assert.equal((await current().find('i'))?.name, 'failure')
    })

    it('take each copy once, with its properties', async () => {
      for (const id of ['p1', 'p2']) await beat(id)
      const location = 'http://h/x'
      for (const id of ['e', 'd']) await current().create({id, location, properties: {k: id}})
      await current().create({id: 'b', location, holder: 'p2'})
      await current().create({id: 'a'})
      const first = await current().takeCopy('p1', ANY)
      assert.deepEqual([first?.id, first?.holder, first?.properties], ['e', 'p1', {k: 'e'}])
      assert.equal((await current().takeCopy('p1', {...ANY, running: ['e']}))?.id, 'd')
      assert.equal(await current().takeCopy('p1', {...ANY, running: ['e', 'd']}), undefined)
      await current().forgetProcess('p2')
      assert.equal((await current().takeCopy('p1', {...ANY, running: ['e', 'd']}))?.id, 'b')
      assert.equal((await current().find('b'))?.holder, 'p1')
    })

    it('take no job of a project that is busy, and count those that wait', async () => {
      await beat('p1')
      const location = 'http://h/x'
      const project = (owner: string | null, n: number) => [`${owner}${n}`, owner] as const
      for (const [id, owner] of [project('a', 1), project('a', 2), project(null, 1), project('b', 1)]) {
        await current().create({id, owner, location})
        await current().createTask({...TASK, id, owner, imageId: id}, () => ({}))
      }
      assert.deepEqual(await countAll(), [4, 2, 2, 0])
      assert.deepEqual(await current().countBacklog(), {waitingJobs: 8, unusedData: 0})
      const busy = ['a', null]
      assert.equal((await current().takeTask('p1', {...ANY, busy}))?.id, 'b1')
      assert.equal((await current().takeCopy('p1', {...ANY, busy}))?.id, 'b1')
      assert.equal(await current().takeTask('p1', {running: ['b1'], busy}), undefined)
      assert.equal(await current().takeCopy('p1', {running: ['b1'], busy}), undefined)
      assert.equal((await current().takeTask('p1', {running: ['b1'], busy: ['a']}))?.id, 'null1')
      assert.deepEqual(await countAll(), [4, 0, 1, 0])
      assert.deepEqual(await current().countBacklog(), {waitingJobs: 5, unusedData: 0})
      await current().delete('a1')
      assert.deepEqual(await current().countBacklog(), {waitingJobs: 4, unusedData: 1})
    })

    const countAll = () => Promise.all(['a', 'b', null, 'c'].map(owner => current().countWaitingJobs(owner)))

    it('search the stores one at a time', async () => {
      for (const id of ['p1', 'p2']) await beat(id)
      const claims = await Promise.all(['p1', 'p2'].map(id => current().claimSweep(id)))
      const [winner, loser] = claims[0] ? ['p1', 'p2'] : ['p2', 'p1']
      assert.deepEqual([...claims].sort(), [false, true])
      assert.equal(await current().claimSweep(winner), true)
      await current().releaseSweep(winner)
      assert.equal(await current().claimSweep(loser), true)
      assert.equal(await current().claimSweep(winner), false)
      await current().forgetProcess(loser)
      assert.equal(await current().claimSweep(winner), true)
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
