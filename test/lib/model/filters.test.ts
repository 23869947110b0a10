/** Parsing of the filters of a list. */
import assert from 'node:assert/strict'
import {parseFilters, toFilters} from '../../../src/lib/model/filters.js'

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
        name: 'x',
        sizeMin: 5,
        isPublic: true,
        minRam: 7,
        properties: {distro: 'lucid', arch: 'x86'},
      },
      notices: [],
      assumed: ['distro'],
    })
  })

  it('are custom properties under names that only drafts have', () => {
    const {filters} = parseFilters(['store=fast', 'Copy-From=http://h/i'])
    assert.deepEqual(filters, {properties: {store: 'fast', copy_from: 'http://h/i'}})
  })

  for (const word of ['none', 'None', 'all']) {
    it(`is_public=${word} selects public and private images`, () => {
      assert.deepEqual(parseFilters([`is_public=${word}`]).filters, {isPublic: 'any', properties: {}})
    })
  }

  it('accept a time in either spelling of the name', () => {
    for (const word of ['changes-since=2026-11-21T10:00:00Z', 'changes_since=2026-11-21T10:00:00Z']) {
      assert.deepEqual(parseFilters([word]).filters, {
        changesSince: '2026-11-21T10:00:00Z',
        properties: {},
      })
    }
  })

  for (const word of ['size_min=abc', 'size_max=', 'is_public=x', 'changes-since=yesterday', 'min_ram=-1']) {
    it(`refuse ${word}`, () => assert.throws(() => parseFilters([word]), {kind: 'usage'}))
  }

  for (const field of ['size', 'location', 'virtual_size', 'tags', 'os_hash_algo']) {
    it(`refuse ${field}, which cannot be filtered by`, () => {
      assert.throws(() => parseFilters([`${field}=1`]), {
        kind: 'usage',
        message: `cannot filter lists by '${field}'`,
      })
    })
  }

  it('accept those of version 2', () => {
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
        owner: 'p1',
        visibility: 'community',
        memberStatus: 'all',
        tags: ['a', 'b', 'c'],
        osHidden: true,
        checksum: 'ab',
        osHashValue: 'cd',
        id: '7',
        createdAt: 'gt:2026-01-01',
        updatedAt: 'eq:2026-11-21T10:00:00Z',
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

  it('suggest the intended field', () => {
    assert.deepEqual(parseFilters(['stauts=active']).notices, [
      "'stauts' is not an image field; only images with this property match. Did you mean 'status'?",
    ])
  })
})

describe('filters of a record', () => {
  it('are parsed like those of the command line', () => {
    assert.deepEqual(toFilters({size_max: 5 * 1024 ** 3, is_public: 'none', protected: true, tag: 'a, b'}), {
      sizeMax: 5_368_709_120,
      isPublic: 'any',
      protected: true,
      tags: ['a', 'b'],
    })
  })

  for (const values of [{nonsense: 'x'}, {size: 5}, {size_min: -1}, {visibility: 'mine'}]) {
    it(`refuse ${JSON.stringify(values)}`, () => {
      assert.throws(() => toFilters(values as unknown as Record<string, string>), {kind: 'usage'})
    })
  }
})
