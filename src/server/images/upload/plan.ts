/** What an upload does: its data, its store, and what becomes of its image. */
import type {Readable} from 'node:stream'
import type {ImageChanges, ImageRecord, ImageStatus, Registry} from '../../registry/registry.js'
import type {Store} from '../../stores/store.js'
import type {Inspector} from '../content.js'
import type {ExpectedContent} from './expected-content.js'

/** Opens the data, or throws. Called once, when the upload begins. */
export type OpenData = (() => Readable | Promise<Readable>) & {
  /** Bytes that the sender announces: the data does not have more. */
  readonly announced?: number | undefined
}

/** Parameters of an upload. */
export interface UploadPlan {
  /** Status that the image must have before the upload. */
  readonly expectedStatus: ImageStatus
  /** Status during the upload. */
  readonly uploadingStatus: ImageStatus
  /** Status after a failure. */
  readonly onFailure: ImageRecord['onFailure']
  /** Status after success. */
  readonly finalStatus: ImageStatus
  /** Receives the data. */
  readonly store: Store
  readonly expected?: ExpectedContent
  /** Makes further changes of the image after the data was stored, or refuses the data. */
  readonly inspect?: Inspector
  /** The image has data in other stores, for which quotas have admitted it. */
  readonly isFurther?: boolean
  /** The changes after success; absent: those that it is given. It has no side effects. */
  readonly fill?: (image: ImageRecord, complete: FilledChanges) => ImageChanges
  /** The changes after a failure of the data or the store; absent: by `onFailure`. */
  readonly failure?: ImageChanges
  /** Begins the upload; absent: as `Registry.change`. A job begins it only while its process holds the job. */
  readonly begin?: Registry['change']
  /** True for a job that starts over: when it is interrupted, its image is left as if the process had died. */
  readonly isRepeatable?: boolean
}

/** Statuses of an upload that makes a queued image active. */
export const SAVING = {expectedStatus: 'queued', uploadingStatus: 'saving', finalStatus: 'active'} as const

/** The changes that make data the only data of an image. */
export type FilledChanges = ImageChanges & {readonly location: string; readonly size: number}

/** The changes of an image after a failure. */
export function toFailure({failure, onFailure}: UploadPlan): ImageChanges {
  return failure ?? (onFailure === 'killed' ? {status: 'killed'} : {status: 'queued', location: null})
}

/** True if the data makes its image active; a further copy is compared with the data of the image instead. */
export function isVerified({finalStatus, isFurther = false}: UploadPlan): boolean {
  return finalStatus === 'active' && !isFurther
}
