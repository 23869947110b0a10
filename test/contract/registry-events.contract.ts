/** The contract of every registry for events that wait until they are sent. */
import assert from 'node:assert/strict'
import type {EventRecord, NewEvent, Registry, TakenEvents} from '../../src/server/registry/registry.js'

const ID = '00000000-0000-4000-8000-000000000001'

const toEvent = (id: string, more: Partial<NewEvent> = {}): NewEvent => ({
  id,
  type: 'image.update',
  priority: 'INFO',
  publisher: 'host',
  payload: {},
  ...more,
})

const SECONDS = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/

/** @param current the registry of the test that runs, empty at its beginning */
export function registryEventsContract(current: () => Registry): void {
  const take = (sent: readonly string[] = [], limit = 10) => current().takeEvents({sent, limit})
  const takeAs = async (holder: string, sent: readonly string[] = [], limit = 10) =>
    toIds(await current().takeEvents({holder, sent, limit}))
  const payloads = async () => toEvents(await take()).map(({payload}) => payload)
  const join = (id: string) => current().recordHeartbeat({id, host: 'h', pid: 1})

  describe('events', () => {
    it('are recorded with the creation of an image, whose record is their payload', async () => {
      const properties = {k: 'v', none: null}
      const image = {
        id: ID,
        name: 'ä',
        diskFormat: 'raw',
        location: 'file:///secret',
        properties,
        tags: ['t'],
      }
      await current().create({...image, events: [toEvent('e', {type: 'image.create', payload: {extra: 1}})]})
      const [event, ...others] = toEvents(await take())
      assert.ok(event && typeof event.payload === 'object')
      const {payload, createdAt, ...facts} = event
      assert.deepEqual(
        [facts, others],
        [{id: 'e', type: 'image.create', priority: 'INFO', publisher: 'host'}, []],
      )
      assert.match(createdAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/)
      const {created_at, updated_at, ...rest} = payload
      assert.match(`${created_at}`, SECONDS)
      assert.equal(updated_at, created_at)
      assert.deepEqual(rest, {
        id: ID,
        name: 'ä',
        status: 'queued',
        min_disk: 0,
        min_ram: 0,
        protected: false,
        checksum: null,
        owner: null,
        disk_format: 'raw',
        container_format: null,
        size: null,
        virtual_size: null,
        is_public: false,
        visibility: 'shared',
        properties: {k: 'v', none: null},
        tags: ['t'],
        deleted: false,
        deleted_at: null,
        extra: 1,
      })
    })

    it('show an image as a change has left it, also when nothing else changes', async () => {
      await current().create({id: ID, name: 'before'})
      await current().change(ID, () => ({name: 'after', size: 5, events: [toEvent('a'), toEvent('b')]}))
      const changed = await current().find(ID)
      await current().change(ID, () => ({events: [toEvent('c', {priority: 'ERROR', payload: 'why'})]}))
      assert.deepEqual(await current().find(ID), changed)
      const names = (await payloads()).map(payload =>
        typeof payload === 'string' ? payload : payload['name'],
      )
      assert.deepEqual(names, ['after', 'after', 'why'])
    })

    it('are not recorded when a change is not made', async () => {
      const events = [toEvent('a')]
      await current().create({id: ID})
      await current().create({id: ID, events})
      await current().change('absent', () => ({events}))
      await current().delete('absent', () => ({events}))
      const refuse = () => {
        throw new Error('refused')
      }
      await assert.rejects(current().change(ID, refuse))
      await current().deleteMember('absent', 'm', () => ({events}))
      await current().setMemberStatus(ID, 'absent', 'accepted', [toEvent('a', {member: 'absent'})])
      assert.deepEqual(await take(), [])
    })

    it('show a deleted image with its properties and the time', async () => {
      for (const [id, status] of [
        ['a', undefined],
        ['b', 'pending_delete'],
      ] as const) {
        await current().create({id, status: 'active', location: 'file:///a', properties: {k: 'v'}})
        await current().delete(id, () => ({status, events: [toEvent(id)]}))
      }
      const shown = (await payloads()).map(payload => {
        assert.ok(typeof payload === 'object')
        const {status, deleted, deleted_at, properties} = payload
        assert.match(`${deleted_at}`, SECONDS)
        return {status, deleted, properties}
      })
      assert.deepEqual(shown, [
        {status: 'deleted', deleted: true, properties: {k: 'v'}},
        {status: 'pending_delete', deleted: true, properties: {k: 'v'}},
      ])
    })

    it('show members as changes have left them', async () => {
      await current().create({id: ID, visibility: 'private'})
      const decide = (id: string) => () => ({events: [toEvent(id, {member: 'm'})]})
      await current().addMember(ID, 'm', decide('a'))
      await current().setMemberStatus(ID, 'm', 'accepted', [toEvent('b', {member: 'm'})])
      await current().deleteMember(ID, 'm', decide('c'))
      const share = () =>
        ({visibility: 'shared', events: [toEvent('d'), toEvent('e', {member: 'n'})]}) as const
      await current().putMember(ID, 'n', true, share)
      const shown = (await payloads()).map(payload => {
        assert.ok(typeof payload === 'object')
        const {image_id, id, member_id, status, visibility, deleted, deleted_at} = payload
        const time = deleted_at === null ? null : SECONDS.test(`${deleted_at}`)
        return [image_id ?? id, member_id, visibility ?? status, deleted, time].join(' ')
      })
      assert.deepEqual(shown, [
        `${ID} m pending false `,
        `${ID} m accepted false `,
        `${ID} m accepted true true`,
        `${ID}  shared false `,
        `${ID} n pending false `,
      ])
    })

    it('go with the changes of images by tasks', async () => {
      await current().create({id: ID})
      const task = {id: 't', imageId: ID, type: 'x', owner: null, userId: null, requestId: '', input: ''}
      await current().createTask(task, () => ({name: 'n', events: [toEvent('a')]}))
      await current().updateTask({id: 't', holder: null}, {status: 'success'}, () => ({
        name: 'm',
        events: [toEvent('b')],
      }))
      assert.deepEqual(toIds(await take()), ['a', 'b'])
    })

    it('wait in their order until they were sent', async () => {
      await current().addEvents([toEvent('c'), toEvent('a'), toEvent('b', {payload: {bytes_sent: 3}})])
      assert.deepEqual(toIds(await take([], 2)), ['c', 'a'])
      assert.deepEqual(toIds(await take([], 2)), ['c', 'a'])
      const [last, ...others] = toEvents(await take(['c', 'a'], 2))
      assert.deepEqual([last?.payload, others], [{bytes_sent: 3}, []])
      assert.equal(await current().countEvents(), 1)
      assert.deepEqual(await take(['b', 'unknown']), [])
      assert.equal(await current().countEvents(), 0)
    })

    it('are dropped except for the newest', async () => {
      await current().addEvents(['a', 'b', 'c', 'd'].map(id => toEvent(id)))
      assert.equal(await current().dropEvents(4), 0)
      assert.equal(await current().dropEvents(2), 2)
      assert.deepEqual(toIds(await take()), ['c', 'd'])
    })

    it('are sent by one process at a time, until nothing waits', async () => {
      await Promise.all(['p', 'q'].map(join))
      await current().addEvents([toEvent('a'), toEvent('b')])
      assert.equal(await takeAs('unrecorded'), 'busy')
      assert.deepEqual(await takeAs('p', [], 1), ['a'])
      assert.equal(await takeAs('q'), 'busy')
      assert.deepEqual(await takeAs('p', ['a'], 1), ['b'])
      assert.deepEqual(await takeAs('p', ['b'], 1), [])
      await current().addEvents([toEvent('c')])
      assert.deepEqual(await takeAs('q'), ['c'])
      assert.equal(await takeAs('p'), 'busy')
      await current().forgetProcess('q')
      assert.deepEqual(await takeAs('p'), ['c'])
    })
  })
}

function toEvents(taken: TakenEvents): readonly EventRecord[] {
  assert.ok(taken !== 'busy')
  return taken
}

function toIds(taken: TakenEvents): readonly string[] | 'busy' {
  return taken === 'busy' ? taken : taken.map(({id}) => id)
}
