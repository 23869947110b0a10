/** Events that wait in the registry until they are sent as notifications. */

/** How serious an event is. */
export type EventPriority = 'INFO' | 'WARN' | 'ERROR'

/** An event that is recorded with the change that causes it. Plain data: it may be sent to the registry. */
export interface NewEvent {
  /** A UUID, which stays the same when the event is sent again. */
  readonly id: string
  /** For example `image.update`. */
  readonly type: string
  readonly priority: EventPriority
  /** Who tells the event. */
  readonly publisher: string
  /** Member whose record is the payload; absent: that of the image is. */
  readonly member?: string
  /** What the payload has besides the record; a text is the whole payload. */
  readonly payload: EventPayload
}

export type EventPayload = string | Readonly<Record<string, unknown>>

/** An event that waits. */
export interface EventRecord extends Omit<NewEvent, 'member'> {
  /** As in the record of an image. */
  readonly createdAt: string
}

/** Which events a process takes. */
export interface EventTake {
  /** Id of the process; absent: no other one uses the database. */
  readonly holder?: string | undefined
  /** Events that it has sent; they are forgotten. */
  readonly sent: readonly string[]
  /** Largest number of events. */
  readonly limit: number
}

/** What waits for a process: events, the oldest first, or `busy` while another process sends them. */
export type TakenEvents = readonly EventRecord[] | 'busy'

/**
 * Events in the order of the changes of each image. Only one of several processes sends them at a time: one that is recorded,
 * from when it took some until it takes none.
 */
export interface EventRegistry {
  /** Adds events without a change, whose payload has nothing besides what is given. */
  addEvents(events: readonly NewEvent[]): Promise<void>
  /** Forgets what was sent, and returns what waits, which stays recorded. An empty list lets others send. */
  takeEvents(take: EventTake): Promise<TakenEvents>
  /** Forgets all but the newest events. @returns how many were forgotten, about as many as were too many */
  dropEvents(keep: number): Promise<number>
  /** Number of the events that wait. */
  countEvents(): Promise<number>
}
