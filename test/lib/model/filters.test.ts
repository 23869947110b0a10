/** Filters of a list from words. */
import assert from 'node:assert/strict'
import {parseFilters} from '../../../src/lib/model/filters.js'

describe('filters', () => {
  it('are fields, bounds and custom properties', () => {
    const words = [
      'name=x',
      'size-min=5',
      'is_public=yes',
      'distro=lucid',
      'property-arch=x86',
      'min_ram=007',
    ]
    assert.deepEqual(parseFilters(words), {
      filters: {
        fields: {name: 'x', size_min: '5', is_public: 'true', min_ram: '7'},
        properties: {distro: 'lucid', arch: 'x86'},
      },
      notices: [],
      assumed: ['distro'],
    })
  })

  it('are custom properties under the names that only drafts have', () => {
    const {fields, properties} = parseFilters(['store=fast', 'Copy-From=http://h/i']).filters
    assert.deepEqual([fields, properties], [{}, {store: 'fast', copy_from: 'http://h/i'}])
  })

  for (const word of ['none', 'None', 'all']) {
    it(`is_public=${word} takes public and private images`, () => {
      assert.deepEqual(parseFilters([`is_public=${word}`]).filters.fields, {is_public: 'none'})
    })
  }

  it('take a time in either spelling of the name', () => {
    for (const word of ['changes-since=2026-11-21T10:00:00Z', 'changes_since=2026-11-21T10:00:00Z']) {
      assert.deepEqual(parseFilters([word]).filters.fields, {'changes-since': '2026-11-21T10:00:00Z'})
    }
  })

  for (const word of ['size_min=abc', 'size_max=', 'is_public=x', 'changes-since=yesterday', 'min_ram=-1']) {
    it(`refuse ${word}`, () => assert.throws(() => parseFilters([word]), {kind: 'usage'}))
  }

  for (const field of ['size', 'location', 'virtual_size', 'tags', 'os_hash_algo']) {
    it(`refuse ${field}, by which no list can be narrowed`, () => {
      assert.throws(() => parseFilters([`${field}=1`]), {
        kind: 'usage',
        message: `Images cannot be listed by ${field}`,
      })
    })
  }

  it('take those of version 2', () => {
    const words = [
      'owner=p1',
      'visibility=Community',
      'member_status=all',
      'tag=a,b',
      'tag=c',
      'os_hidden=1',
      'checksum=ab',
      'os_hash_value=cd',
      'id=7',
      'created_at=gt:2026-01-01',
      'updated_at=2026-11-21T10:00:00Z',
    ]
    assert.deepEqual(parseFilters(words), {
      filters: {
        fields: {
          owner: 'p1',
          visibility: 'community',
          member_status: 'all',
          tag: 'a,b,c',
          os_hidden: 'true',
          checksum: 'ab',
          os_hash_value: 'cd',
          id: '7',
          created_at: 'gt:2026-01-01',
          updated_at: 'eq:2026-11-21T10:00:00Z',
        },
        properties: {},
      },
      notices: [],
      assumed: [],
    })
  })

  for (const word of [
    'visibility=mine',
    'member_status=maybe',
    'os_hidden=x',
    'created_at=gt:soon',
    'updated_at=at:2026-01-01',
  ]) {
    it(`refuse ${word}`, () => assert.throws(() => parseFilters([word]), {kind: 'usage'}))
  }

  it('hint at the field that was meant', () => {
    assert.deepEqual(parseFilters(['stauts=active']).notices, [
      "'stauts' is not an image field; only images with such a property match. Did you mean 'status'?",
    ])
  })
})
