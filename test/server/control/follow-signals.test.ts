/** What the signals to a service do, with a process in memory. */
import assert from 'node:assert/strict'
import {Failure, usageError} from '../../../src/lib/model/errors.js'
import type {ServerSettings} from '../../../src/server/config.js'
import {followSignals} from '../../../src/server/control/follow-signals.js'
import {GivenSettings} from '../../../src/server/settings/sources.js'

describe('signals to a service', () => {
  let lines: string[]
  let states: string[]
  let stopped: number
  let discarded: number
  let onReload: () => void
  let onRestart: () => void
  let settings: ServerSettings | Error
  let interrupt: AbortController
  let endSuccessor: (how: string) => void
  let startFailure: Error | undefined
  beforeEach(() => {
    lines = []
    states = []
    stopped = 0
    discarded = 0
    interrupt = new AbortController()
    startFailure = undefined
    settings = withSettings()
  })

  function withSettings(...assignments: readonly string[]): ServerSettings {
    const given = new GivenSettings({assignments, env: {}})
    return {host: '127.0.0.1', port: 1, dataDir: '/d', shutdownSeconds: 1, pid: 1, given}
  }

  /** Starts, with a process before it if asked for. */
  function follow(predecessor?: boolean): Promise<() => Promise<boolean>> {
    const ended = Promise.resolve()
    const stop = async () => {
      stopped += 1
    }
    return followSignals({
      settings: withSettings(),
      control: {
        sockets: [],
        ...(predecessor && {predecessor: {ended, stop}}),
        onReload: handler => (onReload = handler),
        onRestart: handler => (onRestart = handler),
        notify: async state => void states.push(state),
        startSuccessor: () => {
          if (startFailure) throw startFailure
          return {pid: 7, ended: new Promise(resolve => (endSuccessor = resolve))}
        },
      },
      load: async () => {
        if (settings instanceof Error) throw settings
        return settings
      },
      prepareReload: async () =>
        Object.assign(() => void lines.push('in force'), {
          discard: async () => {
            discarded += 1
          },
        }),
      listListeners: () => [],
      interrupted: interrupt.signal,
      log: line => lines.push(line),
      warn: line => lines.push(`warning: ${line}`),
    })
  }

  /** Everything that was asked for has been done. */
  const settle = () => new Promise(resolve => setImmediate(resolve))

  it('tell that the service is ready, and stop the process before it', async () => {
    await follow(true)
    assert.deepEqual([states, stopped], [['ready'], 1])
  })

  it('reload settings that can change, and name those that need a restart', async () => {
    await follow()
    settings = withSettings('image_count_total=5', 'sql_timeout=9')
    onReload()
    await settle()
    assert.deepEqual(lines, [
      'in force',
      'reloaded the settings: image_count_total changed',
      'warning: sql_timeout changed, restart to apply',
    ])
    assert.deepEqual(states, ['ready', 'reloading', 'ready'])
  })

  it('name what needs a restart again until it is restarted', async () => {
    await follow()
    settings = withSettings('sql_timeout=9')
    for (const _ of [1, 2]) {
      onReload()
      await settle()
    }
    const line = 'warning: sql_timeout changed, restart to apply'
    assert.deepEqual(lines, [
      'in force',
      'reloaded the settings',
      line,
      'in force',
      'reloaded the settings',
      line,
    ])
  })

  it('keep the settings when the new ones are not valid', async () => {
    await follow()
    settings = usageError('invalid sql_timeout')
    onReload()
    await settle()
    assert.deepEqual(lines, [
      'warning: cannot reload, so the settings stay as they were: invalid sql_timeout',
    ])
    assert.deepEqual(states, ['ready', 'reloading', 'ready'])
  })

  it('start one process that takes over, and report it when it fails', async () => {
    const leave = await follow()
    onRestart()
    onRestart()
    await settle()
    endSuccessor('ended with exit code 2')
    await settle()
    assert.deepEqual(lines, [
      'restarting: the process 7 takes over',
      'warning: cannot restart: the new process ended with exit code 2; this one goes on',
    ])
    // The settings were only checked here.
    assert.equal(discarded, 1)
    assert.equal(await leave(), false)
    assert.deepEqual(states, ['ready', 'stopping'])
  })

  it('do not tell of the stop of a service whose port another process has', async () => {
    const leave = await follow()
    onRestart()
    await settle()
    interrupt.abort()
    assert.equal(await leave(), true)
    endSuccessor('ended with exit code 2')
    await settle()
    assert.deepEqual([lines, states], [['restarting: the process 7 takes over'], ['ready']])
  })

  for (const [name, failure, reason] of [
    ['settings that are not valid', undefined, 'invalid sql_timeout'],
    ['a process that may not end', new Failure('failed', 'no', {why: 'a container'}), 'no: a container'],
  ] as const) {
    it(`start no process with ${name}`, async () => {
      await follow()
      if (failure) startFailure = failure
      else settings = usageError('invalid sql_timeout')
      onRestart()
      await settle()
      assert.deepEqual(lines, [`warning: cannot restart, so this process goes on: ${reason}`])
    })
  }
})
