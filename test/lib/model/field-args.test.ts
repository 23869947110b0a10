/** Parsing of `field=value` arguments, and the errors for invalid ones. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import {parseFieldArgs} from '../../../src/lib/model/field-args.js'

const cases: readonly (readonly [string, string, string])[] = [
  ['name=My Image', 'name', 'My Image'],
  ['location=http://h/x?a=b&c=d', 'location', 'http://h/x?a=b&c=d'],
  ['name=', 'name', ''],
  ['Min-RAM=512', 'min_ram', '512'],
  ['COPY-FROM=http://h/x', 'copy_from', 'http://h/x'],
  ['Changes-Since=2026-01-01', 'changes_since', '2026-01-01'],
  ['Hw-Model=x', 'Hw-Model', 'x'],
  ['name=a,', 'name', 'a'],
  ['name=a,b', 'name', 'a,b'],
  ['name=日本', 'name', '日本'],
]

describe('field=value arguments', () => {
  for (const [word, key, value] of cases) {
    it(word, () => assert.deepEqual(parseFieldArgs([word]), [{key, value}]))
  }

  it('refuses a name that is given twice', () => {
    assert.throws(() => parseFieldArgs(['name=a', 'NAME=b']), {
      kind: 'usage',
      message: "name is given twice: 'a' and 'b'",
    })
    assert.throws(() => parseFieldArgs(['distro=a', 'distro=a']), {kind: 'usage'})
  })

  it('collects tags that are given one by one', () => {
    assert.deepEqual(parseFieldArgs(['tag=a', 'tag=b']), [{key: 'tag', value: 'a,b'}])
  })

  for (const word of ['name', '=x', '']) {
    it(`refuses '${word}'`, () => {
      assert.throws(() => parseFieldArgs([word]), {
        kind: 'usage',
        message: `invalid argument '${word}': expected field=value`,
      })
    })
  }

  it('keeps every value whole, whatever it contains', () => {
    fc.assert(
      fc.property(fc.string(), value => {
        const [arg] = parseFieldArgs([`distro=${value}`])
        assert.equal(arg?.value, value.replace(/,+$/, ''))
      }),
    )
  })
})
