/** Objects of many images with the same keys. */
import assert from 'node:assert/strict'
import {createObjectMaker} from '../../../src/lib/api/object-maker.js'

describe('createObjectMaker', () => {
  it('makes an object of its own in each call, also after other keys', () => {
    const make = createObjectMaker()
    const first = make(['id', 'name'], ['1', 'a'])
    const second = make(['id', 'name'], ['2', undefined])
    const third = make(['name', 'id'], ['c', '3'])
    const fourth = make(['name'], ['d'])
    assert.deepEqual(
      [first, second],
      [
        {id: '1', name: 'a'},
        {id: '2', name: undefined},
      ],
    )
    assert.deepEqual(Object.entries(third), [
      ['name', 'c'],
      ['id', '3'],
    ])
    assert.deepEqual(fourth, {name: 'd'})
  })

  it('keeps a key that names the prototype', () => {
    assert.deepEqual(Object.entries(createObjectMaker()(['__proto__'], ['x'])), [['__proto__', 'x']])
  })
})
