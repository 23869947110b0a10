/** Documents and patches of version 2, for names and values of any kind. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import {draftDocument, imageFrom, isReserved} from '../../../../src/lib/api/v2/documents.js'
import {buildPatch} from '../../../../src/lib/api/v2/patch.js'

const image = (extra: Record<string, unknown> = {}) =>
  imageFrom({id: '7', name: 'n', visibility: 'shared', tags: ['a'], min_ram: 0, ...extra}, 'http://h')

const property = fc.string({unit: 'binary'}).filter(name => name !== '' && !isReserved(name))
const properties = fc.dictionary(property, fc.string({unit: 'binary'}))

describe('a patch', () => {
  it('escapes special characters in its paths', () => {
    assert.deepEqual(buildPatch(image(), {properties: {'a/b~c': 'v', '~1': 'w'}}, {purge: false}), [
      {op: 'add', path: '/a~1b~0c', value: 'v'},
      {op: 'add', path: '/~01', value: 'w'},
    ])
  })

  it('removes only with --purge-props, and no properties of the service', () => {
    const before = image({x: '1', y: '2', os_glance_failed_import: '', stores: 'fast', self: '/v2/images/7'})
    assert.deepEqual(buildPatch(before, {properties: {x: '1'}}, {purge: false}), [])
    assert.deepEqual(buildPatch(before, {properties: {x: '1'}}, {purge: true}), [{op: 'remove', path: '/y'}])
  })

  it('clears with null', () => {
    assert.deepEqual(buildPatch(image(), {name: null, minRam: 0, tags: [], properties: {}}, {purge: false}), [
      {op: 'replace', path: '/name', value: null},
      {op: 'replace', path: '/tags', value: []},
    ])
  })

  it('accepts property names that are names of object members', () => {
    const given = JSON.parse('{"__proto__": "a", "constructor": "b"}') as Record<string, string>
    assert.deepEqual(buildPatch(image(), {properties: given}, {purge: false}), [
      {op: 'add', path: '/__proto__', value: 'a'},
      {op: 'add', path: '/constructor', value: 'b'},
    ])
    const stored = imageFrom(JSON.parse('{"id": "7", "__proto__": "a", "constructor": "b"}'), 'http://h')
    assert.deepEqual(Object.entries(stored.properties), [
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ])
    assert.deepEqual(buildPatch(stored, {properties: given}, {purge: true}), [])
  })

  it('is empty when nothing changes, whatever the properties are', () => {
    fc.assert(
      fc.property(properties, given => {
        const stored = imageFrom(
          JSON.parse(JSON.stringify({...draftDocument({properties: given}), id: '7'})),
          'http://h',
        )
        assert.deepEqual(buildPatch(stored, {properties: given}, {purge: true}), [])
      }),
    )
  })
})

describe('an image document', () => {
  it('has every field that the service stores, and none that it computes', () => {
    const draft = {
      id: 'A3E0E0E0-0000-4000-8000-000000000007',
      name: null,
      isPublic: true,
      tags: ['a'],
      osHidden: true,
      protected: true,
      diskFormat: 'raw',
      containerFormat: 'bare',
      minRam: 1,
      minDisk: 2,
      owner: 'o',
      size: 3,
      checksum: 'abc',
      location: 'http://l',
      copyFrom: 'http://c',
      store: 'fast',
      properties: {p: 'v'},
    }
    assert.deepEqual(draftDocument(draft), {
      id: 'a3e0e0e0-0000-4000-8000-000000000007',
      name: null,
      visibility: 'public',
      tags: ['a'],
      os_hidden: true,
      protected: true,
      disk_format: 'raw',
      container_format: 'bare',
      min_ram: 1,
      min_disk: 2,
      owner: 'o',
      p: 'v',
    })
  })

  it('is read whatever it contains', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), document => {
        const {id, properties} = imageFrom({...document, id: '7'}, 'http://h')
        assert.equal(id, '7')
        for (const value of Object.values(properties)) assert.ok(value === null || typeof value === 'string')
      }),
    )
  })

  it('of a server before 2.5 is private or public', () => {
    const {visibility, isPublic, tags, osHidden} = imageFrom({id: '7', visibility: 'private'}, 'http://h')
    assert.deepEqual([visibility, isPublic, tags, osHidden], ['private', false, undefined, undefined])
  })
})
