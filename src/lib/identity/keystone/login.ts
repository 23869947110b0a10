/** What a login gives. */
import type {Catalog} from './catalog.js'

export interface Login {
  readonly token: string
  /** Absent when the service did not say it in a way we understand. */
  readonly expiresAt?: Date
  readonly projectId?: string
  readonly userId?: string
  readonly catalog: Catalog
}

/** A time as the service writes it, if it is one. */
export function parseExpiry(text: unknown): Date | undefined {
  const time = typeof text === 'string' ? new Date(text) : undefined
  return time && !Number.isNaN(time.getTime()) ? time : undefined
}
