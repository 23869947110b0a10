/** Methods of import, in which the service gets or converts the data itself. */

/** An image of another Glance in the same federation, which the service fetches. */
export interface RemoteImage {
  /** Region of the other Glance, by its name in the catalog. */
  readonly region: string
  readonly imageId: string
  /** Interface of its endpoint. Default of the service: public. */
  readonly serviceInterface?: string | undefined
}

/** Methods of import: the service fetches a URL, takes staged data, or fetches an image of another Glance. */
export const IMPORT_METHODS = ['web-download', 'glance-direct', 'glance-download'] as const

/** A method of import, with what it needs besides the draft and the data. */
export type ImportSource =
  | {readonly method: 'web-download' | 'glance-direct'}
  | {readonly method: 'glance-download'; readonly remote: RemoteImage}
