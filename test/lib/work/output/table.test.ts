/** The table of `index`: the fast layout and the library's give the same lines. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import {layOutRow, tableHeader, tableRow} from '../../../../src/lib/work/output/table.js'

const image = (name: string | null, size: number | null = 5) => ({
  id: '7c1c6ee4-6b7c-4a0f-9a35-1b6f6f0b7a11',
  name,
  diskFormat: 'raw',
  containerFormat: 'ovf',
  size,
  checksum: null,
  uri: 'http://127.0.0.1:9292/v1/images/7c1c6ee4-6b7c-4a0f-9a35-1b6f6f0b7a11',
})

describe('the table of index', () => {
  it('has its columns', () => {
    assert.equal(
      tableHeader().join('\n'),
      'ID                                   Name                           Disk Format          Container Format               Size\n' +
        '------------------------------------ ------------------------------ -------------------- -------------------- --------------',
    )
  })

  it('has a line for an image', () => {
    assert.equal(
      tableRow(image('Ubuntu 10.04', 58520278)),
      '7c1c6ee4-6b7c-4a0f-9a35-1b6f6f0b7a11 Ubuntu 10.04                   raw                  ovf                        58520278',
    )
  })

  it('prints None for missing values', () =>
    assert.match(tableRow(image(null, null)), /^\S+ None {27}raw .* None$/))

  it('cuts long names, with a mark', () => {
    assert.match(tableRow(image('a'.repeat(40))), /^\S+ a{29}… raw /)
  })

  it('counts the columns of wide characters', () => {
    assert.match(tableRow(image('日本語')), /^\S+ 日本語 {24} raw /)
  })

  it('escapes control characters', () => {
    assert.match(tableRow(image('a\n\x1b[2Jb')), /^\S+ a\\x0a\\x1b\[2Jb {17} raw /)
  })

  it("has the same layout as the library's", () => {
    const text = fc.stringMatching(/^[\x21-\x7e]([\x20-\x7e]{0,26}[\x21-\x7e])?$/)
    fc.assert(
      fc.property(text, fc.nat(), (name, size) => {
        const row = tableRow(image(name, size))
        assert.equal(row, layOutRow([image(null).id, name, 'raw', 'ovf', String(size)]))
      }),
    )
  })
})
