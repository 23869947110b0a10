/** Concurrent tasks: bounded, in order, and ended cleanly. */
import assert from 'node:assert/strict'
import {setImmediate} from 'node:timers/promises'
import {mapInOrder} from '../../../src/lib/work/in-order.js'

describe('inOrder', () => {
  it('returns results in the order of the items, with a limited number in progress', async () => {
    let [running, most] = [0, 0]
    const act = async (turns: number) => {
      most = Math.max(most, ++running)
      for (let turn = 0; turn < turns; turn++) await setImmediate()
      running--
      return turns * 10
    }
    const results = []
    for await (const result of mapInOrder([9, 1, 5, 0, 3, 7], 3, act)) results.push(result)
    assert.deepEqual(results, [
      [9, 90],
      [1, 10],
      [5, 50],
      [0, 0],
      [3, 30],
      [7, 70],
    ])
    assert.equal(most, 3)
  })

  it('starts nothing more when one throws, and waits for those in progress', async () => {
    const [begun, ended]: number[][] = [[], []]
    const act = async (item: number) => {
      begun?.push(item)
      if (item === 2) throw new Error('two')
      for (let turn = 0; turn < item; turn++) await setImmediate()
      ended?.push(item)
    }
    const all = async () => {
      for await (const _ of mapInOrder([1, 2, 3, 4, 5, 6], 3, act));
    }
    await assert.rejects(all, /^Error: two$/)
    assert.deepEqual(
      [begun, ended],
      [
        [1, 2, 3, 4],
        [1, 3, 4],
      ],
    )
  })

  it('returns nothing for no items', async () => {
    for await (const _ of mapInOrder([], 3, async () => {})) assert.fail()
  })
})
