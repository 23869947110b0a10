/** The queue of jobs: bounded for each project, which take turns. */
import assert from 'node:assert/strict'
import {AsyncLocalStorage} from 'node:async_hooks'
import {JobQueue} from '../../../src/server/jobs/queue.js'

describe('job queue', () => {
  let started: string[]
  let endings: (() => void)[]
  let queue: JobQueue
  beforeEach(() => {
    started = []
    endings = []
    queue = new JobQueue()
  })

  function add(project: string, count: number): void {
    for (let n = 0; n < count; n++) {
      queue.add(project, () => {
        started.push(`${project}${n}`)
        return new Promise(resolve => endings.push(resolve))
      })
    }
  }

  async function end(n: number): Promise<void> {
    endings[n]?.()
    await new Promise(resolve => setImmediate(resolve))
  }

  it('runs four jobs of a project, and those of others meanwhile', async () => {
    add('a', 10)
    add('b', 1)
    assert.deepEqual(started, ['a0', 'a1', 'a2', 'a3', 'b0'])
    await end(2)
    assert.equal(started.at(-1), 'a4')
  })

  it('runs sixteen jobs of all projects, which take turns', async () => {
    for (const project of ['a', 'b', 'c', 'd']) add(project, 5)
    add('e', 1)
    add('f', 1)
    assert.equal(started.length, 16)
    add('a', 9)
    for (let n = 0; n < 3; n++) await end(n)
    assert.deepEqual(started.slice(16), ['a4', 'e0', 'f0'])
  })

  it('refuses the thousand and first job that waits, to its project alone', async () => {
    add('a', 4 + 999)
    queue.requireRoom('a')
    add('a', 1)
    assert.throws(() => queue.requireRoom('a'), {
      code: 'limit-exceeded',
      facts: {of: 'jobs', attempted: 1001, maximum: 1000},
    })
    queue.requireRoom('b')
    await end(0)
    queue.requireRoom('a')
  })

  it('runs a job in the context of its request, also after it has waited', async () => {
    const requests = new AsyncLocalStorage<string>()
    const seen: (string | undefined)[] = []
    for (const request of ['r0', 'r1', 'r2', 'r3', 'r4']) {
      requests.run(request, () =>
        queue.add('a', () => {
          seen.push(requests.getStore())
          return new Promise(resolve => endings.push(resolve))
        }),
      )
    }
    await end(0)
    assert.deepEqual(seen, ['r0', 'r1', 'r2', 'r3', 'r4'])
  })

  it('starts no job after it is stopped', async () => {
    add('a', 5)
    queue.stop()
    for (let n = 0; n < 4; n++) await end(n)
    await queue.idle()
    assert.equal(started.length, 4)
  })
})
