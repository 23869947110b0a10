/** The registry as an interface: where the service keeps what it knows of images, but not their data. */
import type {ImageQuery} from './image-query.js'
import type {NewTask, TaskQuery, TaskRecord, TaskStatus} from './task-record.js'

export type * from './image-query.js'
export type * from './task-record.js'

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

/** Who may use an image: everybody, everybody who knows of it, its owner and its members, its owner. */
export type Visibility = 'public' | 'community' | 'shared' | 'private'

/** Where data of an image lies. */
export interface ImageLocation {
  readonly url: string
  /** What the caller said of it. */
  readonly metadata: Readonly<Record<string, unknown>>
}

/** One image as the registry keeps it. */
export interface ImageRecord {
  readonly id: string
  readonly name: string | null
  readonly status: ImageStatus
  /** Whether `visibility` is `public`. */
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
  /** What becomes of the image when data that is on its way to it breaks off. */
  readonly ifBroken: 'killed' | 'queued'
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
 * `ifBroken` `killed`, size 0, numbers 0, else null, false or empty). See `ImageChanges` for `isPublic` and `location`.
 */
export type NewImage = Partial<Omit<ImageRecord, Own>> & {readonly id: string}

/**
 * Changes of a record; what is absent stays. `properties` replaces, or with `mergeProperties` adds to, those there; `tags`
 * replaces. Without `visibility`, `isPublic` true makes `public` of any, false makes `shared` of `public` and nothing of the
 * others. Without `locations`, `location` makes itself the only one.
 */
export type ImageChanges = Partial<Omit<ImageRecord, Own>>

export interface MemberRecord {
  readonly imageId: string
  readonly memberId: string
  readonly canShare: boolean
  /** What the member says to the offer. */
  readonly status: MemberStatus
  /** As in the record of an image. */
  readonly createdAt: string
  readonly updatedAt: string
}

export type MemberStatus = 'pending' | 'accepted' | 'rejected'

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
   * One page, sorted by the key, ties by `created_at` then `id`, all in the same direction unless `thenBy` says otherwise;
   * null sorts first ascending.
   * Killed and deleted records are left out unless `changesSince` is given. A page costs the same wherever it lies.
   * @returns 'no such marker' when the marker names no record at all, deleted ones included
   */
  list(query: ImageQuery): Promise<readonly ImageRecord[] | 'no such marker'>
  /** Records in that status, oldest first, for the clean-up at start. */
  withStatus(status: ImageStatus): Promise<readonly ImageRecord[]>

  /** Members of an image by the order of their id; undefined when there is no such image. */
  members(imageId: string): Promise<readonly MemberRecord[] | undefined>
  /** Shares of images that are not deleted with that member, by image id; of one owner's images when he is named. */
  sharesOf(memberId: string, of?: {readonly ownedBy: string}): Promise<readonly MemberRecord[]>
  /**
   * Offers the image to a member, who has not answered yet. The member, `known` when he is one already, undefined when there
   * is no such image.
   */
  addMember(imageId: string, memberId: string): Promise<MemberRecord | 'known' | undefined>
  /** Notes the answer of a member and the time of it; undefined when image or member are not there. */
  setMemberStatus(imageId: string, memberId: string, status: MemberStatus): Promise<MemberRecord | undefined>
  /** Adds a member, or changes it. `canShare` undefined: false for a new member, unchanged for an old one. False: no such image. */
  putMember(imageId: string, memberId: string, canShare: boolean | undefined): Promise<boolean>
  /** Makes these the only members; same rule for `canShare`. False: no such image. */
  replaceMembers(
    imageId: string,
    members: readonly {readonly memberId: string; readonly canShare: boolean | undefined}[],
  ): Promise<boolean>
  /** False when the image or the member is not there. */
  deleteMember(imageId: string, memberId: string): Promise<boolean>

  /** False: no such image, or it has the tag already. Sets `updatedAt` when it changes something, as `deleteTag` does. */
  addTag(imageId: string, tag: string): Promise<boolean>
  /** False: no such image, or it has no such tag. */
  deleteTag(imageId: string, tag: string): Promise<boolean>

  /** Notes a task, which is `pending`. */
  createTask(task: NewTask): Promise<TaskRecord>
  /** Changes a task and sets `updatedAt`. Undefined when there is none. */
  updateTask(
    id: string,
    changes: {readonly status?: TaskStatus; readonly message?: string},
  ): Promise<TaskRecord | undefined>
  findTask(id: string): Promise<TaskRecord | undefined>
  /** Ends all tasks that have not ended as failures, for the clean-up at start; gives them. */
  failTasks(message: string): Promise<readonly TaskRecord[]>
  /** Removes tasks that ended before that time. */
  forgetTasks(before: string): Promise<void>
  /** One page, newest first. Tasks outlive their images. */
  tasks(query: TaskQuery): Promise<readonly TaskRecord[] | 'no such marker'>

  close(): Promise<void>
}
