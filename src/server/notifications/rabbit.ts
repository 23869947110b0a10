/** The connection to RabbitMQ: declares exchanges and queues, and waits for the confirmation of each message. */
import {readFile} from 'node:fs/promises'
import {type ChannelModel, type ConfirmChannel, connect} from 'amqplib'
import type {EventRecord} from '../registry/registry.js'
import type {Message} from './messages.js'
import type {Channel} from './publisher.js'

/** A RabbitMQ, or one of several in a cluster. */
export interface Broker {
  readonly hostname: string
  readonly port: number
  readonly username: string
  readonly password: string
  readonly vhost: string
}

/** Where a message goes. */
export interface MessageRoute {
  /** Declared before the first message to it, as receivers declare it: else RabbitMQ refuses one of them. */
  readonly exchange: string
  readonly exchangeType: 'direct' | 'topic'
  readonly queue: string
  readonly isDurable: boolean
}

/** Dependencies of `RabbitChannel`. */
export interface RabbitParts {
  /** Tried in their order. */
  readonly brokers: readonly Broker[]
  readonly isSecure: boolean
  /** File with certificates of authorities; absent: those of the system. */
  readonly caFile: string | undefined
  /** The messages of an event, with their routes. */
  readonly encode: (event: EventRecord) => readonly (readonly [MessageRoute, Message])[]
}

/** Milliseconds to wait for a connection, and for the confirmations of a batch. */
const TIMEOUT = 15_000

/** Milliseconds for the end of a connection. */
const CLOSE_TIMEOUT = 1000

/** Seconds between heartbeats, without which a connection that nothing answers on is dropped. */
const HEARTBEAT = 20

/** What a connection has, until it breaks. */
interface Connected {
  readonly model: ChannelModel
  readonly channel: ConfirmChannel
  readonly declared: Set<string>
  /** Resolves when it breaks. */
  readonly broken: Promise<false>
}

/** A channel that is opened again after the connection broke. */
export class RabbitChannel implements Channel {
  readonly #parts: RabbitParts
  #connected: Connected | undefined
  #isClosed = false

  constructor(parts: RabbitParts) {
    this.#parts = parts
  }

  async open(): Promise<void> {
    if (this.#connected) return
    const connected = await this.#connect()
    this.#connected = connected
    // It may have been closed meanwhile.
    if (this.#isClosed) await this.#drop()
  }

  async send(events: readonly EventRecord[]): Promise<readonly string[]> {
    const connected = this.#connected
    if (connected === undefined) return []
    const messages = events.map(event => ({id: event.id, parts: this.#parts.encode(event)}))
    const confirmed = new Set<string>()
    const send = async () => {
      for (const [route] of messages.flatMap(({parts}) => parts)) await declare(connected, route)
      // All are written at once, in their order.
      const sending = messages.map(async ({id, parts}) => {
        await Promise.all(parts.map(([route, message]) => publish(connected, route, message)))
        confirmed.add(id)
      })
      const failed = (await Promise.allSettled(sending)).find(({status}) => status === 'rejected')
      return failed === undefined
    }
    try {
      const isComplete = await settleWithin(TIMEOUT, Promise.race([send(), connected.broken]))
      if (!isComplete) await this.#drop()
    } catch (error) {
      await this.#drop()
      throw error
    }
    return [...confirmed]
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.#drop()
  }

  async #drop(): Promise<void> {
    const connected = this.#connected
    this.#connected = undefined
    // A broker that does not answer must not delay the end.
    if (connected)
      await settleWithin(
        CLOSE_TIMEOUT,
        connected.model.close().catch(() => {}),
      )
  }

  /** @throws Error that names the last broker, without the password */
  async #connect(): Promise<Connected> {
    const ca = this.#parts.caFile === undefined ? {} : {ca: await readFile(this.#parts.caFile)}
    let failure = new Error('no broker is configured')
    for (const broker of this.#parts.brokers) {
      try {
        return await this.#connectTo(broker, ca)
      } catch (error) {
        const place = `${broker.hostname}:${broker.port}`
        failure = new Error(`RabbitMQ at ${place}: ${describe(error)}`, {cause: error})
      }
    }
    throw failure
  }

  async #connectTo(broker: Broker, ca: object): Promise<Connected> {
    const protocol = this.#parts.isSecure ? 'amqps' : 'amqp'
    const client = {timeout: TIMEOUT, keepAlive: true, clientProperties: {connection_name: 'glance'}}
    const model = await connect({...broker, protocol, heartbeat: HEARTBEAT}, {...client, ...ca})
    // An event that nothing hears would end the process.
    model.on('error', () => {})
    const channel = await model.createConfirmChannel().catch(async (error: unknown) => {
      await model.close().catch(() => {})
      throw error
    })
    channel.on('error', () => {})
    const broken = new Promise<false>(resolve => {
      const end = () => {
        if (this.#connected?.channel === channel) this.#connected = undefined
        resolve(false)
      }
      model.on('close', end)
      channel.on('close', end)
    })
    return {model, channel, declared: new Set(), broken}
  }
}

/** @throws the error of the broker for a queue that exists with other attributes */
async function declare({channel, declared}: Connected, route: MessageRoute): Promise<void> {
  const {exchange, exchangeType, queue, isDurable: durable} = route
  const key = `${exchange} ${queue}`
  if (declared.has(key)) return
  await channel.assertExchange(exchange, exchangeType, {durable})
  await channel.assertQueue(queue, {durable})
  await channel.bindQueue(queue, exchange, queue)
  declared.add(key)
}

/** Resolves when the broker has the message. */
function publish({channel}: Connected, {exchange, queue}: MessageRoute, message: Message): Promise<void> {
  const content = Buffer.from(JSON.stringify(message))
  const type = {contentType: 'application/json', contentEncoding: 'utf-8', persistent: true}
  return new Promise((resolve, reject) => {
    channel.publish(exchange, queue, content, type, error => (error ? reject(error) : resolve()))
  })
}

/** What the promise results in; undefined after the time. */
async function settleWithin<T>(milliseconds: number, promise: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<undefined>(resolve => {
    timer = setTimeout(() => resolve(undefined), milliseconds)
  })
  return Promise.race([promise, timeout]).finally(() => clearTimeout(timer))
}

function describe(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(describe).join(', ')
  return error instanceof Error ? error.message || error.name : String(error)
}
