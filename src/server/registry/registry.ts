/** The registry as an interface: it stores the metadata of images, but not their data. */
import type {EventRegistry, NewEvent} from './events.js'
import type {ImagePage, ImageQuery} from './image-query.js'
import type {
  ImageChanges,
  ImageRecord,
  ImageStatus,
  MemberRecord,
  MemberStatus,
  Membership,
  NewImage,
  WithEvents,
} from './image-record.js'
import type {MetadefRegistry} from './metadefs.js'
import type {ProcessRegistry} from './processes.js'
import type {HeldTask, NewTask, TaskChanges, TaskQuery, TaskRecord} from './task-record.js'

export type * from './events.js'
export type * from './image-query.js'
export type * from './image-record.js'
export type * from './processes.js'
export type * from './task-record.js'

/** Returns the changes of a record, or undefined for none. It may be called several times: it has no side effects. */
export type Decide = (image: ImageRecord) => ImageChanges | undefined

/**
 * Decides how an image is deleted. It is given the record in the transaction of the deletion; an error that it throws prevents
 * the deletion, and is thrown to the caller.
 */
export type DecideDeletion = (image: ImageRecord) => DeletionDecision

/** How an image is deleted. */
export interface DeletionDecision extends Pick<WithEvents, 'events'> {
  /** It keeps its data for now. */
  readonly status?: 'pending_delete' | undefined
}

/** A deletion that was done. */
export interface Deletion {
  /** The record before it. */
  readonly image: ImageRecord
  /** Locations of data that is unused now. */
  readonly unused: readonly string[]
}

/** Images whose deletion was completed. */
export interface Scrubbed {
  readonly ids: readonly string[]
  /** Locations of data that is unused now. */
  readonly unused: readonly string[]
}

/**
 * Returns the changes of an image that go with a change of its members, or undefined for none; an error that it throws
 * prevents both, and is thrown to the caller. It may be called several times: it has no side effects.
 */
export type DecideMembers = (image: ImageRecord, members: readonly MemberRecord[]) => ImageChanges | undefined

/** A part of the memberships of a project. */
export interface SharesQuery {
  /** Project whose images count; absent: all images. */
  readonly ownedBy?: string
  /** Only images with greater ids. */
  readonly after?: string | undefined
  /** Maximum number of memberships. */
  readonly limit: number
}

/** What a project uses; images that are killed, or deleted together with their data, do not count. */
export interface Usage {
  readonly images: number
  /** Bytes of the images that have their data. */
  readonly bytes: number
  /** Bytes of data that waits for its import. */
  readonly stagedBytes: number
  /** Images whose data is arriving. */
  readonly uploading: number
}

/**
 * Contract of every implementation, checked by one test suite:
 *
 * - Every method is atomic: it is done completely or not at all, even when the process is killed.
 * - A method that takes the id of an image returns undefined (or false) when the image does not exist or is deleted,
 *   unless stated otherwise. No method throws for a missing record.
 * - Text of any script is stored unchanged; comparisons are exact and case-sensitive.
 * - An id is never used again, even after its image is deleted.
 */
export interface Registry extends ProcessRegistry, EventRegistry {
  /** Adds a record; undefined when the id was used before. */
  create(image: NewImage): Promise<ImageRecord | undefined>
  /** The record, even if it is deleted; callers check `deleted`. */
  find(id: string): Promise<ImageRecord | undefined>
  /**
   * Changes a record by the result of `decide`, in one transaction. An empty change writes nothing; any other sets
   * `updatedAt`. Data that the image refers to no more is recorded as unused. An error that `decide` throws is thrown to
   * the caller.
   * @returns the changed record; undefined when there is none, or when `decide` returned undefined
   */
  change(id: string, decide: Decide): Promise<ImageRecord | undefined>
  /**
   * Marks the record as deleted (status `deleted`, `deletedAt`), deletes its members, properties and tags, and records its
   * data as unused. With the decision `pending_delete` it gets that status, and keeps all but data that is arriving.
   */
  delete(id: string, decide?: DecideDeletion): Promise<Deletion | undefined>
  /**
   * Completes the deletion of images with status `pending_delete`, oldest first. Of several processes that scrub at the same
   * time, each gets others.
   * @param age seconds since the deletion by the clock of the database, at least
   * @param limit largest number of images
   */
  scrub(age: number, limit: number): Promise<Scrubbed>
  /**
   * Makes an image with status `pending_delete` what it was before.
   * @returns `restored`, or the status of an image that cannot be restored; undefined when there is none
   */
  restore(id: string): Promise<ImageStatus | 'restored' | undefined>
  /**
   * One page, sorted by the key, ties by `created_at` then `id`, all in the same direction or as `thenBy` states. Null
   * sorts first ascending. Killed and deleted records are left out unless `changesSince` is given. All pages of a list
   * take equally long.
   * @returns 'unknown marker' when no record has that id, not even a deleted one
   */
  list(query: ImageQuery): Promise<ImagePage | 'unknown marker'>

  /**
   * The locations of data that no image uses, at most `limit`, in order, until `forgetUnusedData`.
   * @param after the last location of the page before
   */
  listUnusedData(limit: number, after?: string): Promise<readonly string[]>
  /** Forgets unused data after it was deleted. */
  forgetUnusedData(locations: readonly string[]): Promise<void>
  /**
   * The locations to which each of these images refers, that of a running upload included; none for deleted images. Images
   * that were never created are absent.
   */
  listStoredData(ids: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>

  /** Members of an image by member id. */
  listMembers(imageId: string): Promise<readonly MemberRecord[] | undefined>
  /** Memberships of a project in images that are not deleted, by image id. All parts of a list take equally long. */
  listShares(memberId: string, query: SharesQuery): Promise<readonly MemberRecord[]>
  /**
   * Adds a member with status `pending`.
   * @param decide is given the image and its members in the same transaction, as in the other changes of members
   * @returns `known` if it is a member already, undefined when the image does not exist
   */
  addMember(
    imageId: string,
    memberId: string,
    decide?: DecideMembers,
  ): Promise<MemberRecord | 'known' | undefined>
  /** Stores the answer of a member and its time; undefined when the image or the member does not exist. */
  setMemberStatus(
    imageId: string,
    memberId: string,
    status: MemberStatus,
    events?: readonly NewEvent[],
  ): Promise<MemberRecord | undefined>
  /**
   * Adds a member, or changes it. `canShare` undefined is false for a new member, and leaves an existing one unchanged.
   * @returns false when the image does not exist
   */
  putMember(
    imageId: string,
    memberId: string,
    canShare: boolean | undefined,
    decide?: DecideMembers,
  ): Promise<boolean>
  /** Makes these the only members; `canShare` as for `putMember`. @returns false when the image does not exist */
  replaceMembers(imageId: string, members: readonly Membership[], decide?: DecideMembers): Promise<boolean>
  /** Deletes a member; false when the image or the member does not exist. */
  deleteMember(imageId: string, memberId: string, decide?: DecideMembers): Promise<boolean>

  /**
   * Adds a task with status `pending`, and changes its image as `change` does, in one transaction.
   * @returns undefined when `change` would
   */
  createTask(task: NewTask, decide: Decide): Promise<TaskRecord | undefined>
  /**
   * Changes a task that has not finished, sets its `updatedAt`, and changes its image, if it still exists, as `change` does, in one transaction.
   * @param task with the holder that the task must have
   * @returns undefined when there is no task, when it has finished, or when another process holds it
   */
  updateTask(task: HeldTask, changes: TaskChanges, decide?: Decide): Promise<TaskRecord | undefined>
  /** The task with that id. */
  findTask(id: string): Promise<TaskRecord | undefined>
  /** Deletes the tasks that finished before that time. */
  deleteFinishedTasks(before: string): Promise<void>
  /** One page, newest first. Tasks outlive their images. */
  listTasks(query: TaskQuery): Promise<readonly TaskRecord[] | 'unknown marker'>

  /** What a project uses. */
  readUsage(owner: string): Promise<Usage>

  /** Metadata definitions. */
  readonly metadefs: MetadefRegistry

  /** Closes the database. */
  close(): Promise<void>
}
