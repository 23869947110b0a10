/** Where RabbitMQ is, and where messages go, from the settings. */
import {type Failure, usageError} from '../../lib/model/errors.js'
import {type FindValue, readSettings} from '../settings/setting.js'
import {NOTIFICATIONS, RABBIT} from '../settings/tables/notifications.js'
import {toEnvelope, toMessage, toOsloMessage} from './messages.js'
import type {Broker, MessageRoute, RabbitParts} from './rabbit.js'

/** How messages are written: as the manual of 2011 has them, or as oslo.messaging does, with or without its envelope. */
export type MessageFormat = 'rabbit' | 'messaging' | 'messagingv2'

/**
 * What a connection needs.
 * @throws Failure `usage` for an invalid URL, without that URL, which may contain a password
 */
export function toRabbitParts(format: MessageFormat, find: FindValue): RabbitParts {
  const settings = readSettings(RABBIT, find)
  const url = settings.notification_transport_url ?? settings.transport_url
  const own: Broker = {
    hostname: settings.rabbit_host,
    port: settings.rabbit_port,
    username: settings.rabbit_userid,
    password: settings.rabbit_password ?? 'guest',
    vhost: settings.rabbit_virtual_host,
  }
  const {brokers, isSecure} = url === undefined ? {brokers: [own], isSecure: false} : parseUrl(url, own)
  return {
    brokers,
    isSecure: isSecure || settings.rabbit_use_ssl,
    caFile: settings.rabbit_ca_file,
    encode: createEncoder(format, find),
  }
}

/** The queue of a notification is its topic and priority: `INFO` in 2011, `info` today. */
function createEncoder(format: MessageFormat, find: FindValue): RabbitParts['encode'] {
  const settings = readSettings(NOTIFICATIONS, find)
  if (format === 'rabbit') {
    const topic = settings.rabbit_notification_topic
    return event => {
      const queue = `${topic}.${event.priority}`
      return [[{exchange: queue, exchangeType: 'direct', queue, isDurable: true}, toMessage(event)]]
    }
  }
  const encode = format === 'messaging' ? toOsloMessage : toEnvelope
  const exchange = settings.control_exchange
  const isDurable = settings.amqp_durable_queues
  return event => {
    const message = encode(event)
    return settings.notification_topics.map(topic => {
      const queue = `${topic}.${event.priority.toLowerCase()}`
      const route: MessageRoute = {exchange, exchangeType: 'topic', queue, isDurable}
      return [route, message] as const
    })
  }
}

interface ParsedUrl {
  readonly brokers: readonly Broker[]
  readonly isSecure: boolean
}

/** `rabbit://USER:PASSWORD@HOST:PORT,USER:PASSWORD@HOST:PORT/VIRTUAL_HOST`, as oslo.messaging has it; also as `amqp://`. */
function parseUrl(url: string, defaults: Broker): ParsedUrl {
  const [, scheme = '', hosts = '', path = '', query = ''] =
    /^(rabbit|kombu|kombu\+rabbit|amqps?):\/\/([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/s.exec(url) ?? []
  if (scheme === '') throw invalidUrl()
  const vhost = path === '' ? '/' : decode(path)
  const brokers = hosts.split(',').map(host => ({...parseHost(host, defaults), vhost}))
  return {brokers, isSecure: scheme === 'amqps' || /(?:^|&)ssl=(?:1|true)/i.test(query)}
}

function parseHost(text: string, defaults: Broker): Omit<Broker, 'vhost'> {
  const at = text.lastIndexOf('@')
  const [username, ...rest] = at < 0 ? [] : text.slice(0, at).split(':')
  const [, hostname, port] = /^(\[[\da-f:.]+\]|[^:]*)(?::(\d{1,5}))?$/i.exec(text.slice(at + 1)) ?? []
  if (hostname === undefined || Number(port ?? 1) > 65_535) throw invalidUrl()
  return {
    hostname: hostname.replace(/^\[|\]$/g, '') || defaults.hostname,
    port: port === undefined ? defaults.port : Number(port),
    username: username === undefined ? defaults.username : decode(username),
    password: rest.length === 0 ? defaults.password : decode(rest.join(':')),
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw invalidUrl()
  }
}

function invalidUrl(): Failure {
  return usageError(
    'invalid transport_url: expected rabbit://USER:PASSWORD@HOST:PORT/VIRTUAL_HOST, also with several hosts',
  )
}
