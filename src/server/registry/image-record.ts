/** Images and members as the registry keeps them. */

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

/** The projects that may use an image: all, all that know its id, its owner and its members, its owner. */
export type Visibility = 'public' | 'community' | 'shared' | 'private'

/** One place of the data of an image. */
export interface ImageLocation {
  readonly url: string
  /** Given by the caller. */
  readonly metadata: Readonly<Record<string, unknown>>
}

/** One image as the registry keeps it. */
export interface ImageRecord {
  readonly id: string
  readonly name: string | null
  readonly status: ImageStatus
  /** True when `visibility` is `public`. */
  readonly isPublic: boolean
  readonly visibility: Visibility
  /** Left out of lists unless asked for. */
  readonly hidden: boolean
  readonly protected: boolean
  readonly diskFormat: string | null
  readonly containerFormat: string | null
  /** Bytes. */
  readonly size: number
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
  /** URI of the data in a store; null while there is none. Never shown to a caller. */
  readonly location: string | null
  /** All places of the data, `location` the first of them. */
  readonly locations: readonly ImageLocation[]
  /** Status after an upload that fails. */
  readonly onFailure: 'killed' | 'queued'
  /** ISO 8601 in UTC with six decimals and no zone, as the wire has it: `2026-11-21T07:16:33.383956`. */
  readonly createdAt: string
  readonly updatedAt: string
  readonly deletedAt: string | null
  readonly deleted: boolean
  /** A property whose value is null was given without one. */
  readonly properties: Readonly<Record<string, string | null>>
  /** Each once, in alphabetical order. */
  readonly tags: readonly string[]
}

type Own = 'id' | 'createdAt' | 'updatedAt' | 'deletedAt' | 'deleted'

/**
 * What makes a new record; what is absent gets its default (status `queued`, visibility `shared`,
 * `onFailure` `killed`, size 0, numbers 0, else null, false or empty). See `ImageChanges` for `isPublic` and `location`.
 */
export type NewImage = Partial<Omit<ImageRecord, Own>> & {readonly id: string}

/**
 * Changes of a record; what is absent stays. `properties` and `tags` replace those there. Without `visibility`, `isPublic` true makes `public` of any, false makes `shared` of `public` and nothing of the
 * others. Without `locations`, `location` makes itself the only one.
 */
export type ImageChanges = Partial<Omit<ImageRecord, Own>>

export interface MemberRecord {
  readonly imageId: string
  readonly memberId: string
  readonly canShare: boolean
  /** The member's answer to being one. */
  readonly status: MemberStatus
  /** As in the record of an image. */
  readonly createdAt: string
  readonly updatedAt: string
}

/** A membership to be; `canShare` undefined keeps the right of a member, and denies it to a new one. */
export interface Membership {
  readonly memberId: string
  readonly canShare: boolean | undefined
}

export type MemberStatus = 'pending' | 'accepted' | 'rejected'
