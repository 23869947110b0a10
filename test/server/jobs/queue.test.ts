/** The queue of jobs: bounded for each project, which take turns. */
import assert from 'node:assert/strict'
import {AsyncLocalStorage} from 'node:async_hooks'
import {createQueue} from '../../../src/server/jobs/create-queue.js'
import {type Job, JobQueue} from '../../../src/server/jobs/queue.js'
import type {JobQuery} from '../../../src/server/registry/registry.js'
import {openRegistry} from '../../../src/server/registry/sqlite/open.js'

describe('job queue', () => {
  let waiting: Job[]
  let started: string[]
  let endings: (() => void)[]
  let problem: Error | undefined
  let reported: unknown[]
  let queue: JobQueue
  beforeEach(() => {
    waiting = []
    started = []
    endings = []
    reported = []
    problem = undefined
    queue = new JobQueue({take, count: async () => waiting.length, report: error => reported.push(error)})
  })

  /** What the registry does. */
  async function take({busy}: JobQuery): Promise<Job | undefined> {
    await Promise.resolve()
    if (problem) throw problem
    const index = waiting.findIndex(({project}) => !busy.includes(project))
    return index < 0 ? undefined : waiting.splice(index, 1)[0]
  }

  function schedule(project: string | null, count: number): void {
    for (let n = 0; n < count; n++) {
      const id = `${project}${n}`
      const run = () => {
        started.push(id)
        return new Promise<void>(resolve => endings.push(resolve))
      }
      waiting.push({id, project, run})
    }
  }

  async function wake(): Promise<void> {
    queue.wake()
    await settle()
  }

  const settle = () => new Promise(resolve => setImmediate(resolve))

  async function end(n: number): Promise<void> {
    endings[n]?.()
    await settle()
  }

  it('runs four jobs of a project, and those of others meanwhile', async () => {
    schedule('a', 10)
    schedule(null, 1)
    await wake()
    assert.deepEqual([...started].sort(), ['a0', 'a1', 'a2', 'a3', 'null0'])
    await end(started.indexOf('a2'))
    assert.equal(started.at(-1), 'a4')
  })

  it('runs sixteen jobs of all projects, of which those with fewer running jobs go first', async () => {
    for (const project of ['a', 'b', 'c', 'd']) schedule(project, 5)
    await wake()
    assert.equal(started.length, 16)
    schedule('e', 2)
    schedule('a', 9)
    for (const id of ['a0', 'b0', 'c0']) await end(started.indexOf(id))
    assert.deepEqual(started.slice(16), ['e0', 'e1', 'a4'])
  })

  it('takes the jobs that were scheduled while it looked', async () => {
    schedule('a', 1)
    queue.wake()
    schedule('b', 1)
    queue.wake()
    await settle()
    assert.deepEqual(started, ['a0', 'b0'])
  })

  it('refuses the thousand and first job that waits', async () => {
    schedule('a', 999)
    await queue.requireRoom('a')
    schedule('a', 1)
    await assert.rejects(queue.requireRoom('a'), {
      code: 'limit-exceeded',
      facts: {of: 'jobs', attempted: 1001, maximum: 1000},
    })
  })

  it('runs a job in the context of its request, also after it has waited, and others in none', async () => {
    const requests = new AsyncLocalStorage<string>()
    const seen: (string | undefined)[] = []
    const add = (id: string) =>
      waiting.push({
        id,
        project: 'a',
        run: () => {
          seen.push(requests.getStore())
          return new Promise(resolve => endings.push(resolve))
        },
      })
    for (const id of ['r0', 'r1', 'r2', 'r3', 'r4']) {
      add(id)
      requests.run(id, () => queue.wake(id))
    }
    add('of another process')
    await settle()
    for (const n of [0, 1]) await end(n)
    assert.deepEqual(seen, ['r0', 'r1', 'r2', 'r3', 'r4', undefined])
  })

  it('reports a registry that does not answer, and goes on when it is woken', async () => {
    schedule('a', 1)
    problem = new Error('away')
    await wake()
    assert.deepEqual([started, reported], [[], [problem]])
    problem = undefined
    await wake()
    assert.deepEqual(started, ['a0'])
  })

  it('starts no job after it is stopped', async () => {
    schedule('a', 5)
    await wake()
    queue.stop()
    for (let n = 0; n < 4; n++) await end(n)
    await queue.idle()
    assert.equal(started.length, 4)
  })
})

it('a queue takes the oldest job first, be it a task or a copy', async () => {
  const registry = await openRegistry(':memory:')
  const task = {imageId: 'i', type: 't', owner: null, userId: null, requestId: '', input: ''}
  await registry.create({id: 'i'})
  await registry.createTask({...task, id: 'first'}, () => ({}))
  await registry.create({id: 'copy', location: 'http://h/x'})
  for (const id of ['second', 'third', 'fourth']) await registry.createTask({...task, id}, () => ({}))
  const started: string[] = []
  const run = async ({id}: {readonly id: string}) => {
    started.push(id)
    if (started.length === 4) queue.stop()
  }
  const queue = createQueue({registry, holder: 'p', report: error => assert.fail(String(error))}, () => ({
    runTask: async found => {
      await run(found)
      await registry.updateTask(found, {status: 'success'})
    },
    runCopy: async found => {
      await run(found)
      await registry.change(found.id, () => ({status: 'active'}))
    },
  }))
  queue.wake()
  while (started.length < 4) await queue.idle()
  assert.deepEqual(started, ['first', 'copy', 'second', 'third'])
  await registry.close()
})
