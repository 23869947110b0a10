/** Result of a login. */
import type {Catalog} from './catalog.js'

/** A token, with the facts that came with it. */
export interface Login {
  readonly token: string
  /** Absent if the service gave no valid time. */
  readonly expiresAt?: Date
  readonly projectId?: string
  readonly projectName?: string
  readonly userId?: string
  readonly catalog: Catalog
}

/** Parses a time of the service; undefined if it is not valid. */
export function parseExpiry(text: unknown): Date | undefined {
  const time = typeof text === 'string' ? new Date(text) : undefined
  return time && !Number.isNaN(time.getTime()) ? time : undefined
}
