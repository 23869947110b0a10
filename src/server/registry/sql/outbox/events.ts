/** Events that wait, in an SQL database. */
import {sql} from 'kysely'
import {toImagePayload, toMemberPayload} from '../../event-payloads.js'
import type {
  EventPayload,
  EventPriority,
  EventRecord,
  EventTake,
  NewEvent,
  TakenEvents,
} from '../../events.js'
import type {ImageRecord, MemberRecord} from '../../registry.js'
import type {Database, Trx} from '../tables.js'

/** Values in one statement; database engines may refuse more. */
const MAX_VALUES = 500

/** What the payloads of events describe. */
export interface EventSubjects {
  /** The image after the change. */
  readonly image?: ImageRecord | undefined
  /** Its members before the change, and after it. */
  readonly before?: readonly MemberRecord[] | undefined
  readonly after?: readonly MemberRecord[]
}

/** Records events. @param now time of the change */
export async function insertEvents(
  db: Database,
  events: readonly NewEvent[],
  subjects: EventSubjects,
  now: string,
): Promise<void> {
  const rows = events.flatMap(draft => {
    const {member: _, ...event} = draft
    const payload = toPayload(draft, subjects, now)
    return payload === undefined ? [] : {...event, payload: JSON.stringify(payload), created_at: now}
  })
  for (let start = 0; start < rows.length; start += MAX_VALUES)
    await db
      .insertInto('events')
      .values(rows.slice(start, start + MAX_VALUES))
      .execute()
}

/** Undefined for an event of a member that does not exist. */
function toPayload(
  {payload, member}: NewEvent,
  {image, before = [], after = []}: EventSubjects,
  now: string,
): EventPayload | undefined {
  if (typeof payload === 'string') return payload
  if (member === undefined) return image === undefined ? payload : {...toImagePayload(image), ...payload}
  const present = after.find(({memberId}) => memberId === member)
  const deleted = before.find(({memberId}) => memberId === member)
  if (present) return {...toMemberPayload(present), ...payload}
  return deleted && {...toMemberPayload(deleted, now), ...payload}
}

/** See `EventRegistry.takeEvents`. */
export async function takeEvents(trx: Trx, {holder, sent, limit}: EventTake): Promise<TakenEvents> {
  if (sent.length > 0) await trx.deleteFrom('events').where('id', 'in', sent).execute()
  if (holder === undefined) return listEvents(trx, limit)
  // Locked, so that one of several sees no other that sends.
  const all = trx.selectFrom('processes').select(['id', 'sending']).orderBy('id').forUpdate()
  const processes = await all.execute()
  const own = processes.find(({id}) => id === holder)
  // One that is not recorded counts as dead for the others.
  if (!own || processes.some(other => other !== own && other.sending === 1)) return 'busy'
  const events = await listEvents(trx, limit)
  const sending = events.length > 0 ? 1 : 0
  if (own.sending !== sending)
    await trx.updateTable('processes').set({sending}).where('id', '=', holder).execute()
  return events
}

async function listEvents(trx: Trx, limit: number): Promise<EventRecord[]> {
  const rows = await trx.selectFrom('events').selectAll().orderBy('sequence').limit(limit).execute()
  return rows.map(({sequence: _, priority, payload, created_at: createdAt, ...row}) => ({
    ...row,
    priority: priority as EventPriority,
    payload: JSON.parse(payload) as EventPayload,
    createdAt,
  }))
}

/** See `EventRegistry.dropEvents`. Sequence numbers have few gaps. */
export async function dropEvents(db: Database, keep: number): Promise<number> {
  const newest = sql<number>`(select max(sequence) from events)`
  const drop = db.deleteFrom('events').where('sequence', '<=', sql<number>`${newest} - ${keep}`)
  return Number((await drop.executeTakeFirst()).numDeletedRows)
}

/** Number of the events that wait. */
export async function countEvents(db: Database): Promise<number> {
  const {rows} = await sql<{n: number}>`select count(*) as n from events`.execute(db)
  return rows[0]?.n ?? 0
}
