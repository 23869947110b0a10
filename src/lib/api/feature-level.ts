/** Decides which requests a service understands, by the minor version of the Image API v2 that it has. */
import {Failure, usageError} from '../model/errors.js'

/** The minor version of v2 that introduced a feature. */
const INTRODUCED_BY_MINOR = {
  /** More than one sort key. Kilo. */
  'several sort keys': 3,
  /** Limits of `created_at` and `updated_at`. Mitaka, which has the same 2.3 as Kilo: there they are not sent. */
  'time filters': 4,
  /** The visibilities `shared` and `community`. Before, a private image has members. Ocata. */
  'shared visibility': 5,
  /** The attribute and filter `os_hidden`. Rocky. */
  os_hidden: 7,
  /** `os_hash_algo` and `os_hash_value`, and the filter. Rocky. */
  multihash: 7,
  /** The actions `deactivate` and `reactivate`. Kilo. */
  'deactivation of images': 3,
  /** Data that is staged before its import, and the import methods. Queens. */
  imports: 6,
  /** More than one store, and their list. Rocky. */
  'several stores': 8,
  /** The data of an image is deleted from one store. Train. */
  'deletion from one store': 10,
  /** The import method `copy-image`. Ussuri. */
  'copies between stores': 11,
  /** The tasks of an image. Wallaby. */
  'tasks of images': 12,
  /** The quotas of a project. Xena. */
  'usage of quotas': 13,
  /** The filter `visibility=all`. Stein, which has the same 2.7 as Rocky: there the service may still refuse it. */
  'visibility=all': 7,
} as const

/** A part of version 2 of the API that some services do not have. */
export type Feature = keyof typeof INTRODUCED_BY_MINOR

/** The features of a service. */
export class FeatureLevel {
  /** @param minor newest minor version of v2; if it is unknown, the service counts as current */
  constructor(readonly minor?: number | undefined) {}

  /** True if the service understands requests with this feature. */
  has(feature: Feature): boolean {
    return this.minor === undefined || this.minor >= INTRODUCED_BY_MINOR[feature]
  }

  /**
   * Accepts what the user asks for.
   * @param what the field or filter as the user gives it: `os_hidden=`
   * @throws Failure of kind `usage` if the service lacks the feature
   */
  require(feature: Feature, what: string): void {
    if (this.has(feature)) return
    throw usageError(`this service does not have ${what}`, {
      why: `it has version 2.${this.minor} of the Image API, and that came with 2.${INTRODUCED_BY_MINOR[feature]}`,
    })
  }

  /**
   * The failure for a request that the service answers as if its path did not exist. Operators can turn features off,
   * which the version does not show: such a request is sent to every service.
   */
  explainMissing(feature: Feature): Failure {
    const since = `2.${INTRODUCED_BY_MINOR[feature]}`
    const version = this.minor === undefined ? '' : `it has version 2.${this.minor} of the Image API, and `
    return new Failure('failed', `this service does not have ${feature}`, {
      why: this.has(feature) ? 'the operator has not turned it on' : `${version}that came with ${since}`,
    })
  }

  /** The visibility of images that are not public and can have members. */
  get memberVisibility(): 'shared' | 'private' {
    return this.has('shared visibility') ? 'shared' : 'private'
  }
}
