/** New settings for the parts of a service: all of them take the settings, or none does and nothing stays open. */
import assert from 'node:assert/strict'
import {prepareAll} from '../../../src/server/control/reload.js'

const SETTINGS = {host: '127.0.0.1', port: 1, dataDir: '/d', shutdownSeconds: 1, pid: 1}

describe('new settings for the parts of a service', () => {
  let events: string[]
  beforeEach(() => {
    events = []
  })

  const prepare = (name: string) => async () =>
    Object.assign(() => void events.push(`${name} in force`), {
      discard: async () => void events.push(`${name} closed`),
    })

  it('come into force in all of them', async () => {
    const prepared = await prepareAll([prepare('a'), undefined, () => () => {}, prepare('b')], SETTINGS)
    assert.deepEqual(events, [])
    prepared()
    assert.deepEqual(events, ['a in force', 'b in force'])
  })

  it('leave nothing open when one of them refuses them', async () => {
    const refuse = () => {
      throw new Error('invalid')
    }
    await assert.rejects(prepareAll([prepare('a'), () => () => {}, refuse, prepare('b')], SETTINGS), {
      message: 'invalid',
    })
    assert.deepEqual(events, ['a closed'])
  })

  it('are closed when they are only checked', async () => {
    const prepared = await prepareAll([prepare('a'), prepare('b')], SETTINGS)
    await prepared.discard?.()
    assert.deepEqual(events, ['a closed', 'b closed'])
  })
})
