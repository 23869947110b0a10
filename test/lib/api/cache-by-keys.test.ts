/** What follows from the keys of an object. */
import assert from 'node:assert/strict'
import {cacheByKeys} from '../../../src/lib/api/cache-by-keys.js'

describe('cacheByKeys', () => {
  it('derives once from the same keys in the same order, and again from others', () => {
    const derived: string[] = []
    const toText = cacheByKeys(keys => {
      derived.push(keys.join())
      return keys.join()
    })
    const objects = [{}, {a: 1, b: 2}, {a: 3, b: 4}, {b: 5, a: 6}, {b: 7}, {b: 8, a: 9}, {}]
    assert.deepEqual(objects.map(toText), ['', 'a,b', 'a,b', 'b,a', 'b', 'b,a', ''])
    assert.deepEqual(derived, ['', 'a,b', 'b,a', 'b', 'b,a', ''])
  })
})
