/** The Image service as an interface: what every version of the API can do, and what callers may rely on. */
import type {Readable} from 'node:stream'
import type {Digests} from '../data/digest.js'
import type {ImageData} from '../data/image-data.js'
import type {RetryPolicy} from '../http/retry/retry-policy.js'
import type {Draft} from '../model/draft.js'
import type {Image, ImageSummary, Member, MemberStatus, Page, SharedImage} from '../model/image.js'
import type {Filters, ListQuery} from '../model/list-query.js'

export type {ImageData}

/** Data that is being received from the service. */
export interface Download {
  readonly image: Image
  readonly data: Readable
  /** Offset of the data in bytes, when it is the requested range; absent when it is the whole image. */
  readonly from?: number
}

/** A part of the data of an image, counted in bytes from 0. */
export interface ByteRange {
  readonly first: number
  /** The last byte of it; without it the part goes to the end. */
  readonly last?: number | undefined
}

export interface DownloadOptions {
  readonly range?: ByteRange | undefined
  /** The image as `show` returned it: saves a request. */
  readonly image?: Image | undefined
}

export interface AddOptions {
  /**
   * Let the service fetch the URL of `copyFrom` by itself, and wait until it has. Version 2 otherwise sends the data
   * through us; version 1 always fetches by itself, and does not wait.
   */
  readonly serverImport?: boolean | undefined
  /** A source of `copyFrom` without a byte is an image of no bytes where it goes through us; otherwise it is an error. */
  readonly allowEmpty?: boolean | undefined
  /** Told, as a line, what is being done when that takes several steps. */
  readonly onStep?: ((text: string) => void) | undefined
  /**
   * Whether the data is hashed while it is sent, and size and digests are compared with what the service says it stored.
   * Also what the draft says of `size` and `checksum` is then compared. Default: true.
   */
  readonly verify?: boolean | undefined
  /** Leave the record of an upload that failed where it is, for those who want to look at it. */
  readonly keepFailed?: boolean | undefined
  /** Told, as a line, what the user should know: that data is sent again. */
  readonly onNote?: ((text: string) => void) | undefined
  /** Receives a line when the stored data cannot be verified. */
  readonly onWarning?: ((text: string) => void) | undefined
  /**
   * Told the id of a record that would be left behind if the program ended now, as soon as it may be there; undefined once
   * it is whole, or gone.
   */
  readonly onUnfinished?: ((id: string | undefined) => void) | undefined
}

export interface UpdateOptions extends AddOptions {
  readonly data?: ImageData | undefined
  /** Remove the custom properties that the draft does not name; otherwise they are kept on every server. */
  readonly purgeProperties?: boolean | undefined
}

/** Facts about a list that its images do not show. */
export interface ListNotes {
  readonly always?: string
  /** Advice in case the list is empty. */
  readonly ifEmpty?: string
}

/** The known facts of data that is not sent yet. */
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
 *   `unavailable` when the service cannot be reached, breaks off, or answers 503, `failed` for the rest.
 * - Text of any script in values comes back as it was sent, on servers that can store it.
 * - Unknown attributes of an answer are ignored; missing ones are absent or null, never an error.
 * - No method holds more than one page, or more than a few MiB of data, in memory.
 */
export interface ImageApi {
  /** For display; differences between versions are the concern of the methods. */
  readonly version: 1 | 2
  /** Base URL of the service, without a trailing slash. */
  readonly url: string
  /** How often transfers that broke off are repeated; the requests of this interface follow it themselves. */
  readonly retryPolicy: RetryPolicy
  /** Container format of a new image when the user names none. */
  readonly defaultContainer: 'ovf' | 'bare'

  /** One page of the brief list. Never an error when there is none: an empty page without `next`. */
  index(query: ListQuery): Promise<Page<ImageSummary>>
  /** One page of the detailed list. */
  details(query: ListQuery): Promise<Page<Image>>
  /** Notes on images that a list with these filters leaves out, although the caller may expect them. */
  explainList(filters: Filters): ListNotes
  /**
   * Images of this exact name that the caller may use, at most ten. The caller's own lists come first: images that others
   * share with the community are searched only when nothing is found there.
   * @param sharedFirst search first among the images that other projects share with the caller, accepted or not
   */
  findByName(name: string, sharedFirst?: boolean): Promise<readonly Image[]>
  /** Every visible image that has this content, as far as lists can be narrowed to it: the caller compares the data. */
  findByDigest(content: KnownContent): AsyncIterable<Image>
  /**
   * The images of a project, hidden ones included, in pages; all visible images when `project` is undefined.
   * @param remains returns true for an image of an earlier page that still exists: a page starts after the last that does, because some
   * servers reject a deleted image as a marker
   */
  ownImages(project: string | undefined, remains?: (image: Image) => boolean): AsyncIterable<readonly Image[]>
  show(id: string): Promise<Image>
  /**
   * Registers an image, with its data when given. Without data (and without `location` or `copyFrom`) it stays `queued`.
   * When the service answers before all data is sent, that answer counts, not the broken connection.
   * The record of an upload that failed, was interrupted or did not verify is deleted again, within seconds, and the
   * `Failure` reports whether it was. Data that can be read again is sent again when the connection breaks or the
   * service is temporarily unavailable.
   * What was sent, and what the draft says of `size` and `checksum`, is compared with what was stored: `unverified` when
   * they differ.
   */
  add(draft: Draft, data?: ImageData, options?: AddOptions): Promise<Image>
  /**
   * Changes what the draft names and leaves the rest. On version 2, `size` and `checksum` without data are compared
   * with what is stored, before anything is changed. Data may be given only while the image is `queued`: otherwise a
   * conflict.
   */
  update(id: string, draft: Draft, options?: UpdateOptions): Promise<Image>
  delete(id: string): Promise<void>
  /**
   * The data of an image; the caller must read or destroy the stream. A range is optional: version 1, and any service that
   * refuses it, gives the whole, which has no `from`. What comes is not verified here.
   */
  download(id: string, options?: DownloadOptions): Promise<Download>

  members(imageId: string): Promise<readonly Member[]>
  /**
   * Images shared with a project; an unknown project has none.
   * @param onNote receives a line when the service cannot list all of them
   */
  memberImages(memberId: string, onNote?: (text: string) => void): Promise<readonly SharedImage[]>
  /** The reason why a service that accepts any text may not know a member by this id; undefined when there is none. */
  questionMemberId(memberId: string): string | undefined
  /** The step that a new member must take before its lists hold the image; undefined when there is none. */
  explainAcceptance(imageId: string, memberId: string): string | undefined
  /**
   * Adding a project that is a member already is success and sets `canShare`. Version 2 does not have this right: asking
   * for it is a `Failure` of kind `usage`.
   * An image that cannot have members as long as its visibility is what it is: `conflict` with the code `not-shared`.
   */
  addMember(imageId: string, member: Member): Promise<void>
  removeMember(imageId: string, memberId: string): Promise<void>
  /**
   * Makes these the only members. Version 2 does it in steps: first it adds, then it removes; existing members keep their
   * status. When a step fails, later steps may have been done.
   * @param onStep receives a line for each step that was done
   */
  replaceMembers(imageId: string, members: readonly Member[], onStep?: (text: string) => void): Promise<void>
  /** Sets the status of a membership, on behalf of the member. Version 1 does not have a status: `failed`. */
  setMemberStatus(imageId: string, memberId: string, status: MemberStatus): Promise<void>
}
