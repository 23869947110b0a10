/** The registry's clock. */
import assert from 'node:assert/strict'
import {monotonicClock} from '../../../src/server/registry/clock.js'

describe('the clock of the registry', () => {
  it('writes UTC with six decimals', () => {
    const clock = monotonicClock(() => Date.UTC(2026, 10, 21, 7, 16, 33, 83))
    assert.equal(clock(), '2026-11-21T07:16:33.083000')
  })

  it('never returns a time twice, nor an earlier one', () => {
    const times = [Date.UTC(2026, 0, 1), Date.UTC(2026, 0, 1), Date.UTC(2025, 0, 1), Date.UTC(2026, 0, 2)]
    const clock = monotonicClock(() => times.shift() ?? 0)
    assert.deepEqual(
      [clock(), clock(), clock(), clock()],
      [
        '2026-01-01T00:00:00.000000',
        '2026-01-01T00:00:00.000001',
        '2026-01-01T00:00:00.000002',
        '2026-01-02T00:00:00.000000',
      ],
    )
  })

  it('carries over into the next second', () => {
    const times = [Date.UTC(2026, 0, 1) + 999.999, 0]
    const clock = monotonicClock(() => times.shift() ?? 0)
    assert.deepEqual([clock(), clock()], ['2026-01-01T00:00:00.999999', '2026-01-01T00:00:01.000000'])
  })
})
