/** The table of `index`: fits a terminal, cuts nothing in a pipe, and has one layout for plain text and any other. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import type {JsonObject} from '../../../../../src/lib/model/json-object.js'
import {RecordTable} from '../../../../../src/lib/work/output/formats/table.js'
import {layOutRow} from '../../../../../src/lib/work/output/formats/table-row.js'
import {IMAGE} from '../../../../../src/lib/work/output/record-kinds.js'

const ID = '7c1c6ee4-6b7c-4a0f-9a35-1b6f6f0b7a11'

const image = (name: string | null, rest: JsonObject = {}): JsonObject => ({
  id: ID,
  name,
  disk_format: 'raw',
  container_format: 'ovf',
  size: 5,
  checksum: null,
  uri: 'http://127.0.0.1:9292/v1/images/7c1c6ee4-6b7c-4a0f-9a35-1b6f6f0b7a11',
  ...rest,
})

/** The table of images without a terminal, or on one of this width. */
const createTable = (width?: number, columns?: readonly string[]) =>
  new RecordTable({
    style: {format: 'table', kind: IMAGE, columns},
    traits: {isTerminal: width !== undefined, columns: width, hasColour: false, isUnicode: true},
    paint: status => status,
  })

const ubuntu = image('Ubuntu 24.04 LTS hardened (nightly build)', {
  disk_format: 'qcow2',
  container_format: 'bare',
  size: 58520278,
  status: 'active',
})

/** The row of an image without a terminal, or on one of this width. */
function row(shown: JsonObject, width?: number): string {
  return createTable(width).lines([shown])[2] ?? ''
}

describe('the table of index in a pipe', () => {
  it('has the columns of the manual, where the service does not tell the status', () => {
    assert.deepEqual(createTable().lines([image('Ubuntu 10.04', {size: 58520278})]), [
      'ID                                   Name                           Disk Format          Container Format               Size',
      '------------------------------------ ------------------------------ -------------------- -------------------- --------------',
      '7c1c6ee4-6b7c-4a0f-9a35-1b6f6f0b7a11 Ubuntu 10.04                   raw                  ovf                        58520278',
    ])
  })

  it('has the status last, and cuts nothing', () => {
    assert.deepEqual(createTable().lines([ubuntu]), [
      'ID                                   Name                           Disk Format          Container Format               Size Status',
      '------------------------------------ ------------------------------ -------------------- -------------------- -------------- -----------',
      '7c1c6ee4-6b7c-4a0f-9a35-1b6f6f0b7a11 Ubuntu 24.04 LTS hardened (nightly build) qcow2                bare                       58520278 active',
    ])
    assert.match(row(image('語'.repeat(40))), /^\S+ 語{40} raw {18}ovf /)
  })

  it('has one header for all pages', () => {
    const table = createTable()
    assert.equal(table.lines([ubuntu, ubuntu]).length, 4)
    assert.deepEqual(table.lines([image('a')]), [
      '7c1c6ee4-6b7c-4a0f-9a35-1b6f6f0b7a11 a                              raw                  ovf                               5 None',
    ])
  })

  it('prints None for missing values', () =>
    assert.match(row(image(null, {size: null})), /^\S+ None {27}raw .* None$/))

  it('counts the columns of wide characters', () => {
    assert.match(row(image('日本語')), /^\S+ 日本語 {24} raw /)
  })

  it('escapes control characters', () => {
    assert.match(row(image('a\n\x1b[2Jb')), /^\S+ a\\x0a\\x1b\[2Jb {17} raw /)
  })

  it("has the same layout as the library's", () => {
    const text = fc.stringMatching(/^[\x21-\x7e]([\x20-\x7e]{0,40}[\x21-\x7e])?$/)
    const columns = [36, 30, 20, 20, 14].map(
      (width, i) => ({width, align: i === 4 ? 'right' : 'left'}) as const,
    )
    fc.assert(
      fc.property(text, fc.nat(), (name, size) => {
        const texts = [ID, name, 'raw', 'ovf', String(size)]
        assert.equal(row(image(name, {size})), layOutRow(texts, columns, undefined))
      }),
    )
  })
})

describe('the table of index on a terminal', () => {
  it('of 120 columns cuts the name, with a mark', () => {
    assert.deepEqual(createTable(120).lines([ubuntu]), [
      'ID                                   Name                           Disk Format Container Format           Size Status',
      '------------------------------------ ------------------------------ ----------- ---------------- -------------- --------',
      '7c1c6ee4-6b7c-4a0f-9a35-1b6f6f0b7a11 Ubuntu 24.04 LTS hardened (ni… qcow2       bare                   58520278 active',
    ])
  })

  it('of 80 columns leaves out the container format', () => {
    assert.deepEqual(createTable(80).lines([ubuntu]), [
      'ID                                   Name              Format        Size Status',
      '------------------------------------ ----------------- ------ ----------- ------',
      '7c1c6ee4-6b7c-4a0f-9a35-1b6f6f0b7a11 Ubuntu 24.04 LTS… qcow2     58520278 active',
    ])
  })

  it('of 40 columns shows the beginning of the id, the name and the status', () => {
    assert.deepEqual(createTable(40).lines([ubuntu]), [
      'ID               Name             Status',
      '---------------- ---------------- ------',
      '7c1c6ee4-6b7c-4… Ubuntu 24.04 LT… active',
    ])
  })

  it('of 200 columns shows long names', () => {
    assert.match(row(ubuntu, 200), / Ubuntu 24.04 LTS hardened \(nightly build\) qcow2 /)
  })

  it('keeps the columns straight after wide characters, and half characters away', () => {
    assert.match(row(image('語'.repeat(20), {status: 'active'}), 80), /^\S+ 語{8}… raw {14}5 active$/)
    assert.match(row(image('😀'.repeat(20), {status: 'active'}), 80), /^\S+ 😀{8}… raw {14}5 active$/u)
  })

  it('keeps all columns that the user has chosen', () => {
    const columns = ['id', 'name', 'size', 'owner', 'properties.distro', 'tags']
    const shown = image('Ubuntu 24.04', {owner: ID, properties: {distro: 'noble'}, tags: ['lts', 'new']})
    const lines = createTable(40, columns).lines([shown])
    assert.deepEqual(lines, [
      'ID     Name   Size Owner  prope… Tags',
      '------ ------ ---- ------ ------ -------',
      '7c1c6… Ubunt…    5 7c1c6… noble  lts, n…',
    ])
  })

  it('gives whole ids, times and numbers the room of names', () => {
    const times = {created_at: '2026-11-29T12:56:53Z', status: 'active'}
    const table = createTable(80, ['id', 'name', 'size', 'created_at', 'status'])
    assert.deepEqual(table.lines([image('Ubuntu 24.04', {...times, size: 123456})]), [
      'ID                                   Name       Size Created At           Status',
      '------------------------------------ -------- ------ -------------------- ------',
      '7c1c6ee4-6b7c-4a0f-9a35-1b6f6f0b7a11 Ubuntu … 123456 2026-11-29T12:56:53Z active',
    ])
    // A longer number of a later page is not cut either.
    assert.deepEqual(table.lines([image('Ubuntu 24.04', {...times, size: 123456789012})]), [
      '7c1c6ee4-6b7c-4a0f-9a35-1b6f6f0b7a11 Ubuntu … 123456789012 2026-11-29T12:56:53Z active',
    ])
  })

  it('prints no line that is wider', () => {
    const text = fc.stringMatching(/^[\x20-\x7e]{0,60}$/)
    fc.assert(
      fc.property(text, fc.nat(), fc.integer({min: 30, max: 250}), (name, size, width) => {
        const lines = createTable(width).lines([image(name, {size, status: 'deactivated'})])
        assert.ok(lines.every(line => line.length <= width))
      }),
    )
  })
})
