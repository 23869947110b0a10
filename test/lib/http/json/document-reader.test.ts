/** Documents that are parsed while they arrive: the same values as of the whole text, however it is cut. */
import assert from 'node:assert/strict'
import {DocumentReader} from '../../../../src/lib/http/json/document-reader.js'

/** The value of a document that arrives in parts of this many bytes. */
function read(text: string, size: number): unknown {
  const reader = new DocumentReader()
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += size) reader.take(bytes.subarray(at, at + size))
  return reader.finish()
}

const VALID: readonly (readonly [string, unknown])[] = [
  [
    '{"images":[{"a":1,"b":["x",{"c":"]}"}]},{"a":"\\\\"},{"q":"\\"é\u{1f427}"}],"next":"n","s":[1,2]}',
    {
      images: [{a: 1, b: ['x', {c: ']}'}]}, {a: '\\'}, {q: '"é\u{1f427}'}],
      next: 'n',
      s: [1, 2],
    },
  ],
  [
    '{"images": [{"l": [{"u": "},{"}, {"u": 2}]} , {"l": [{"u": 3}, {"u": 4}]}], "o": [{"a": 1}, {"a": 2}]}',
    {images: [{l: [{u: '},{'}, {u: 2}]}, {l: [{u: 3}, {u: 4}]}], o: [{a: 1}, {a: 2}]},
  ],
  [
    '{"images":[{"l":[{},{},{},{"a":[{},{},{}]}]},{"l":[{},{},{},{}]},{"l":[{},{},{},{}]}]}',
    {images: [{l: [{}, {}, {}, {a: [{}, {}, {}]}]}, {l: [{}, {}, {}, {}]}, {l: [{}, {}, {}, {}]}]},
  ],
  ['{"names":["a,b","]","},{"],"n":1}', {names: ['a,b', ']', '},{'], n: 1}],
  ['{"images":[]}', {images: []}],
  ['{"s":"x","images":[ 1 , 2 , 3 ] }', {s: 'x', images: [1, 2, 3]}],
  ['{"o":{"l":[1,2]},"é":[{},{}],"p":[1]}', {o: {l: [1, 2]}, é: [{}, {}], p: [1]}],
  ['[["a",[1,2]],[3]]', [['a', [1, 2]], [3]]],
  ['"x"', 'x'],
]

const INVALID = [
  '',
  '{"images":[1,,2]}',
  '{"images":[,1]}',
  '{"images":["a",,"b"]}',
  '{"images":[{},{},{}},{}]}',
  '{"images":[1,]}',
  '{"images":[1,2',
  '{"images":[{}}',
  '{"images":[{"a":1]}',
  '{"images":[1,2]} x',
  '{"n":"images",[1,2]}',
  `{"images":[{},${'['.repeat(99)}${']'.repeat(99)},1]}`,
  `{"images":[{},{"a":${'['.repeat(98)}${']'.repeat(98)}},{}]}`,
]

describe('a document that is parsed while it arrives', () => {
  for (const [text, value] of VALID) {
    it(`has the value of its text: ${text.slice(0, 30)}`, () => {
      for (let size = 1; size <= text.length + 1; size++) assert.deepEqual(read(text, size), value, `${size}`)
    })
  }

  for (const text of INVALID) {
    it(`is refused: ${text.slice(0, 30)}`, () => {
      for (let size = 1; size <= text.length + 1; size++)
        assert.throws(() => read(text, size), SyntaxError, `${size}`)
    })
  }

  it('may have elements of any length', () => {
    const long = 'x'.repeat(3 * 1024 * 1024)
    const value = {images: [{a: 1}, {a: long}, {a: 2}], next: 'n'}
    assert.deepEqual(read(JSON.stringify(value), 64 * 1024), value)
  })
})
