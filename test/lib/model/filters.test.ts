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

  for (const field of ['location', 'virtual_size', 'tags', 'os_hash_algo']) {
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
        createdAt: [{comparison: 'gt', time: '2026-01-01'}],
        updatedAt: [{comparison: 'eq', time: '2026-11-21T10:00:00Z'}],
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

/** 2026-03-01T12:00:00.500Z. */
const NOW = 1_772_366_400_500

describe('comparisons of filters', () => {
  const rows: readonly (readonly [string, Record<string, unknown>])[] = [
    ['created_at<-30d', {createdAt: [{comparison: 'lt', time: '2026-01-30T12:00:00Z'}]}],
    ['created_at=lt:-30d', {createdAt: [{comparison: 'lt', time: '2026-01-30T12:00:00Z'}]}],
    ['Updated-At >= -12h', {updatedAt: [{comparison: 'gte', time: '2026-03-01T00:00:00Z'}]}],
    ['updated_at>-90m', {updatedAt: [{comparison: 'gt', time: '2026-03-01T10:30:00Z'}]}],
    ['updated_at<=-2w,', {updatedAt: [{comparison: 'lte', time: '2026-02-15T12:00:00Z'}]}],
    ['created_at>=2026-01-31', {createdAt: [{comparison: 'gte', time: '2026-01-31'}]}],
    ['created_at=2026-01-31', {createdAt: [{comparison: 'eq', time: '2026-01-31'}]}],
    ['created_at=neq:2026-01-31', {createdAt: [{comparison: 'neq', time: '2026-01-31'}]}],
    ['changes-since=-1d', {changesSince: '2026-02-28T12:00:00Z'}],
    ['size>=1GiB', {sizeMin: 1_073_741_824}],
    ['size>1k', {sizeMin: 1025}],
    ['size<=1.5M', {sizeMax: 1_572_864}],
    ['size<2T', {sizeMax: 2_199_023_255_551}],
    ['size=512 MiB', {sizeMin: 536_870_912, sizeMax: 536_870_912}],
    ['size=gt:7', {sizeMin: 8}],
    ['size_min=1G', {sizeMin: 1_073_741_824}],
    ['size_max=0', {sizeMax: 0}],
    ['name=a<b', {name: 'a<b'}],
    ['name=>=5', {name: '>=5'}],
  ]
  for (const [arg, filters] of rows) {
    it(arg, () => assert.deepEqual(parseFilters([arg], NOW).filters, {...filters, properties: {}}))
  }

  it('all hold, of one field too', () => {
    const args = ['created_at>=-30d', 'size>=1K', 'created_at<-7d', 'size<1M', 'size_min=2K', 'name=x']
    assert.deepEqual(parseFilters(args, NOW).filters, {
      name: 'x',
      createdAt: [
        {comparison: 'gte', time: '2026-01-30T12:00:00Z'},
        {comparison: 'lt', time: '2026-02-22T12:00:00Z'},
      ],
      sizeMin: 2048,
      sizeMax: 1_048_575,
      properties: {},
    })
  })

  it('are part of the name of a property after property-', () => {
    assert.deepEqual(parseFilters(['property-a<b=c']).filters, {properties: {'a<b': 'c'}})
  })

  for (const [arg, message] of [
    ['name<x', "cannot filter lists by 'name<'"],
    ['status!=active', "cannot filter lists by 'status!='"],
    ['min_ram>=512', "cannot filter lists by 'min_ram>='"],
    ['distro>lucid', "cannot filter lists by 'distro>'"],
    ['created_at!=2026-01-01', "cannot filter lists by 'created_at!='"],
    ['created_at<30d', "invalid created_at '30d': expected a time"],
    ['created_at<-30y', "invalid created_at '-30y': expected a time"],
    ['created_at<-99999999w', "invalid created_at '-99999999w': expected a time"],
    ['created_at<', "invalid created_at '': expected a time"],
    ['size>=1GB', "invalid size '1GB': expected a size"],
    ['size>=1.5', "invalid size '1.5': expected a size"],
    ['size>=9999999T', "invalid size '9999999T': expected a size"],
    ['size<0', 'cannot filter lists by a size below 0'],
    ['size=neq:5', "invalid size 'neq:5': expected a range of sizes"],
  ] as const) {
    it(`refuse ${arg}`, () => assert.throws(() => parseFilters([arg], NOW), {kind: 'usage', message}))
  }

  it('refuse two limits of a time in the same direction', () => {
    assert.throws(() => parseFilters(['created_at<-1d', 'created_at=lt:-2d'], NOW), {
      kind: 'usage',
      message:
        "created_at is compared twice in the same direction: with '2026-02-28T12:00:00Z' and '2026-02-27T12:00:00Z'",
    })
  })
})

describe('filters of a record', () => {
  it('compare sizes and times', () => {
    const values = {
      created_at: ['gte:-30d', 'lt:-7d'],
      updated_at: 'gt:2026-01-01',
      size: 'gte:1GiB',
      size_max: '2G',
    }
    assert.deepEqual(toFilters(values, NOW), {
      createdAt: [
        {comparison: 'gte', time: '2026-01-30T12:00:00Z'},
        {comparison: 'lt', time: '2026-02-22T12:00:00Z'},
      ],
      updatedAt: [{comparison: 'gt', time: '2026-01-01'}],
      sizeMin: 1_073_741_824,
      sizeMax: 2_147_483_648,
    })
  })

  it('are parsed like those of the command line', () => {
    assert.deepEqual(toFilters({size_max: 5 * 1024 ** 3, is_public: 'none', protected: true, tag: 'a, b'}), {
      sizeMax: 5_368_709_120,
      isPublic: 'any',
      protected: true,
      tags: ['a', 'b'],
    })
  })

  for (const values of [{nonsense: 'x'}, {size: 'x'}, {size_min: -1}, {visibility: 'mine'}]) {
    it(`refuse ${JSON.stringify(values)}`, () => {
      assert.throws(() => toFilters(values as unknown as Record<string, string>), {kind: 'usage'})
    })
  }
})
