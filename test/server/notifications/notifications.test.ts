/** Notifications of a service: which events requests cause in both versions of the API, and what their payloads tell. */
import assert from 'node:assert/strict'
import {readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {openRegistry} from '../../../src/server/registry/sqlite/open.js'
import {GivenSettings} from '../../../src/server/settings/sources.js'
import {ServiceClient} from '../../support/shared-services.js'
import {useTempDir} from '../../support/temp-dir.js'
import {startService} from '../../support/test-service.js'

const ID = '00000000-0000-4000-8000-000000000001'
const OCTETS = 'application/octet-stream'
const PATCH = 'application/openstack-images-v2.1-json-patch'
const V1 = {'x-image-meta-id': ID, 'x-image-meta-name': 'n'}
const FORMATS = {'x-image-meta-disk_format': 'raw', 'x-image-meta-container_format': 'bare'}

interface Logged {
  readonly event_type: string
  readonly priority: string
  readonly publisher_id: string
  readonly payload: Readonly<Record<string, unknown>>
}

/** A service that runs until its notifications are read. */
interface Running {
  readonly client: ServiceClient
  /** Stops the service. @returns the notifications in its log, in their order */
  readonly stop: () => Promise<readonly Logged[]>
}

describe('notifications', () => {
  const folder = useTempDir()

  async function start(...assignments: readonly string[]): Promise<Running> {
    const given = new GivenSettings({assignments, env: {}})
    const service = await startService({dataDir: folder(), given})
    const stop = async () => {
      await service.close()
      const lines = service.log.filter(line => line.startsWith('notification '))
      return lines.map(line => JSON.parse(line.slice('notification '.length)))
    }
    return {client: new ServiceClient(service.url), stop}
  }

  const startLogging = (...more: readonly string[]) => start('notifier_strategy=logging', ...more)
  const toTypes = (events: readonly Logged[]) => events.map(({event_type: type}) => type)

  async function upload({client}: Running, data = 'data'): Promise<void> {
    await client.create(ID)
    assert.equal((await client.send('PUT', `/v2/images/${ID}/file`, data, OCTETS)).status, 204)
  }

  it('tell of an image of API v2 from its creation to its deletion', async () => {
    const running = await startLogging('default_publisher_id=image.here')
    const {client, stop} = running
    await upload(running)
    const image = `/v2/images/${ID}`
    const patch = JSON.stringify([{op: 'add', path: '/k', value: 'v'}])
    assert.equal((await client.send('PATCH', image, patch, PATCH)).status, 200)
    assert.equal((await client.send('PATCH', image, patch, PATCH)).status, 200)
    assert.equal((await client.send('PUT', `${image}/tags/t`)).status, 204)
    assert.equal((await client.send('GET', image)).status, 200)
    assert.equal(await (await client.send('GET', `${image}/file`)).text(), 'data')
    assert.equal((await client.send('POST', `${image}/members`, '{"member": "q"}')).status, 200)
    assert.equal((await client.send('PUT', `${image}/members/q`, '{"status": "accepted"}')).status, 200)
    assert.equal((await client.send('DELETE', `${image}/members/q`)).status, 204)
    assert.equal((await client.send('POST', `${image}/actions/deactivate`)).status, 204)
    assert.equal((await client.send('DELETE', image)).status, 204)
    const events = await stop()
    assert.deepEqual(toTypes(events), [
      'image.create',
      'image.prepare',
      'image.upload',
      'image.activate',
      'image.update',
      'image.update',
      'image.send',
      'image.member.create',
      'image.member.update',
      'image.member.delete',
      'image.update',
      'image.delete',
    ])
    assert.deepEqual(new Set(events.map(event => event.publisher_id)), new Set(['image.here']))
    assert.deepEqual(
      [1, 2, 3, 4, 10, 11].map(n => events[n]?.payload['status']),
      ['saving', 'active', 'active', 'active', 'deactivated', 'deleted'],
    )
    assert.equal(events[2]?.payload['size'], 4)
    assert.deepEqual(events[11]?.payload['properties'], {k: 'v'})
    const {bytes_sent, destination_ip, image_id} = events[6]?.payload ?? {}
    assert.deepEqual([bytes_sent, destination_ip, image_id], [4, '127.0.0.1', ID])
    assert.doesNotMatch(JSON.stringify(events), /file:\/\//)
  })

  it('tell of a large download, and take nothing of it', async () => {
    const running = await startLogging()
    const data = Array.from({length: 400_000}, (_, n) => String(n).padStart(8, '0')).join('')
    await upload(running, data)
    for (const version of ['v1/images/', 'v2/images/']) {
      const path = `/${version}${ID}${version.startsWith('v1') ? '' : '/file'}`
      assert.ok((await (await running.client.send('GET', path)).text()) === data)
    }
    const sent = (await running.stop()).filter(({event_type: type}) => type === 'image.send')
    assert.deepEqual(
      sent.map(({payload}) => payload['bytes_sent']),
      [3_200_000, 3_200_000],
    )
  })

  it('name the client of a trusted proxy', async () => {
    const running = await startLogging('enable_proxy_headers_parsing=true')
    await upload(running)
    const url = `${running.client.url}/v2/images/${ID}/file`
    const response = await fetch(url, {headers: {'x-forwarded-for': '192.0.2.7'}})
    assert.equal(await response.text(), 'data')
    const sent = (await running.stop()).find(({event_type: type}) => type === 'image.send')
    assert.equal(sent?.payload['destination_ip'], '192.0.2.7')
  })

  it('look as their document shows them', async () => {
    const document = await readFile(new URL('../../../../docs/notifications.md', import.meta.url), 'utf8')
    const [, example = ''] = /^```json\n([^`]*)```$/m.exec(document) ?? []
    const running = await startLogging()
    await upload(running)
    const [, , , event] = await running.stop()
    const [shown, sent] = [JSON.parse(example), {...event, payload: event?.payload ?? {}}]
    assert.deepEqual(Object.keys(sent).sort(), Object.keys(shown).sort())
    assert.deepEqual(Object.keys(sent.payload).sort(), Object.keys(shown.payload).sort())
    assert.equal(sent.event_type, shown.event_type)
  })

  it('tell of an image of API v1, its members included', async () => {
    const {client, stop} = await startLogging()
    const image = `${client.url}/v1/images`
    const send = (method: string, path: string, init: RequestInit) => fetch(image + path, {method, ...init})
    assert.equal(
      (await send('POST', '', {headers: {...V1, ...FORMATS, 'content-type': OCTETS}, body: 'data'})).status,
      201,
    )
    const headers = {'x-image-meta-name': 'm', 'content-type': OCTETS}
    assert.equal((await send('PUT', `/${ID}`, {headers})).status, 200)
    assert.equal(await (await fetch(`${image}/${ID}`)).text(), 'data')
    assert.equal((await send('PUT', `/${ID}/members/q`, {})).status, 204)
    const memberships = JSON.stringify({memberships: [{member_id: 'r', can_share: true}]})
    assert.equal((await send('PUT', `/${ID}/members`, {body: memberships})).status, 204)
    assert.equal((await send('DELETE', `/${ID}`, {})).status, 200)
    const events = await stop()
    assert.deepEqual(
      events.map(({event_type: type, payload}) => [type, payload['member_id'] ?? ''].join(' ').trim()),
      [
        'image.create',
        'image.prepare',
        'image.upload',
        'image.activate',
        'image.update',
        'image.send',
        'image.member.create q',
        'image.member.delete q',
        'image.member.create r',
        'image.delete',
      ],
    )
  })

  it('tell of an import and of what fails', async () => {
    const {client, stop} = await startLogging()
    await client.create(ID)
    assert.equal((await client.send('PUT', `/v2/images/${ID}/stage`, 'data', OCTETS)).status, 204)
    const method = JSON.stringify({method: {name: 'glance-direct'}})
    assert.equal((await client.send('POST', `/v2/images/${ID}/import`, method)).status, 202)
    await client.waitForStatus(ID, 'active')
    const other = ID.replace(/1$/, '2')
    await client.create(other)
    const cut = await client.beginUpload(other)
    cut.socket.destroy()
    await client.waitForStatus(other, 'queued')
    const events = await stop()
    const imported = events.filter(({payload}) => payload['id'] === ID)
    assert.deepEqual(
      toTypes(imported).filter(type => type !== 'image.update'),
      ['image.create', 'image.prepare', 'image.upload', 'image.activate'],
    )
    const failure = events.find(({priority}) => priority === 'ERROR')
    assert.equal(failure?.event_type, 'image.upload')
    assert.match(String(failure?.payload), new RegExp(`^cannot store the data of image ${other}: .+`))
  })

  it('are logged in ASCII, whatever the names of images are', async () => {
    const given = new GivenSettings({assignments: ['notifier_strategy=logging'], env: {}})
    const service = await startService({dataDir: folder(), given})
    const body = JSON.stringify({id: ID, name: 'ü\u009b31m\u2028'})
    assert.equal((await new ServiceClient(service.url).send('POST', '/v2/images', body)).status, 201)
    await service.close()
    const line = service.log.find(one => one.startsWith('notification '))
    assert.match(line ?? '', /^[\x20-\x7e]*"name":"\\u00fc\\u009b31m\\u2028"[\x20-\x7e]*$/)
  })

  it('leave out what is disabled, one event or a group', async () => {
    const running = await startLogging('disabled_notifications=image.prepare, image.send,image.member')
    await upload(running)
    await (await running.client.send('GET', `/v2/images/${ID}/file`)).text()
    assert.equal(
      (await running.client.send('POST', `/v2/images/${ID}/members`, '{"member": "q"}')).status,
      200,
    )
    assert.deepEqual(toTypes(await running.stop()), ['image.create', 'image.upload', 'image.activate'])
  })

  it('write nothing unless they are asked for', async () => {
    const running = await start()
    await upload(running)
    assert.deepEqual(await running.stop(), [])
    const registry = await openRegistry(join(folder(), 'registry.sqlite'))
    assert.equal(await registry.countEvents(), 0)
    await registry.close()
  })

  it('wait while RabbitMQ is away, without an effect on requests, and are sent after the next start', async () => {
    const away = await start('notification_driver=messagingv2', 'rabbit_host=127.0.0.1', 'rabbit_port=1')
    await upload(away)
    assert.deepEqual(await away.stop(), [])
    const events = await (await startLogging()).stop()
    assert.deepEqual(toTypes(events), ['image.create', 'image.prepare', 'image.upload', 'image.activate'])
  })

  it('refuse authorities that cannot be read', async () => {
    await assert.rejects(start('notifier_strategy=rabbit', 'rabbit_ca_file=/none'), {
      message: 'cannot read rabbit_ca_file /none',
    })
  })

  it('refuse two formats', async () => {
    await assert.rejects(startLogging('notification_driver=messagingv2'), {
      kind: 'usage',
      message: 'notifier_strategy logging and driver messagingv2 exclude each other',
    })
  })
})
