/** Times in the log: the directives of strftime. */
import assert from 'node:assert/strict'
import {createDateFormat} from '../../../src/server/log/date-format.js'

describe('times in the log', () => {
  const afternoon = new Date(2011, 3, 13, 14, 50, 12, 7)

  for (const [format, expected] of [
    ['%Y-%m-%d %H:%M:%S', '2011-04-13 14:50:12'],
    ['%d %b %y, %I:%M %p', '13 Apr 11, 02:50 PM'],
    ['%A %a %B %j %%', 'Wednesday Wed April 103 %'],
    ['%H:%M:%S.%f', '14:50:12.007000'],
    ['Y:', 'Y:'],
    ['', ''],
  ] as const) {
    it(`are written as ${format}`, () => assert.equal(createDateFormat(format)?.(afternoon), expected))
  }

  it('have the offset of the time zone', () => {
    assert.match(createDateFormat('%z')?.(afternoon) ?? '', /^[+-]\d{4}$/)
  })

  it('follow the clock', () => {
    const format = createDateFormat('%S')
    const seconds = [0, 900, 1000, 2000, 1000].map(ms => format?.(new Date(afternoon.getTime() + ms)))
    assert.deepEqual(seconds, ['12', '12', '13', '14', '13'])
  })

  for (const format of ['%Q', '%', '%Y %-d']) {
    it(`are not written as ${format}`, () => assert.equal(createDateFormat(format), undefined))
  }
})
