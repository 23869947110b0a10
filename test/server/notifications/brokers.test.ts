/** Where RabbitMQ is and how messages are written, by the settings of the manual and of later releases. */
import assert from 'node:assert/strict'
import {type MessageFormat, toRabbitParts} from '../../../src/server/notifications/brokers.js'
import type {EventRecord} from '../../../src/server/registry/registry.js'

const find = (values: Readonly<Record<string, string>>) => (name: string) =>
  values[name] === undefined ? undefined : {text: values[name], from: 'a file'}

const read = (values: Readonly<Record<string, string>>, format: MessageFormat = 'rabbit') =>
  toRabbitParts(format, find(values))

const EVENT: EventRecord = {
  id: '0d6a1b1e-5f0f-4d5c-9a53-4f2f5a4b8d11',
  type: 'image.upload',
  priority: 'ERROR',
  publisher: 'host',
  payload: 'text',
  createdAt: '2026-11-29T21:04:39.000123',
}
const MESSAGE = {
  message_id: '0d6a1b1e-5f0f-4d5c-9a53-4f2f5a4b8d11',
  publisher_id: 'host',
  event_type: 'image.upload',
  priority: 'ERROR',
  payload: 'text',
  timestamp: '2026-11-29 21:04:39.000123',
}
const UNIQUE = {_unique_id: '0d6a1b1e5f0f4d5c9a534f2f5a4b8d11'}

describe('the place of RabbitMQ', () => {
  it('is this machine without settings', () => {
    const {brokers, isSecure} = read({})
    const guest = {username: 'guest', password: 'guest', vhost: '/'}
    assert.deepEqual([brokers, isSecure], [[{hostname: 'localhost', port: 5672, ...guest}], false])
  })

  it('is what the settings of the manual say', () => {
    const {brokers, isSecure} = read({
      rabbit_host: 'mq',
      rabbit_port: '5671',
      rabbit_use_ssl: 'True',
      rabbit_userid: 'u',
      rabbit_password: 'p',
      rabbit_virtual_host: 'v',
    })
    const broker = {hostname: 'mq', port: 5671, username: 'u', password: 'p', vhost: 'v'}
    assert.deepEqual([brokers, isSecure], [[broker], true])
  })

  it('is what a URL says, also of several hosts', () => {
    const {brokers} = read({transport_url: 'rabbit://u:p%40%3A@a:1,v:q@[::1]:2,b/x%2Fy', rabbit_port: '7'})
    assert.deepEqual(
      brokers.map(({hostname, port, username, password, vhost}) => [
        hostname,
        port,
        username,
        password,
        vhost,
      ]),
      [
        ['a', 1, 'u', 'p@:', 'x/y'],
        ['::1', 2, 'v', 'q', 'x/y'],
        ['b', 7, 'guest', 'guest', 'x/y'],
      ],
    )
    assert.equal(read({transport_url: 'amqps://a'}).isSecure, true)
    assert.equal(read({transport_url: 'rabbit://a/?ssl=1'}).isSecure, true)
    assert.equal(
      read({transport_url: 'rabbit://a', notification_transport_url: 'rabbit://b'}).brokers[0]?.hostname,
      'b',
    )
  })

  for (const url of [
    'http://u:secret@a',
    'rabbit:secret',
    'rabbit://u:secret@a:99999',
    'rabbit://u:%zzsecret@a',
  ]) {
    it(`is refused without its URL: ${url.replace('secret', '')}`, () => {
      assert.throws(
        () => read({transport_url: url}),
        (error: Error) =>
          /^invalid transport_url/.test(error.message) && !JSON.stringify(error).includes('secret'),
      )
    })
  }
})

describe('messages', () => {
  it('of 2011 go to a durable queue of the priority, without an envelope', () => {
    const queue = 'glance_notifications.ERROR'
    const route = {exchange: queue, exchangeType: 'direct', queue, isDurable: true}
    assert.deepEqual(read({}).encode(EVENT), [[route, MESSAGE]])
    const [[other] = []] = read({rabbit_notification_topic: 't'}).encode({...EVENT, priority: 'INFO'})
    assert.equal(other?.queue, 't.INFO')
  })

  it('of today go to an exchange for all topics, in an envelope', () => {
    const messages = read({notification_topics: 'a, b'}, 'messagingv2').encode(EVENT)
    const route = {exchange: 'glance', exchangeType: 'topic', isDurable: false}
    assert.deepEqual(
      messages.map(([to]) => to),
      [
        {...route, queue: 'a.error'},
        {...route, queue: 'b.error'},
      ],
    )
    const {'oslo.message': inner, ...rest} = messages[0]?.[1] ?? {}
    assert.deepEqual(rest, {'oslo.version': '2.0'})
    assert.deepEqual(JSON.parse(String(inner)), {...MESSAGE, ...UNIQUE})
  })

  it('of today may do without the envelope, and with durable queues', () => {
    const [[route, message] = []] = read({amqp_durable_queues: '1'}, 'messaging').encode(EVENT)
    assert.deepEqual(
      [route?.isDurable, route?.queue, message],
      [true, 'notifications.error', {...MESSAGE, ...UNIQUE}],
    )
  })
})
