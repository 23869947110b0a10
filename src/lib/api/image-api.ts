/** The Image service as an interface for every version of the API, with its contract. */
import type {Readable} from 'node:stream'
import type {Digests} from '../data/digest.js'
import type {ImageData} from '../data/image-data.js'
import type {RetryPolicy} from '../http/retry/retry-policy.js'
import type {Draft} from '../model/draft.js'
import type {
  Image,
  ImageSummary,
  ImportSource,
  Member,
  MemberChange,
  MemberStatus,
  Page,
  SharedImage,
} from '../model/image.js'
import type {Filters, ListQuery} from '../model/list-query.js'
import type {ServiceOperations} from './service-operations.js'

export type {ImageData}

/** Data that is being received from the service. */
export interface Download {
  readonly image: Image
  readonly data: Readable
  /** Offset of the data in bytes, if it is the requested range; absent if it is the whole image. */
  readonly from?: number
}

/** A range of the data of an image, in bytes from 0. */
export interface ByteRange {
  readonly first: number
  /** The last byte; without it, the range extends to the end. */
  readonly last?: number | undefined
}

/** Options of a download. */
export interface DownloadOptions {
  readonly range?: ByteRange | undefined
  /** The image as `show` returned it: saves a request. */
  readonly image?: Image | undefined
}

/** Options of an upload. */
export interface AddOptions {
  /**
   * Let the service fetch the URL of `copyFrom`, and wait until it is done. Otherwise version 2 of the API has the data
   * sent by the client. On version 1 the service always fetches it, and the client does not wait. True is the method
   * `web-download`. Version 2 has others: `glance-direct` stages the data, so that the service checks and converts it (an
   * update without data imports what was staged), and `glance-download` fetches it from another Glance.
   */
  readonly serverImport?: boolean | ImportSource | undefined
  /** Accept an empty source of `copyFrom` that the client sends as an image of 0 bytes; otherwise it is an error. */
  readonly allowEmpty?: boolean | undefined
  /** Seconds to wait for an import. Default: no limit. */
  readonly importTimeout?: number | undefined
  /** Receives a line for each step of a transfer that takes several. */
  readonly onStep?: ((text: string) => void) | undefined
  /**
   * Hash the data while it is sent, and compare its size and digests, and `size` and `checksum` of the draft, with
   * those that the service reports. Default: true.
   */
  readonly verify?: boolean | undefined
  /** Keep the record of a failed upload. */
  readonly keepFailed?: boolean | undefined
  /** Receives a line when data is sent again. */
  readonly onNote?: ((text: string) => void) | undefined
  /** Receives a line when the stored data cannot be verified. */
  readonly onWarning?: ((text: string) => void) | undefined
  /**
   * Receives the id of a record that would remain if the program ended now, as soon as it may exist; undefined once it
   * is complete or deleted.
   */
  readonly onUnfinished?: ((id: string | undefined) => void) | undefined
}

/** Options of an update. */
export interface UpdateOptions extends AddOptions {
  readonly data?: ImageData | undefined
  /** Remove the custom properties that the draft does not name; otherwise they are kept on every server. */
  readonly purgeProperties?: boolean | undefined
  /** Names of custom properties to remove; others are kept. */
  readonly unset?: readonly string[] | undefined
}

/** Facts about a list that its images do not show. */
export interface ListNotes {
  readonly always?: string
  /** Advice in case the list is empty. */
  readonly ifEmpty?: string
}

/** Known properties of data that was not sent yet. */
export interface KnownContent {
  /** Bytes. */
  readonly size: number | undefined
  readonly digests: Digests
}

/**
 * Contract, kept by every implementation and checked by one suite:
 *
 * - Each method either does what it says or throws a `Failure`; its kind is `not-found` for an image or
 *   member that is unknown or invisible, `denied` for 401 and 403, `conflict` for 409 and a protected image,
 *   `unavailable` when the service cannot be reached, breaks off, or replies 503, `failed` for the rest.
 * - Text of any script in values comes back as it was sent, on servers that can store it.
 * - Unknown attributes of a reply are ignored; missing ones are absent or null, never an error.
 * - No method holds more than one page, or more than a few MiB of data, in memory.
 */
export interface ImageApi {
  /** For display; the methods hide the differences between versions. */
  readonly version: 1 | 2
  /** Base URL of the service, without a trailing slash. */
  readonly url: string
  /** Policy for repeating transfers that broke off; the requests of this interface follow it themselves. */
  readonly retryPolicy: RetryPolicy
  /** Default container format of a new image. */
  readonly defaultContainer: 'ovf' | 'bare'
  /** Visibility of images that are not public and can have members. */
  readonly memberVisibility: 'shared' | 'private'

  /**
   * One page of the brief list; without `next` it is the last one. It has at most as many images as `limit`, or more if the
   * list is sorted by size and the service cannot continue after fewer.
   */
  index(query: ListQuery): Promise<Page<ImageSummary>>
  /** One page of the detailed list. */
  details(query: ListQuery): Promise<Page<Image>>
  /** Notes on images that a list with these filters leaves out, although the caller may expect them. */
  explainList(filters: Filters): ListNotes
  /**
   * Images of this exact name that the caller may use, at most ten. The caller's own lists come first: community images
   * of other projects are searched only if those have no match.
   * @param sharedFirst search first among the images that other projects share with the caller, accepted or not
   */
  findByName(name: string, sharedFirst?: boolean): Promise<readonly Image[]>
  /** Visible images that may have this content, as far as lists can be filtered by it: the caller compares the data. */
  findByDigest(content: KnownContent): AsyncIterable<Image>
  /**
   * The images of a project, hidden ones included, in pages; all visible images when `project` is undefined.
   * @param remains returns true for an image of an earlier page that still exists: a page starts after the last one
   * that does, because some servers reject a deleted image as a marker
   */
  ownImages(project: string | undefined, remains?: (image: Image) => boolean): AsyncIterable<readonly Image[]>
  /** All metadata of an image. */
  show(id: string): Promise<Image>
  /**
   * Adds an image, with its data if given. Without data (and without `location` or `copyFrom`) it stays `queued`.
   * If the service replies before all data is sent, that reply counts, not the broken connection.
   * The record of an upload that failed, was interrupted or did not verify is deleted again, within seconds, and the
   * `Failure` reports whether it was. Data that can be read again is sent again when the connection breaks or the
   * service is temporarily unavailable.
   * The data that was sent, and `size` and `checksum` of the draft, are compared with the data that was stored:
   * `unverified` if they differ.
   */
  add(draft: Draft, data?: ImageData, options?: AddOptions): Promise<Image>
  /**
   * Changes the fields that the draft names, and no others. On version 2, `size` and `checksum` without data are
   * compared with those of the stored data before anything is changed. Data is accepted only while the image is
   * `queued`: otherwise `conflict`.
   */
  update(id: string, draft: Draft, options?: UpdateOptions): Promise<Image>
  /** Deletes an image and its data. */
  delete(id: string): Promise<void>
  /**
   * The data of an image; the caller must read or destroy the stream. A range is optional: version 1, and any service
   * that refuses it, sends the whole image, without `from`. The data is not verified here.
   */
  download(id: string, options?: DownloadOptions): Promise<Download>

  /** The members of an image. */
  members(imageId: string): Promise<readonly Member[]>
  /**
   * Images shared with a project; an unknown project has none.
   * @param onNote receives a line if the service cannot list all of them
   */
  memberImages(memberId: string, onNote?: (text: string) => void): Promise<readonly SharedImage[]>
  /** The reason to doubt a member id, for a service that accepts any text; undefined for a plausible one. */
  questionMemberId(memberId: string): string | undefined
  /** The step that a new member must take before its lists hold the image; undefined if none is required. */
  explainAcceptance(imageId: string, memberId: string): string | undefined
  /**
   * Adds a member; for an existing one, sets `canShare`, or leaves it alone if it is undefined. Version 2 does not have
   * this right: version 1 of the same service is used if there is one and no version was named; otherwise it is a
   * `Failure` of kind `usage`. An image whose visibility excludes members is a `conflict` with the code `not-shared`.
   * @returns the member as the service has it; without a status where it does not reply with one
   */
  addMember(imageId: string, member: MemberChange): Promise<Member>
  /** Removes a member. */
  removeMember(imageId: string, memberId: string): Promise<void>
  /**
   * Replaces all members with these. Version 2 does it in steps: first it adds, then it removes; existing members keep
   * their status. If a step fails, later steps may have been done.
   * @param onStep receives a line for each step that was done
   * @returns the members as the service has them, in their order
   */
  replaceMembers(
    imageId: string,
    members: readonly MemberChange[],
    onStep?: (text: string) => void,
  ): Promise<readonly Member[]>
  /** Stores, tasks, quotas and states of images; absent on version 1. Loaded on the first call. */
  operations?(): Promise<ServiceOperations>

  /** Sets the status of a membership, on behalf of the member. Version 1 does not have a status: `failed`. */
  setMemberStatus(imageId: string, memberId: string, status: MemberStatus): Promise<Member>
}
