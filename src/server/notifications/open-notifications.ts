/** The notifications of a service, as its settings have them: what is recorded, and who sends it. */
import {randomUUID} from 'node:crypto'
import {hostname} from 'node:os'
import {usageError} from '../../lib/model/errors.js'
import type {Download} from '../images/data.js'
import type {Registry} from '../registry/registry.js'
import {type FindValue, readSettings} from '../settings/setting.js'
import {readSettingFile} from '../settings/setting-file.js'
import {type GivenSettings, NOTHING_GIVEN} from '../settings/sources.js'
import {NOTIFICATIONS} from '../settings/tables/notifications.js'
import type {MessageFormat} from './brokers.js'
import type {EventDraft} from './decide-events.js'
import type {Channel, Publisher} from './publisher.js'
import type {Recorder} from './recording-registry.js'

/** Output of the service. */
export interface NotificationLog {
  readonly log: (line: string) => void
  readonly warn: (line: string) => void
}

/** The notifications of a service. */
export interface Notifications {
  /** The registry, which records the events of its changes. */
  readonly registry: Registry
  /** Records the event of a download. Absent: downloads are not recorded. */
  readonly noteDownload?: (download: Download) => void
  /** Begins to send. @param holder id of this process */
  start(holder: string): void
  /** Ends it. Never rejects. */
  stop(): Promise<void>
}

/**
 * Opens the notifications. Nothing is recorded or loaded without them.
 * @throws Failure `usage` for settings that contradict each other, for an invalid URL, and for
 *   authorities that cannot be read
 */
export async function openNotifications(
  registry: Registry,
  {given = NOTHING_GIVEN}: {readonly given?: GivenSettings | undefined},
  {log, warn}: NotificationLog,
): Promise<Notifications> {
  const find = given.in()
  const strategy = chooseStrategy(find)
  if (strategy === 'noop') return {registry, start: () => {}, stop: async () => {}}
  const channel = await openChannel(strategy, find, log)
  const {notification_queue_limit: queueLimit} = readSettings(NOTIFICATIONS, find)
  const {Publisher} = await import('./publisher.js')
  const {withEvents} = await import('./recording-registry.js')
  const {decideSendEvent} = await import('./decide-events.js')
  let publisher: Publisher | undefined
  const notes = new Set<Promise<void>>()
  const recorder: Recorder = {
    create: createEvents(strategy, find),
    recorded: () => publisher?.wake(),
  }
  return {
    registry: withEvents(registry, recorder),
    noteDownload: download => {
      const events = recorder.create([decideSendEvent(download)])
      if (events.length === 0) return
      // Without the database it is lost, of which the log tells.
      const added = registry.addEvents(events).then(recorder.recorded, () => {})
      const note = added.finally(() => notes.delete(note))
      notes.add(note)
    },
    start: holder => {
      const own = registry.isShared ? holder : undefined
      publisher = new Publisher({events: registry, channel, holder: own, queueLimit, warn})
      publisher.wake()
    },
    stop: async () => {
      await Promise.all(notes)
      await publisher?.stop()
    },
  }
}

type Strategy = MessageFormat | 'noop' | 'logging'

/** @throws Failure `usage` for two different ones */
function chooseStrategy(find: FindValue): Strategy {
  const {notifier_strategy: strategy, notification_driver: driver} = readSettings(NOTIFICATIONS, find)
  const today = driver === 'log' ? 'logging' : driver
  if (strategy === 'noop' || strategy === today) return today
  if (today === 'noop') return strategy
  throw usageError(`notifier_strategy ${strategy} and driver ${driver} exclude each other`, {
    why: 'each chooses the format of notifications',
    advice: 'Remove notifier_strategy for messages of today, or the driver for those of 2011.',
  })
}

async function openChannel(
  strategy: Exclude<Strategy, 'noop'>,
  find: FindValue,
  log: (line: string) => void,
): Promise<Channel> {
  if (strategy === 'logging') return (await import('./log-channel.js')).createLogChannel(log)
  const {toRabbitParts} = await import('./brokers.js')
  const parts = toRabbitParts(strategy, find)
  // A file that cannot be read would let notifications wait for ever.
  if (parts.caFile !== undefined) await readSettingFile('rabbit_ca_file', parts.caFile)
  const {RabbitChannel} = await import('./rabbit.js')
  return new RabbitChannel(parts)
}

/** Makes events of drafts: the publisher is a host in messages of 2011, and a service on a host today. */
function createEvents(strategy: Strategy, find: FindValue): Recorder['create'] {
  const settings = readSettings(NOTIFICATIONS, find)
  const isToday = strategy === 'messaging' || strategy === 'messagingv2'
  const publisher = settings.default_publisher_id ?? `${isToday ? 'image.' : ''}${hostname()}`
  const disabled = settings.disabled_notifications
  const isDisabled = ({type}: EventDraft) =>
    disabled.some(name => type === name || type.startsWith(`${name}.`))
  return drafts =>
    drafts
      .filter(draft => !isDisabled(draft))
      .map(({priority = 'INFO', payload = {}, ...draft}) => ({
        ...draft,
        id: randomUUID(),
        priority,
        publisher,
        payload,
      }))
}
