/** The types of the Image service: an image, its members, a page of a list. */

/** Values of `visibility`. */
export const VISIBILITIES = ['public', 'community', 'shared', 'private'] as const

/** public: for everyone; community: for everyone who knows the id; shared: for members; private: for its project. */
export type Visibility = (typeof VISIBILITIES)[number]

/** An image in the brief list. */
export interface ImageSummary {
  readonly id: string
  /** URL of the image at the service. */
  readonly uri: string
  readonly name: string | null
  readonly diskFormat: string | null
  readonly containerFormat: string | null
  /** Bytes; null when the server does not know yet. */
  readonly size: number | null
  /** MD5 of the data in hexadecimal, once there is data. */
  readonly checksum: string | null
  /** As in `Image`; absent on v1, whose brief list does not have it. */
  readonly status?: string
}

/**
 * An image with all its metadata. The server did not return an attribute that is absent, and returned one that is null as
 * empty.
 */
export interface Image extends ImageSummary {
  /** queued, saving, active, killed, deleted, pending_delete; v2 knows more. */
  readonly status: string
  /** Derived from `visibility` on v2. */
  readonly isPublic: boolean | null
  /** public, community, shared or private (v2). */
  readonly visibility?: string | null
  /** Labels (v2). */
  readonly tags?: readonly string[]
  /** Left out of lists that do not ask for hidden images (v2). */
  readonly osHidden?: boolean | null
  /** Stores that have the data (v2). */
  readonly stores?: readonly string[]
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
  /** URL of the data in the store; most servers do not return it. */
  readonly location?: string | null
  /** URLs of the data in all stores, each with its password masked; most servers do not return them (v2). */
  readonly locations?: readonly string[]
  /** Stores into which the last import of the data failed (v2). */
  readonly failedImport?: string
  readonly deleted?: boolean | null
  /** Times are as the server wrote them: ISO 8601 in UTC. */
  readonly createdAt: string | null
  readonly updatedAt: string | null
  readonly deletedAt?: string | null
  /** Custom properties. */
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

/** Values of a membership status. */
export const MEMBER_STATUSES = ['accepted', 'rejected', 'pending'] as const

/** Status of a membership: the lists of the member hold an image only once it is accepted. */
export type MemberStatus = (typeof MEMBER_STATUSES)[number]

/** A project that an image is shared with. */
export interface Member {
  readonly memberId: string
  /** The member may share the image further (v1 only; false on v2). */
  readonly canShare: boolean
  /** A `MemberStatus`, on v2 only; ignored when a member is added. */
  readonly status?: string
}

/** A member to add: without `canShare`, an existing member keeps its own, and a new one may not share. */
export interface MemberChange {
  readonly memberId: string
  readonly canShare?: boolean | undefined
}

/** An image that is shared with a project. */
export interface SharedImage {
  readonly imageId: string
  readonly canShare: boolean
  /** A `MemberStatus`, where v2 returns it. */
  readonly status?: string
}

/** A part of a list. */
export interface Page<T> {
  readonly images: readonly T[]
  /** Marker of the next page; absent on the last one. */
  readonly next?: string | undefined
}

/** The statuses of an image, on both versions of the API. */
export const STATUSES = [
  'queued',
  'saving',
  'active',
  'killed',
  'deleted',
  'pending_delete',
  'uploading',
  'importing',
  'deactivated',
]
/** The disk formats that services accept unless they are configured otherwise. */
export const DISK_FORMATS = [
  'aki',
  'ari',
  'ami',
  'raw',
  'iso',
  'vhd',
  'vhdx',
  'vdi',
  'qcow2',
  'vmdk',
  'ploop',
]
/** The container formats that services accept unless they are configured otherwise. */
export const CONTAINER_FORMATS = ['aki', 'ari', 'ami', 'bare', 'ovf', 'ova', 'docker', 'compressed']

/** An image of another Glance in the same federation, which the service fetches. */
export interface RemoteImage {
  /** Region of the other Glance, by its name in the catalog. */
  readonly region: string
  readonly imageId: string
  /** Interface of its endpoint. Default of the service: public. */
  readonly serviceInterface?: string | undefined
}

/**
 * A method of import, with what it needs besides the draft and the data: the service fetches a URL, takes staged data, or
 * fetches an image of another Glance.
 */
export type ImportSource =
  | {readonly method: 'web-download' | 'glance-direct'}
  | {readonly method: 'glance-download'; readonly remote: RemoteImage}

/** The page as the brief list has it. */
export function toBriefPage({images, ...rest}: Page<Image>): Page<ImageSummary> {
  const summaries = images.map(({id, uri, name, diskFormat, containerFormat, size, checksum, status}) => {
    return {id, uri, name, diskFormat, containerFormat, size, checksum, status}
  })
  return {...rest, images: summaries}
}
