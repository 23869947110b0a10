/** What a caller asks an image to be, whatever API version the wish came through. */

/** An absent attribute was not named, null empties it. */
export interface ImageInput {
  readonly id?: string | null
  readonly name?: string | null
  readonly status?: string | null
  readonly isPublic?: boolean
  readonly protected?: boolean
  readonly diskFormat?: string | null
  readonly containerFormat?: string | null
  /** MiB. */
  readonly minRam?: number
  /** GiB. */
  readonly minDisk?: number
  readonly owner?: string | null
  /** Bytes the data must have; 0 promises nothing when data comes. */
  readonly size?: number
  /** MD5 the data must have, in lower-case hexadecimal. */
  readonly checksum?: string | null
  /** URL where the data already lies. */
  readonly location?: string | null
  /** URL from which the data is to be copied. */
  readonly copyFrom?: string | null
  /** Name of the store that is to keep the data. */
  readonly store?: string | null
  readonly properties: Readonly<Record<string, string | null>>
}
