/** The Image service as an interface: what every version of the API can do, and what callers may rely on. */
import type {Readable} from 'node:stream'
import type {ImageData} from '../io/image-data.js'
import type {Draft} from '../model/draft.js'
import type {Image, ImageSummary, ListQuery, Member, Page, SharedImage} from '../model/image.js'

export type {ImageData}

/** Bytes on their way from the service. */
export interface Download {
  readonly image: Image
  readonly data: Readable
}

export interface UpdateOptions {
  readonly data?: ImageData | undefined
  /** Remove the custom properties that the draft does not name; otherwise they are kept on every server. */
  readonly purgeProperties?: boolean | undefined
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
  readonly version: 1 | 2
  /** Base URL of the service, without a trailing slash. */
  readonly url: string

  /** One page of the brief list. Never an error when there is none: an empty page without `next`. */
  index(query: ListQuery): Promise<Page<ImageSummary>>
  /** One page of the detailed list. */
  details(query: ListQuery): Promise<Page<Image>>
  show(id: string): Promise<Image>
  /**
   * Registers an image, with its data when given. Without data (and without `location` or `copyFrom`) it stays `queued`.
   * When the service answers before all data is sent, that answer counts, not the broken connection.
   * The record of a failed upload may stay behind, `killed`: the service says.
   */
  add(draft: Draft, data?: ImageData): Promise<Image>
  /** Changes what the draft names and leaves the rest. Data may be given only while the image is `queued`: otherwise a conflict. */
  update(id: string, draft: Draft, options?: UpdateOptions): Promise<Image>
  delete(id: string): Promise<void>
  /** The data of an image; the caller must read or destroy the stream. */
  download(id: string): Promise<Download>

  members(imageId: string): Promise<readonly Member[]>
  /** Images shared with a project; an unknown project has none. */
  memberImages(memberId: string): Promise<readonly SharedImage[]>
  /** Adding somebody who is a member already is success and sets `canShare`. */
  addMember(imageId: string, member: Member): Promise<void>
  removeMember(imageId: string, memberId: string): Promise<void>
  /** Makes these the only members. */
  replaceMembers(imageId: string, members: readonly Member[]): Promise<void>
}
