/** Events as messages: in the format of 2011, and in those of oslo.messaging. */
import type {EventRecord} from '../registry/registry.js'

/** The six keys that all formats have. */
export type Message = Readonly<Record<string, unknown>>

/** The message of 2011, which the later formats contain. */
export function toMessage({id, publisher, type, priority, payload, createdAt}: EventRecord): Message {
  return {
    message_id: id,
    publisher_id: publisher,
    event_type: type,
    priority,
    payload,
    timestamp: createdAt.replace('T', ' '),
  }
}

/** A message without an envelope. Receivers of oslo.messaging drop a second one with the same `_unique_id`. */
export function toOsloMessage(event: EventRecord): Message {
  return {...toMessage(event), _unique_id: event.id.replaceAll('-', '')}
}

/** A message in the envelope 2.0. */
export function toEnvelope(event: EventRecord): Message {
  return {'oslo.version': '2.0', 'oslo.message': JSON.stringify(toOsloMessage(event))}
}
