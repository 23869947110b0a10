/** Lists of version 2: the query of each filter, and the filters applied to the response. */
import assert from 'node:assert/strict'
import {FeatureLevel} from '../../../../src/lib/api/feature-level.js'
import {type ListRequest, listRequest} from '../../../../src/lib/api/v2/list-request.js'
import {toFilters} from '../../../../src/lib/model/filters.js'
import type {Image} from '../../../../src/lib/model/image.js'

const image: Image = {
  id: '7',
  uri: 'http://h/v2/images/7',
  name: 'n',
  status: 'active',
  isPublic: false,
  owner: null,
  diskFormat: null,
  containerFormat: null,
  size: 1,
  checksum: null,
  minRam: null,
  minDisk: null,
  createdAt: null,
  updatedAt: null,
  properties: {limit: '5', size_min: 'x'},
}

const keeps = ({predicates}: ListRequest, of: Partial<Image> = {}) =>
  predicates.every(keep => keep({...image, ...of}))

const toQuery = (fields: Record<string, string>, properties: Record<string, string> = {}) => {
  const {query, predicates} = listRequest({...toFilters(fields), properties, limit: 3})
  assert.deepEqual(predicates, [])
  return decodeURIComponent(query.toString())
}

describe('a list of version 2', () => {
  const cases: [Record<string, string>, string][] = [
    [{name: 'x'}, 'name=x'],
    [{name: 'ubuntu:22.04'}, 'name=eq:ubuntu:22.04'],
    [{name: 'in:a,b'}, 'name=eq:in:a,b'],
    [{status: 'in:queued,saving'}, 'status=in:queued,saving'],
    [{id: 'a:b'}, 'id=eq:a:b'],
    [{disk_format: 'raw', container_format: 'in:bare,ovf'}, 'disk_format=raw&container_format=in:bare,ovf'],
    [{min_ram: '512', min_disk: '1'}, 'min_ram=512&min_disk=1'],
    [{size_min: '1', size_max: '2'}, 'size_min=1&size_max=2'],
    [{status: 'active', size_min: '0', size_max: '2'}, 'status=active&size_max=2'],
    [{size_min: '0'}, ''],
    [{protected: 'true'}, 'protected=true'],
    [{is_public: 'true'}, 'visibility=public'],
    [{is_public: 'none'}, 'visibility=all'],
    [{is_public: 'false', visibility: 'community'}, 'visibility=community'],
    [{'changes-since': '2026-01-01T00:00:00+01:00'}, 'updated_at=gte:2026-01-01T00:00:00+01:00'],
    [
      {created_at: 'lt:2026-01-01', updated_at: 'eq:2026-01-02'},
      'created_at=lt:2026-01-01&updated_at=eq:2026-01-02',
    ],
    [{owner: 'p', checksum: 'c', os_hash_value: 'h'}, 'owner=p&checksum=c&os_hash_value=h'],
    [{tag: 'a, b'}, 'tag=a&tag=b'],
    [{os_hidden: 'true', member_status: 'all'}, 'os_hidden=true&member_status=all'],
    [{id: 'in:1,2'}, 'id=in:1,2'],
  ]
  for (const filter of [{status: 'activ'}, {disk_format: 'foo'}, {container_format: 'in:bare,foo'}]) {
    it(`${JSON.stringify(filter)} is refused`, () => {
      assert.throws(() => toQuery(filter), {kind: 'usage', message: /expected one of/})
    })
  }

  for (const [fields, query] of cases) {
    it(`${JSON.stringify(fields)} is ${query}`, () =>
      assert.equal(toQuery(fields), query ? `${query}&limit=3` : 'limit=3'))
  }

  it('asks for properties by their bare names', () => {
    assert.equal(toQuery({}, {os_distro: 'debian', Case: 'a:b'}), 'os_distro=debian&Case=a:b&limit=3')
  })

  it('filters by itself what the server cannot filter by', () => {
    const asked = listRequest({isPublic: false, properties: {limit: '5', size_min: 'x'}})
    assert.equal(asked.query.toString(), 'limit=500')
    assert.equal(keeps(asked), true)
    assert.equal(keeps(asked, {isPublic: true}), false)
    assert.equal(keeps(asked, {properties: {limit: '6', size_min: 'x'}}), false)
    assert.equal(keeps(asked, {properties: {}}), false)
  })

  it('counts images without a size as small', () => {
    const asked = listRequest({status: 'saving', sizeMax: 5})
    assert.equal(asked.query.toString(), 'status=saving&limit=500')
    for (const [size, isKept] of [
      [null, true],
      [5, true],
      [6, false],
    ] as const) {
      assert.equal(keeps(asked, {size}), isKept)
    }
  })

  it('includes page and order in the query', () => {
    const {query} = listRequest({marker: 'm', sort: [{key: 'size', direction: 'asc'}]})
    assert.equal(query.toString(), 'limit=500&marker=m&sort_key=size&sort_dir=asc')
  })

  for (const fields of [{nonsense: 'x'}, {'property-os_distro': 'x'}, {deleted: 'true'}, {location: 'x'}]) {
    it(`refuses ${JSON.stringify(fields)}, which would find nothing`, () => {
      assert.throws(() => toQuery(fields as Record<string, string>), {kind: 'usage'})
    })
  }

  it('refuses properties that cannot exist', () => {
    assert.throws(() => toQuery({}, {name: 'x'}), {kind: 'usage', advice: 'Filter by the field: name=VALUE'})
    assert.throws(() => toQuery({}, {stores: 'x'}), {kind: 'usage'})
  })

  it('sends the first limit of each time, and applies the others to the reply', () => {
    const asked = listRequest(
      toFilters({
        created_at: ['gte:2026-01-31', 'lt:2026-02-01'],
        'changes-since': '2026-01-01T00:00:00Z',
        updated_at: 'lte:2026-02-01T01:00:00+01:00',
      }),
    )
    assert.equal(
      decodeURIComponent(asked.query.toString()),
      'created_at=gte:2026-01-31&updated_at=gte:2026-01-01T00:00:00Z&limit=500',
    )
    for (const [createdAt, updatedAt, isKept] of [
      ['2026-01-31T23:59:59Z', '2026-02-01T00:00:00Z', true],
      ['2026-02-01T00:00:00Z', '2026-02-01T00:00:00Z', false],
      ['2026-01-31T23:59:59Z', '2026-02-01T00:00:01Z', false],
      [null, '2026-02-01T00:00:00Z', false],
    ] as const)
      assert.equal(keeps(asked, {createdAt, updatedAt}), isKept, `${createdAt} ${updatedAt}`)
  })

  it('sends no limit of a time to a service of before 2.4', () => {
    const asked = listRequest(toFilters({created_at: 'gt:2026-01-31'}), new FeatureLevel(3))
    assert.equal(asked.query.toString(), 'limit=500')
    assert.equal(keeps(asked, {createdAt: '2026-01-31T00:00:00Z'}), false)
    assert.equal(keeps(asked, {createdAt: '2026-01-31T00:00:01Z'}), true)
  })

  it('sends several sort keys by pairs, and refuses them before 2.3', () => {
    const sort = [
      {key: 'name', direction: 'asc'},
      {key: 'size', direction: 'desc'},
    ] as const
    assert.equal(
      listRequest({sort, limit: 3}).query.toString(),
      'limit=3&sort_key=name&sort_dir=asc&sort_key=size&sort_dir=desc',
    )
    assert.throws(() => listRequest({sort}, new FeatureLevel(2)), {
      kind: 'usage',
      message: 'this service does not have lists that are sorted by several keys',
    })
  })
})
