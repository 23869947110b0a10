/** Log lines that are not read: dropped beyond a limit, and counted. */
import assert from 'node:assert/strict'
import {limitBacklog} from '../../../src/server/log/backlog.js'

describe('backlog of the log', () => {
  it('drops lines beyond the limit, and tells how many once all others are written', async () => {
    const lines: string[] = []
    const written: (() => void)[] = []
    const log = limitBacklog(line => {
      lines.push(line)
      return new Promise<void>(resolve => written.push(resolve))
    }, 10)
    for (const line of ['aaaaa', 'bbbbb', 'ccccc', 'd']) log(line)
    assert.deepEqual(lines, ['aaaaa', 'bbbbb'])
    written[0]?.()
    await Promise.resolve()
    log('e')
    assert.deepEqual(lines, ['aaaaa', 'bbbbb', 'e'])
    for (const resolve of written) resolve()
    await new Promise(resolve => setImmediate(resolve))
    assert.deepEqual(lines.slice(3), ['dropped 2 lines of the log that could not be written in time'])
  })

  it('counts lines that could not be written, and tells how many once the output takes lines again', async () => {
    const lines: string[] = []
    let isBroken = true
    const log = limitBacklog(async line => {
      if (isBroken) throw new Error('no space')
      lines.push(line)
    })
    for (const line of ['a', 'b', 'c']) log(line)
    await new Promise(resolve => setImmediate(resolve))
    assert.deepEqual(lines, [])
    isBroken = false
    log('d')
    await new Promise(resolve => setImmediate(resolve))
    assert.deepEqual(lines, ['d', 'dropped 3 lines of the log that could not be written in time'])
  })

  it('keeps the count when the line that tells it cannot be written', async () => {
    const lines: string[] = []
    const fates = [false, false, true, false, true, true]
    const log = limitBacklog(async line => {
      if (!fates.shift()) throw new Error('no space')
      lines.push(line)
    })
    for (const line of ['a', 'b', 'c', 'd']) {
      log(line)
      await new Promise(resolve => setImmediate(resolve))
    }
    assert.deepEqual(lines, ['c', 'd', 'dropped 2 lines of the log that could not be written in time'])
  })

  it('passes every line to a writer that does not wait', () => {
    const lines: string[] = []
    const log = limitBacklog(line => lines.push(line), 10)
    for (let n = 0; n < 100; n++) log('aaaaa')
    assert.equal(lines.length, 100)
  })
})
