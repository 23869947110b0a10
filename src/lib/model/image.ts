/** The nouns of the Image service: an image, its members, a page of a list. */

/** What the brief list tells of an image. */
export interface ImageSummary {
  readonly id: string
  readonly name: string | null
  readonly diskFormat: string | null
  readonly containerFormat: string | null
  /** Bytes; null when the server does not know yet. */
  readonly size: number | null
  /** MD5 of the data in hexadecimal, once there is data. */
  readonly checksum: string | null
}

/**
 * All that is known of an image. An attribute that is absent was not told by the server;
 * one that is null was told to be empty.
 */
export interface Image extends ImageSummary {
  /** Where the image lives at the server that was asked. */
  readonly uri: string
  /** queued, saving, active, killed, deleted, pending_delete; v2 knows more. */
  readonly status: string
  /** On v2 told by `visibility`. */
  readonly isPublic: boolean | null
  /** public, community, shared or private (v2). */
  readonly visibility?: string | null
  /** Words to find it by (v2). */
  readonly tags?: readonly string[]
  /** Left out of lists that do not ask for hidden images (v2). */
  readonly osHidden?: boolean | null
  /** How `osHashValue` is computed, `sha512` unless the operator chose another (v2). */
  readonly osHashAlgo?: string | null
  /** Digest of the data in hexadecimal, once there is data (v2). */
  readonly osHashValue?: string | null
  /** A protected image cannot be deleted. */
  readonly protected?: boolean | null
  readonly owner: string | null
  /** MiB of memory that an instance of the image needs. */
  readonly minRam: number | null
  /** GiB of disk that an instance of the image needs. */
  readonly minDisk: number | null
  /** Bytes of the disk inside the image. */
  readonly virtualSize?: number | null
  /** Where the data lies in the store; most servers keep this to themselves. */
  readonly location?: string | null
  readonly deleted?: boolean | null
  /** Times are as the server wrote them: ISO 8601 in UTC. */
  readonly createdAt: string | null
  readonly updatedAt: string | null
  readonly deletedAt?: string | null
  /** What users stored beside the fields that the service knows. */
  readonly properties: Readonly<Record<string, string | null>>
}

/** The attributes that every summary has, of which the server returned none. */
export const EMPTY_SUMMARY = {name: null, diskFormat: null, containerFormat: null, size: null, checksum: null}

/** The attributes that every image has, of which the server returned none. */
export const EMPTY_IMAGE = {
  ...EMPTY_SUMMARY,
  status: 'unknown',
  isPublic: null,
  owner: null,
  minRam: null,
  minDisk: null,
  createdAt: null,
  updatedAt: null,
}

/** What a project says to being a member: its lists hold an image only once it is accepted. */
export type MemberStatus = 'accepted' | 'rejected' | 'pending'

/** A project that an image is shared with. */
export interface Member {
  readonly memberId: string
  /** Whether the member may share the image further (v1 only; false on v2). */
  readonly canShare: boolean
  /** A `MemberStatus`, told by v2 only; not read when a member is added. */
  readonly status?: string
}

/** An image that is shared with a project. */
export interface SharedImage {
  readonly imageId: string
  readonly canShare: boolean
  /** A `MemberStatus`, where v2 tells it. */
  readonly status?: string
}

/** A part of a list; `next` is the marker of the part behind it, absent when this is the last. */
export interface Page<T> {
  readonly images: readonly T[]
  readonly next?: string | undefined
}

export type SortDirection = 'asc' | 'desc'

/** Which images a list holds: every filter must match. */
export interface Filters {
  /** By field name as a user writes it (`name`, `size_min`, `is_public`, `changes-since`). */
  readonly fields: Readonly<Record<string, string>>
  /** By custom property. */
  readonly properties: Readonly<Record<string, string>>
}

/** One request for a page of images. */
export interface ListQuery {
  readonly filters?: Filters
  /** At most so many images in the page; the server may give fewer. */
  readonly limit?: number | undefined
  /** The id of the last image seen; the page begins behind it. */
  readonly marker?: string | undefined
  readonly sortKey?: string | undefined
  readonly sortDir?: SortDirection | undefined
}
