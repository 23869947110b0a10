/** Records with all documented fields. */
import assert from 'node:assert/strict'
import {EMPTY_IMAGE, EMPTY_SUMMARY} from '../../../../src/lib/model/image.js'
import {createCompleter} from '../../../../src/lib/work/output/columns.js'
import {imageRecord} from '../../../../src/lib/work/output/image-record.js'
import {IMAGE, IMAGE_STORE, type RecordKind} from '../../../../src/lib/work/output/record-kinds.js'

const KIND: RecordKind = {
  name: 'kind',
  title: 'A kind',
  fields: [
    {name: 'a', type: 'text', nullable: true, help: ''},
    {name: 'b', type: 'list', nullable: false, fallback: [], help: ''},
  ],
  columns: [],
}

describe('a complete record', () => {
  for (const [record, expected] of [
    [{}, {a: null, b: []}],
    [
      {a: undefined, b: undefined},
      {a: null, b: []},
    ],
    [
      {a: null, b: null},
      {a: null, b: []},
    ],
    [
      {b: ['x'], a: ''},
      {a: '', b: ['x']},
    ],
    [
      {c: 1, a: 'x'},
      {a: 'x', b: [], c: 1},
    ],
  ] as const)
    it(`has all fields in their order: ${JSON.stringify(record)}`, () =>
      assert.equal(JSON.stringify(createCompleter(KIND)(record)), JSON.stringify(expected)))

  it('is not copied', () => {
    const record = {a: null, b: ['x'], c: 1}
    assert.equal(createCompleter(KIND)(record), record)
  })

  it('lacks an optional field that it had not', () =>
    assert.deepEqual(Object.keys(createCompleter(IMAGE_STORE)({image_id: '1', store: 's', copied: true})), [
      'image_id',
      'store',
      'copied',
    ]))

  it('is what an image becomes, whatever the service returned of it', () => {
    const record = imageRecord({...EMPTY_IMAGE, id: '1', uri: 'u', tags: [], properties: {}})
    assert.deepEqual(
      Object.keys(record),
      IMAGE.fields.map(({name}) => name),
    )
    assert.deepEqual([record['tags'], record['properties'], record['status']], [[], {}, 'unknown'])
    assert.equal(createCompleter(IMAGE)(record), record)
  })

  it('is not what an image of a brief list becomes, which may have no status', () => {
    const record = imageRecord({...EMPTY_SUMMARY, id: '1', uri: 'u'})
    assert.equal('status' in record, false)
    assert.equal(createCompleter(IMAGE)(record)['status'], null)
  })
})
