/** The codec of API v1 beyond the recorded exchanges: headers, queries, times, views. */
import assert from 'node:assert/strict'
import {parseIsoTime} from '../../../src/server/api/iso-time.js'
import {toEdit} from '../../../src/server/api/v1/input.js'
import {parseListQuery} from '../../../src/server/api/v1/list-query.js'
import {parseImageHeaders, shouldKeepProperties} from '../../../src/server/api/v1/meta-headers.js'
import {imageHeaders} from '../../../src/server/api/v1/views.js'
import {HttpError} from '../../../src/server/http/http-error.js'
import type {Caller} from '../../../src/server/images/policy.js'
import type {ImageRecord} from '../../../src/server/registry/registry.js'

describe('reading image headers of API v1', () => {
  it('reads every field and property', () => {
    const raw = [
      ...['X-Image-Meta-Name', 'caf\xc3\xa9', 'x-image-meta-is-public', 'Yes', 'x-image-meta-min_ram', '512'],
      ...[
        'x-image-meta-size',
        '5368709120',
        'x-image-meta-owner',
        '',
        'x-glance-api-copy-from',
        'http://h/x',
      ],
      ...[
        'x-image-meta-property-A-b',
        'one',
        'X-Image-Meta-Property-a_B',
        'two',
        'x-image-meta-property-c',
        '',
      ],
      ...['Host', 'h', 'x-image-meta-created_at', '2010-01-02T03:04:05'],
    ]
    assert.deepEqual(parseImageHeaders(raw), {
      name: 'café',
      isPublic: true,
      minRam: 512,
      size: 5368709120,
      owner: null,
      copyFrom: 'http://h/x',
      properties: {a_b: 'one,two', c: null},
    })
  })

  it('keeps a property named like an object member', () => {
    const {properties} = parseImageHeaders(['x-image-meta-property-__proto__', 'v'])
    assert.deepEqual(Object.entries(properties), [['__proto__', 'v']])
  })

  it('reads an underscore as a dash in the prefix too', () => {
    assert.deepEqual(parseImageHeaders(['x_image_meta_name', 'n']), {name: 'n', properties: {}})
  })

  for (const value of ['1e3', '0x10', '1.0', '١', '1 2']) {
    it(`does not read ${value} as a number`, () => {
      assert.throws(() => parseImageHeaders(['x-image-meta-min_disk', value]), HttpError)
    })
  }

  it('purges by default', () => {
    assert.equal(shouldKeepProperties({}), false)
    assert.equal(shouldKeepProperties({'x-glance-registry-purge-props': 'True'}), false)
    assert.equal(shouldKeepProperties({'x-glance-registry-purge-props': 'false'}), true)
  })
})

describe('an edit by API v1', () => {
  for (const status of ['active', 'deactivated'] as const) {
    it(`of the size or the checksum of an image that is ${status} is refused`, () => {
      const caller: Caller = {user: null, project: 'p', roles: [], isAdmin: false}
      const image = {status, size: 1, checksum: 'c', properties: {}} as Partial<ImageRecord> as ImageRecord
      const edit = (input: object) =>
        toEdit(caller, {properties: {}, ...input}, {hasData: false, keepProperties: true})(image, new Map())
      for (const input of [{size: 2}, {checksum: 'd'}]) assert.throws(() => edit(input), {status: 403})
      assert.deepEqual(edit({size: 1, checksum: 'c'}), {size: 1, checksum: 'c', properties: {}})
    })
  }
})

describe('list query of API v1', () => {
  it('selects 25 public images, newest first, by default', () => {
    assert.deepEqual(parseListQuery(''), {isPublic: true, sortKey: 'created_at', sortDir: 'desc', limit: 25})
  })

  it('reads every filter', () => {
    const query =
      'name=a+b%20c&status=active&container_format=bare&disk_format=raw&min_ram=1&min_disk=2&size_min=3&size_max=4' +
      '&is_public=None&protected=1&changes-since=2012-01-01&property-distro=x&property-a-b=y' +
      '&sort_key=name&sort_dir=asc&limit=5000&marker=00000001-0000-4000-8000-000000000000&nonsense=1'
    assert.deepEqual(parseListQuery(query), {
      name: 'a b c',
      status: 'active',
      containerFormat: 'bare',
      diskFormat: 'raw',
      minRam: 1,
      minDisk: 2,
      sizeMin: 3,
      sizeMax: 4,
      protected: true,
      changesSince: '2012-01-01T00:00:00.000000',
      properties: {distro: 'x', 'a-b': 'y'},
      sortKey: 'name',
      sortDir: 'asc',
      limit: 1000,
      marker: '00000001-0000-4000-8000-000000000000',
    })
  })

  it('reads raw UTF-8 like escaped UTF-8', () => {
    assert.equal(parseListQuery('name=caf\xc3\xa9').name, 'café')
    assert.equal(parseListQuery('name=caf%C3%A9').name, 'café')
  })
})

describe('times of API v1', () => {
  const cases: readonly (readonly [string, string | undefined])[] = [
    ['2012-01-01', '2012-01-01T00:00:00.000000'],
    ['20120101', '2012-01-01T00:00:00.000000'],
    ['2012-01-01T10:20', '2012-01-01T10:20:00.000000'],
    ['2012-01-01 10:20:30Z', '2012-01-01T10:20:30.000000'],
    ['2012-01-01T10:20:30.1234567Z', '2012-01-01T10:20:30.123456'],
    ['2012-01-01T00:00:00+01:00', '2011-12-31T23:00:00.000000'],
    ['2012-01-01T00:00:00-0130', '2012-01-01T01:30:00.000000'],
    ['2012-01-01T00:00:00+02', '2011-12-31T22:00:00.000000'],
    ['2012-13-01', undefined],
    ['2012-01-01T25:00', undefined],
    ['yesterday', undefined],
    ['', undefined],
  ]
  for (const [text, time] of cases) it(`${text} is ${time}`, () => assert.equal(parseIsoTime(text), time))
})

describe('writing image headers of API v1', () => {
  const image: ImageRecord = {
    id: '1',
    name: 'caf\u00e9',
    status: 'active',
    isPublic: true,
    visibility: 'public',
    hidden: false,
    protected: false,
    diskFormat: null,
    containerFormat: 'bare',
    size: 0,
    virtualSize: null,
    arriving: null,
    holder: null,
    checksum: null,
    hashAlgo: null,
    hashValue: null,
    owner: null,
    minDisk: 0,
    minRam: 0,
    location: 'file:///secret',
    locations: [{url: 'file:///secret', metadata: {}}],
    onFailure: 'killed',
    attempts: 0,
    createdAt: '2026-11-21T07:16:33.383956',
    updatedAt: '2026-11-21T07:16:33.383956',
    deletedAt: null,
    deleted: false,
    properties: {'a b/é': 'two\nlines', none: null},
    tags: [],
  }

  it('encodes every text in headers, and omits null and the location', () => {
    assert.deepEqual(imageHeaders(image), {
      'x-image-meta-id': '1',
      'x-image-meta-name': 'caf\xc3\xa9',
      'x-image-meta-status': 'active',
      'x-image-meta-size': '0',
      'x-image-meta-container_format': 'bare',
      'x-image-meta-is_public': 'True',
      'x-image-meta-protected': 'False',
      'x-image-meta-min_disk': '0',
      'x-image-meta-min_ram': '0',
      'x-image-meta-created_at': '2026-11-21T07:16:33.383956',
      'x-image-meta-updated_at': '2026-11-21T07:16:33.383956',
      'x-image-meta-deleted': 'False',
      'x-image-meta-property-a%20b%2f%c3%a9': 'two lines',
    })
  })
})
