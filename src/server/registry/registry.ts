/** The registry as an interface: where the service keeps what it knows of images, but not their data. */

export type ImageStatus = 'queued' | 'saving' | 'active' | 'killed' | 'deleted' | 'pending_delete'

/** One image as the registry keeps it. */
export interface ImageRecord {
  readonly id: string
  readonly name: string | null
  readonly status: ImageStatus
  readonly isPublic: boolean
  readonly protected: boolean
  readonly diskFormat: string | null
  readonly containerFormat: string | null
  /** Bytes. */
  readonly size: number
  readonly virtualSize: number | null
  /** MD5 in hexadecimal. */
  readonly checksum: string | null
  readonly owner: string | null
  /** GiB. */
  readonly minDisk: number
  /** MiB. */
  readonly minRam: number
  /** URI of the data in a store; null while there is none. Never shown to a caller. */
  readonly location: string | null
  /** ISO 8601 in UTC with six decimals and no zone, as the wire has it: `2026-11-21T07:16:33.383956`. */
  readonly createdAt: string
  readonly updatedAt: string
  readonly deletedAt: string | null
  readonly deleted: boolean
  /** A property whose value is null was given without one. */
  readonly properties: Readonly<Record<string, string | null>>
}

/** What makes a new record; what is absent gets its default (status `queued`, size 0, numbers 0, else null or false). */
export type NewImage = Partial<
  Omit<ImageRecord, 'id' | 'createdAt' | 'updatedAt' | 'deletedAt' | 'deleted'>
> & {
  readonly id: string
}

/** Changes of a record; what is absent stays. `properties` replaces, or with `mergeProperties` adds to, those there. */
export type ImageChanges = Partial<
  Omit<ImageRecord, 'id' | 'createdAt' | 'updatedAt' | 'deletedAt' | 'deleted'>
>

export interface MemberRecord {
  readonly imageId: string
  readonly memberId: string
  readonly canShare: boolean
}

export type SortKey =
  | 'name'
  | 'status'
  | 'container_format'
  | 'disk_format'
  | 'size'
  | 'id'
  | 'created_at'
  | 'updated_at'

/** Which records a list holds: everything that is present must match, exactly. */
export interface ImageQuery {
  readonly name?: string
  readonly status?: string
  readonly containerFormat?: string
  readonly diskFormat?: string
  readonly minRam?: number
  readonly minDisk?: number
  /** Bytes, inclusive. */
  readonly sizeMin?: number
  readonly sizeMax?: number
  readonly isPublic?: boolean
  readonly protected?: boolean
  /** ISO 8601 in UTC as in the record; records changed at or after it, the deleted and killed ones among them. */
  readonly changesSince?: string
  readonly properties?: Readonly<Record<string, string>>
  readonly sortKey: SortKey
  readonly sortDir: 'asc' | 'desc'
  readonly limit: number
  /** Id of the record behind which the page begins; it need not match the filters. */
  readonly marker?: string
}

/**
 * Contract, kept by every implementation and checked by one suite:
 *
 * - Every method is atomic: it happens as a whole or not at all, also when the process dies in the middle.
 * - A method that names an image answers undefined (or false) when there is no such image that is not deleted,
 *   unless it says otherwise; nothing throws for a missing record.
 * - Text is kept as it is, of any script; comparisons are exact and case-sensitive.
 * - Ids compare exactly. An id is used up for ever, also by a deleted image.
 */
export interface Registry {
  /** Undefined when the id was ever used before. */
  create(image: NewImage): Promise<ImageRecord | undefined>
  /** Also finds deleted records, for those who may see them; the caller looks at `deleted`. */
  find(id: string): Promise<ImageRecord | undefined>
  /**
   * Changes a record and sets `updatedAt`. With `onlyFrom`, only while its status is one of these: the one guard
   * against two uploads into the same image. Undefined when there was nothing to change.
   */
  update(
    id: string,
    changes: ImageChanges,
    options?: {readonly onlyFrom?: readonly ImageStatus[]; readonly mergeProperties?: boolean},
  ): Promise<ImageRecord | undefined>
  /** Marks the record deleted (status `deleted`, `deletedAt`), its members and properties too. The old record, or undefined. */
  delete(id: string): Promise<ImageRecord | undefined>
  /**
   * One page, sorted by the key, ties by `created_at` then `id`, all in the same direction; null sorts first ascending.
   * Killed and deleted records are left out unless `changesSince` is given. A page costs the same wherever it lies.
   * @returns 'no such marker' when the marker names no record at all, deleted ones included
   */
  list(query: ImageQuery): Promise<readonly ImageRecord[] | 'no such marker'>
  /** Records in that status, oldest first, for the clean-up at start. */
  withStatus(status: ImageStatus): Promise<readonly ImageRecord[]>

  /** Members of an image by the order of their id; undefined when there is no such image. */
  members(imageId: string): Promise<readonly MemberRecord[] | undefined>
  /** Shares of images that are not deleted with that member, by image id. */
  sharesOf(memberId: string): Promise<readonly MemberRecord[]>
  /** Adds a member, or changes it. `canShare` undefined: false for a new member, unchanged for an old one. False: no such image. */
  putMember(imageId: string, memberId: string, canShare: boolean | undefined): Promise<boolean>
  /** Makes these the only members; same rule for `canShare`. False: no such image. */
  replaceMembers(
    imageId: string,
    members: readonly {readonly memberId: string; readonly canShare: boolean | undefined}[],
  ): Promise<boolean>
  /** False when the image or the member is not there. */
  deleteMember(imageId: string, memberId: string): Promise<boolean>

  close(): Promise<void>
}
