/** The heartbeats of a process, in a registry that others share. */
import assert from 'node:assert/strict'
import {Heartbeats} from '../../../src/server/jobs/heartbeats.js'
import type {ProcessRegistry} from '../../../src/server/registry/registry.js'

describe('a process that leaves the others', () => {
  it('does not wait for a take-over that is stuck at a store, and is forgotten', async () => {
    const done: string[] = []
    const registry = {
      isShared: true,
      recordHeartbeat: async () => {},
      findWithOtherFolders: async () => undefined,
      watchDeletions: () => {},
      forgetProcesses: async () => 0,
      forgetProcess: async (id: string) => void done.push(`forgot ${id}`),
    } as Partial<ProcessRegistry> as ProcessRegistry
    let begin = () => {}
    const begun = new Promise<void>(resolve => {
      begin = resolve
    })
    const takeOver = () => {
      begin()
      return new Promise<never>(() => {})
    }
    const process = {id: 'p', host: 'h', pid: 1}
    const parts = {registry, process, interval: 0.001, timeout: 9, takeOver, abort: assert.fail}
    const heartbeats = new Heartbeats({...parts, report: error => assert.fail(String(error))})
    await heartbeats.join()
    heartbeats.start()
    // The timer does not keep the process of the tests alive.
    const alive = setInterval(() => {}, 1000)
    await begun
    clearInterval(alive)
    await heartbeats.leave(work => {
      done.push('waits')
      return Promise.race([work, Promise.resolve()])
    })
    assert.deepEqual(done, ['waits', 'forgot p'])
  })
})
