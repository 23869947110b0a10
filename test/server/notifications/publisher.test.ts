/** The publisher of events: order, repetition, bounds and its end, with a channel in memory. */
import assert from 'node:assert/strict'
import {type Channel, Publisher, type PublisherParts} from '../../../src/server/notifications/publisher.js'
import type {EventRecord, Registry} from '../../../src/server/registry/registry.js'
import {openRegistry} from '../../../src/server/registry/sqlite/open.js'

const toEvent = (id: string) =>
  ({id, type: 'image.update', priority: 'INFO', publisher: 'h', payload: {}}) as const

/** A receiver that tests take away. */
class FakeChannel implements Channel {
  readonly arrived: string[] = []
  isAway = false
  isClosed = false
  /** Events of the next batch that arrive before the connection breaks. */
  breakAfter: number | undefined
  attempts = 0
  #waiting: (() => void)[] = []

  async open(): Promise<void> {
    this.attempts += 1
    this.#tell()
    if (this.isAway) throw new Error('nothing answers')
  }

  async send(events: readonly EventRecord[]): Promise<readonly string[]> {
    const confirmed = events.slice(0, this.breakAfter).map(({id}) => id)
    this.breakAfter = undefined
    this.arrived.push(...confirmed)
    this.#tell()
    return confirmed
  }

  async close(): Promise<void> {
    this.isClosed = true
  }

  /** Waits until the condition holds after an attempt or a batch. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>(resolve => this.#waiting.push(resolve))
  }

  #tell(): void {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }
}

describe('the publisher of events', () => {
  let registry: Registry
  let channel: FakeChannel
  let warnings: string[]
  const publishers: Publisher[] = []
  beforeEach(async () => {
    registry = await openRegistry(':memory:')
    channel = new FakeChannel()
    warnings = []
  })
  afterEach(async () => {
    await Promise.all(publishers.splice(0).map(publisher => publisher.stop()))
    await registry.close()
  })

  function createPublisher(more: Partial<PublisherParts> = {}): Publisher {
    const publisher = new Publisher({
      events: registry,
      channel,
      holder: undefined,
      queueLimit: 1000,
      warn: line => warnings.push(line),
      times: {first: 1, most: 2, grace: 60_000},
      ...more,
    })
    publishers.push(publisher)
    return publisher
  }

  it('sends all that waits, in its order, and forgets it', async () => {
    const ids = Array.from({length: 250}, (_, n) => `e${n}`)
    await registry.addEvents(ids.map(toEvent))
    const publisher = createPublisher()
    publisher.wake()
    await publisher.stop()
    assert.deepEqual(channel.arrived, ids)
    assert.deepEqual([await registry.countEvents(), channel.isClosed, warnings], [0, true, []])
  })

  it('waits for a receiver that is away, and tells once', async () => {
    channel.isAway = true
    const publisher = createPublisher()
    await registry.addEvents(['a', 'b'].map(toEvent))
    publisher.wake()
    await channel.until(() => channel.attempts === 4)
    assert.equal(await registry.countEvents(), 2)
    channel.isAway = false
    await channel.until(() => channel.arrived.length === 2)
    await publisher.stop()
    assert.deepEqual(channel.arrived, ['a', 'b'])
    assert.deepEqual(warnings, [
      'cannot send notifications, which wait: nothing answers',
      'the notifications that waited were sent',
    ])
  })

  it('repeats what has not arrived when the connection broke, and nothing else', async () => {
    channel.breakAfter = 2
    await registry.addEvents(['a', 'b', 'c', 'd'].map(toEvent))
    const publisher = createPublisher()
    publisher.wake()
    await channel.until(() => channel.arrived.length === 4)
    assert.deepEqual(channel.arrived, ['a', 'b', 'c', 'd'])
  })

  it('drops the oldest of more than may wait, and tells how many', async () => {
    channel.isAway = true
    const publisher = createPublisher({queueLimit: 2})
    await registry.addEvents(['a', 'b', 'c', 'd'].map(toEvent))
    publisher.wake()
    await channel.until(() => channel.attempts === 2)
    channel.isAway = false
    await channel.until(() => channel.arrived.length === 2)
    await publisher.stop()
    assert.deepEqual(channel.arrived, ['c', 'd'])
    assert.deepEqual(warnings.slice(1), [
      'more than 2 notifications wait: the oldest are dropped',
      'the notifications that waited were sent, except for 2 that were dropped',
    ])
  })

  it('leaves what it could not send to its successor', async () => {
    channel.isAway = true
    const first = createPublisher()
    await registry.addEvents(['a'].map(toEvent))
    first.wake()
    await channel.until(() => channel.attempts === 1)
    await first.stop()
    channel.isAway = false
    createPublisher().wake()
    await channel.until(() => channel.arrived.length === 1)
    assert.deepEqual(channel.arrived, ['a'])
  })

  it('ends though its receiver does not answer, and begins nothing afterwards', async () => {
    let answer = () => {}
    const waiting = new Promise<void>(resolve => {
      answer = resolve
    })
    const silent = {open: () => waiting, send: () => assert.fail('sent'), close: async () => {}}
    await registry.addEvents(['a'].map(toEvent))
    const publisher = createPublisher({channel: silent, times: {first: 1, most: 2, grace: 1}})
    publisher.wake()
    await publisher.stop()
    answer()
    await publisher.stop()
    assert.deepEqual([await registry.countEvents(), warnings], [1, []])
  })

  it('leaves the events to another process while that sends them', async () => {
    await registry.recordHeartbeat({id: 'p', host: 'h', pid: 1})
    await registry.recordHeartbeat({id: 'q', host: 'h', pid: 2})
    await registry.addEvents(['a'].map(toEvent))
    await registry.takeEvents({holder: 'p', sent: [], limit: 1})
    const publisher = createPublisher({holder: 'q'})
    publisher.wake()
    await publisher.stop()
    assert.deepEqual([channel.arrived, await registry.countEvents()], [[], 1])
    assert.deepEqual(await registry.takeEvents({holder: 'p', sent: ['a'], limit: 1}), [])
  })
})
