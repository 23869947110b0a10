/** A draft: what the user wants an image to be, before any server has seen it. */

/** Typed values of the fields a user may set; an absent one is left to the server, null empties it. */
export interface Draft {
  readonly id?: string
  readonly name?: string | null
  readonly isPublic?: boolean
  readonly protected?: boolean
  readonly diskFormat?: string | null
  readonly containerFormat?: string | null
  /** MiB. */
  readonly minRam?: number
  /** GiB. */
  readonly minDisk?: number
  readonly owner?: string | null
  /** Bytes the data must have. */
  readonly size?: number
  /** MD5 the data must have, in hexadecimal. */
  readonly checksum?: string
  /** URL where the data already lies. */
  readonly location?: string
  /** URL from which the data is copied. */
  readonly copyFrom?: string
  readonly properties: Readonly<Record<string, string>>
}
