/** Which events changes of images and members cause. */
import assert from 'node:assert/strict'
import {
  decideEvents,
  decideMemberEvents,
  decideSendEvent,
} from '../../../src/server/notifications/decide-events.js'
import type {ImageChanges, ImageRecord, MemberRecord} from '../../../src/server/registry/registry.js'

const NEW = {
  id: 'i',
  name: 'n',
  status: 'queued',
  arriving: null,
  locations: [],
  location: null,
  properties: {},
  tags: [],
  owner: 'p',
} as unknown as ImageRecord

const HERE = {url: 'file:///here', metadata: {}}
const ARRIVING: Partial<ImageRecord> = {status: 'saving', arriving: HERE.url}
const FILLED: ImageChanges = {status: 'active', location: HERE.url, arriving: null, size: 3, holder: null}

describe('events of images', () => {
  const cases: readonly (readonly [string, Partial<ImageRecord>, ImageChanges, string])[] = [
    ['a changed name', {}, {name: 'm'}, 'image.update'],
    ['a name that stays', {}, {name: 'n', tags: []}, ''],
    ['no change', {}, {}, ''],
    ['what only the service knows', {}, {holder: 'h', onFailure: 'killed'}, ''],
    ['the begin of an upload', {}, {status: 'saving', arriving: HERE.url}, 'image.prepare'],
    ['the end of an upload', ARRIVING, FILLED, 'image.upload image.activate'],
    ['the begin of staging', {}, {status: 'uploading', arriving: HERE.url}, 'image.update'],
    [
      'the end of staging',
      {status: 'uploading', arriving: HERE.url},
      {...FILLED, status: 'uploading'},
      'image.update',
    ],
    [
      'the begin of an import',
      {status: 'uploading'},
      {status: 'importing', arriving: HERE.url},
      'image.prepare',
    ],
    [
      'a store that is not the last of an import',
      {status: 'importing', arriving: HERE.url},
      {locations: [HERE], properties: {}, arriving: null},
      'image.upload',
    ],
    [
      'a copy to a further store',
      {status: 'active', arriving: HERE.url},
      {locations: [HERE], arriving: null},
      'image.upload',
    ],
    [
      'an attempt that starts over',
      ARRIVING,
      {status: 'queued', location: null, arriving: null},
      'image.update',
    ],
    ['a location', {}, {locations: [HERE], status: 'active', size: 3}, 'image.update image.activate'],
    [
      'the end of a comparison',
      {status: 'importing'},
      {status: 'active', hashValue: 'a'},
      'image.update image.activate',
    ],
    ['a deactivation', {status: 'active'}, {status: 'deactivated'}, 'image.update'],
    ['a reactivation', {status: 'deactivated'}, {status: 'active'}, 'image.update'],
  ]
  for (const [name, before, changes, expected] of cases) {
    it(`${name}: ${expected || 'none'}`, () => {
      const events = decideEvents({...NEW, ...before}, changes)
      assert.equal(events.map(({type}) => type).join(' '), expected)
    })
  }

  it('tell why an upload failed, as errors', () => {
    const failed: ImageChanges = {status: 'killed', arriving: null, failure: 'the disk is full'}
    assert.deepEqual(decideEvents({...NEW, ...ARRIVING}, failed), [
      {
        type: 'image.upload',
        priority: 'ERROR',
        payload: 'cannot store the data of image i: the disk is full',
      },
    ])
  })

  it('name the stores of an import', () => {
    const properties = {os_glance_importing_to_stores: 'a,b', os_glance_failed_import: ''}
    assert.deepEqual(decideEvents({...NEW, properties}, {status: 'importing', arriving: HERE.url}), [
      {
        type: 'image.prepare',
        payload: {os_glance_importing_to_stores: ['a', 'b'], os_glance_failed_import: []},
      },
    ])
  })
})

describe('events of members', () => {
  const known = (memberId: string, canShare = false) => ({memberId, canShare}) as MemberRecord
  const decide = (isAll: boolean, before: MemberRecord[], ...wanted: [string, boolean | undefined][]) =>
    decideMemberEvents(
      before,
      wanted.map(([memberId, canShare]) => ({memberId, canShare})),
      isAll,
    )
      .map(({type, member}) => `${type} ${member}`)
      .join(', ')

  it('tell only what changes', () => {
    assert.equal(decide(false, [], ['m', undefined]), 'image.member.create m')
    assert.equal(decide(false, [known('m')], ['m', undefined]), '')
    assert.equal(decide(false, [known('m')], ['m', false]), '')
    assert.equal(decide(false, [known('m')], ['m', true]), 'image.member.update m')
  })

  it('tell who leaves when all members are replaced', () => {
    const before = [known('a'), known('b')]
    assert.equal(
      decide(true, before, ['b', true], ['c', false], ['c', true]),
      'image.member.delete a, image.member.update b, image.member.create c',
    )
  })
})

describe('the event of a download', () => {
  const download = {image: NEW, size: 5, project: 'q', user: 'u', destination: '192.0.2.1'}
  const payload = {
    image_id: 'i',
    owner_id: 'p',
    receiver_tenant_id: 'q',
    receiver_user_id: 'u',
    destination_ip: '192.0.2.1',
  }

  it('states the bytes and the receiver, as an error if some are missing', () => {
    assert.deepEqual(decideSendEvent({...download, bytes: 5}), {
      type: 'image.send',
      priority: 'INFO',
      payload: {...payload, bytes_sent: 5},
    })
    assert.equal(decideSendEvent({...download, bytes: 4}).priority, 'ERROR')
    assert.equal(decideSendEvent({...download, bytes: 4, size: undefined}).priority, 'INFO')
  })
})
