/** Images and members as the registry stores them. */
import type {NewEvent} from './events.js'

export type ImageStatus =
  | 'queued'
  | 'saving'
  | 'uploading'
  | 'importing'
  | 'active'
  | 'deactivated'
  | 'killed'
  | 'deleted'
  | 'pending_delete'

/** The projects that may use an image: all, all that know its id, its owner and members, or its owner only. */
export type Visibility = 'public' | 'community' | 'shared' | 'private'

/** A URL of the data of an image. */
export interface ImageLocation {
  readonly url: string
  /** Given by the caller. */
  readonly metadata: Readonly<Record<string, unknown>>
}

/** One image as the registry stores it. Its attributes, except the lists, are those of `COLUMNS`. */
export interface ImageRecord {
  readonly id: string
  readonly name: string | null
  readonly status: ImageStatus
  /** True when `visibility` is `public`. */
  readonly isPublic: boolean
  readonly visibility: Visibility
  /** Hidden from lists unless they ask for hidden images. */
  readonly hidden: boolean
  readonly protected: boolean
  readonly diskFormat: string | null
  readonly containerFormat: string | null
  /** Bytes. */
  readonly size: number
  /** Bytes of the virtual disk in the data. */
  readonly virtualSize: number | null
  /** MD5 in hexadecimal. */
  readonly checksum: string | null
  /** `sha512`, or null while there is no data. */
  readonly hashAlgo: string | null
  /** In hexadecimal. */
  readonly hashValue: string | null
  readonly owner: string | null
  /** GiB. */
  readonly minDisk: number
  /** MiB. */
  readonly minRam: number
  /** URL of the data in a store; null while there is no data. */
  readonly location: string | null
  /** All URLs of the data; the first one is `location`. */
  readonly locations: readonly ImageLocation[]
  /** URL at which a store is receiving the data of an upload; null while none runs. */
  readonly arriving: string | null
  /** Process that fills the image, or will; null while none does. */
  readonly holder: string | null
  /** Status after an upload that fails. */
  readonly onFailure: 'killed' | 'queued'
  /** How often the copy of its data from another server was begun. */
  readonly attempts: number
  /** ISO 8601 in UTC with six decimals and no zone, as the wire has it: `2026-11-21T07:16:33.383956`. */
  readonly createdAt: string
  readonly updatedAt: string
  readonly deletedAt: string | null
  readonly deleted: boolean
  /** Custom properties; null is the value of a property that was given without one. */
  readonly properties: Readonly<Record<string, string | null>>
  /** Each once, in alphabetical order. */
  readonly tags: readonly string[]
}

type Own = 'id' | 'createdAt' | 'updatedAt' | 'deletedAt' | 'deleted'

/** What goes with a change of an image, and is not stored in its record. */
export interface WithEvents {
  /** Events to record with it. */
  readonly events?: readonly NewEvent[]
  /** Why an upload failed, from which an event is made. */
  readonly failure?: string
}

/**
 * A new record. Absent attributes get the initial value of their column; see `ImageChanges` for `isPublic` and
 * `location`.
 */
export type NewImage = Partial<Omit<ImageRecord, Own>> & {readonly id: string} & WithEvents

/**
 * Changes of a record; absent attributes stay. `properties` and `tags` replace all that the record has. Without
 * `visibility`, `isPublic` true makes the image public, and false makes a public image shared. Without `locations`,
 * `location` becomes the only one.
 */
export type ImageChanges = Partial<Omit<ImageRecord, Own>> & WithEvents

export interface MemberRecord {
  readonly imageId: string
  readonly memberId: string
  readonly canShare: boolean
  /** Answer of the member. */
  readonly status: MemberStatus
  /** As in the record of an image. */
  readonly createdAt: string
  readonly updatedAt: string
}

/** A membership to store; `canShare` undefined keeps the right of an existing member, and is false for a new one. */
export interface Membership {
  readonly memberId: string
  readonly canShare: boolean | undefined
}

export type MemberStatus = 'pending' | 'accepted' | 'rejected'
