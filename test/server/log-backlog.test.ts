/** Log lines that are not read: dropped beyond a limit, and counted. */
import assert from 'node:assert/strict'
import {limitBacklog} from '../../src/server/log-backlog.js'

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
    assert.deepEqual(lines.slice(3), ['dropped 2 lines of the log that were not read in time'])
  })

  it('passes every line to a writer that does not wait', () => {
    const lines: string[] = []
    const log = limitBacklog(line => lines.push(line), 10)
    for (let n = 0; n < 100; n++) log('aaaaa')
    assert.equal(lines.length, 100)
  })
})
