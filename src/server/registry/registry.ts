/** The registry as an interface: where the service keeps what it knows of images, but not their data. */
import type {ImageQuery} from './image-query.js'
import type {
  ImageChanges,
  ImageRecord,
  ImageStatus,
  MemberRecord,
  MemberStatus,
  Membership,
  NewImage,
} from './image-record.js'
import type {NewTask, TaskQuery, TaskRecord, TaskStatus} from './task-record.js'

export type * from './image-query.js'
export type * from './image-record.js'
export type * from './task-record.js'

/**
 * Decides on the change of a record; undefined leaves it alone. May be called several times, so it has no effects.
 */
export type Decide = (image: ImageRecord) => ImageChanges | undefined

/**
 * Contract, kept by every implementation and checked by one suite:
 *
 * - Every method is atomic: it happens as a whole or not at all, also when the process dies in the middle.
 * - A method that names an image answers undefined (or false) when there is no image of that id that is not deleted,
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
   * Changes a record by what `decide` makes of it as it is now, in one transaction: nothing else changes it in between.
   * An empty change writes nothing, any other sets `updatedAt`. An error that `decide` throws is passed on.
   * @returns the record as it is then; undefined when there is none, or `decide` returned undefined
   */
  change(id: string, decide: Decide): Promise<ImageRecord | undefined>
  /**
   * Marks the record deleted (status `deleted`, `deletedAt`), its members and properties too.
   * @param check sees the record in the same transaction; an error that it throws keeps the record and is passed on
   * @returns the old record, or undefined
   */
  delete(id: string, check?: (image: ImageRecord) => void): Promise<ImageRecord | undefined>
  /**
   * One page, sorted by the key, ties by `created_at` then `id`, all in the same direction unless `thenBy` says otherwise;
   * null sorts first ascending.
   * Killed and deleted records are left out unless `changesSince` is given. A page costs the same wherever it begins.
   * @returns 'no such marker' when the marker names no record at all, deleted ones included
   */
  list(query: ImageQuery): Promise<readonly ImageRecord[] | 'no such marker'>
  /** Records in that status, oldest first, for the clean-up at start. */
  listByStatus(status: ImageStatus): Promise<readonly ImageRecord[]>

  /** Members of an image by the order of their id; undefined when there is no such image. */
  listMembers(imageId: string): Promise<readonly MemberRecord[] | undefined>
  /** Shares of images that are not deleted with that member, by image id; only in images of the owner, if one is named. */
  listShares(memberId: string, filter?: {readonly ownedBy: string}): Promise<readonly MemberRecord[]>
  /**
   * Adds a member, who has not answered yet. `known` for one that is a member already, undefined when there is no such
   * image.
   */
  addMember(imageId: string, memberId: string): Promise<MemberRecord | 'known' | undefined>
  /** Notes the answer of a member and the time of it; undefined when image or member are not there. */
  setMemberStatus(imageId: string, memberId: string, status: MemberStatus): Promise<MemberRecord | undefined>
  /** Adds a member, or changes it. `canShare` undefined: false for a new member, unchanged for an old one. False: no such image. */
  putMember(imageId: string, memberId: string, canShare: boolean | undefined): Promise<boolean>
  /** Makes these the only members; same rule for `canShare`. False: no such image. */
  replaceMembers(imageId: string, members: readonly Membership[]): Promise<boolean>
  /** False when the image or the member is not there. */
  deleteMember(imageId: string, memberId: string): Promise<boolean>

  /** Notes a task, which is `pending`. */
  createTask(task: NewTask): Promise<TaskRecord>
  /** Changes a task and sets `updatedAt`. Undefined when there is none. */
  updateTask(
    id: string,
    changes: {readonly status?: TaskStatus; readonly message?: string},
  ): Promise<TaskRecord | undefined>
  findTask(id: string): Promise<TaskRecord | undefined>
  /** Ends all tasks that have not ended as failures, for the clean-up at start; gives them. */
  failUnfinishedTasks(message: string): Promise<readonly TaskRecord[]>
  /** Removes tasks that ended before that time. */
  deleteFinishedTasks(before: string): Promise<void>
  /** One page, newest first. Tasks outlive their images. */
  listTasks(query: TaskQuery): Promise<readonly TaskRecord[] | 'no such marker'>

  close(): Promise<void>
}
