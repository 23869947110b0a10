/** The requests of an upload, which differ between the versions of the API. */
import type {Image} from '../../model/image.js'
import type {Meter} from './meter.js'

/** What became of a record: it was deleted, did not exist, or could not be deleted. */
export type RollbackResult = 'deleted' | 'none' | 'left'

export interface LookOptions {
  /** First line of a failure. */
  readonly what?: string
  /** Ends this request, in place of the signal that ends all others. */
  readonly signal?: AbortSignal
}

/** The steps throw a `Failure`, or the reason of the signal. `run.ts` decides their order, and what is repeated. */
export interface UploadSteps {
  /** Id of the record that gets the data; undefined as long as it is not known. */
  readonly id: string | undefined
  /** Where data is sent again: to the same record if it is still `queued`, to a new one in its place, or nowhere. */
  readonly resendTo: 'same record' | 'new record' | 'nowhere'
  /** @returns the digests to compute while the data is sent, as the runtime names them */
  chooseAlgorithms(): Promise<readonly string[]>
  /**
   * Prepares the record.
   * @returns the image, unless version 1 creates it with its data
   */
  create(): Promise<Image | undefined>
  /**
   * Sends the data once, or lets the service fetch it.
   * @param meter counts and hashes the bytes that are sent
   * @returns the stored image, if the reply describes it
   */
  send(meter: Meter | undefined): Promise<Image | undefined>
  look(id: string, options?: LookOptions): Promise<Image>
  /** Deletes the record. Absent for an image that existed before: it is never deleted. */
  readonly rollBack?: (id: string, signal: AbortSignal) => Promise<RollbackResult>
  /** Tells whether the service may have the record, or some of the data, in spite of this error. */
  mayHaveArrived(error: unknown): boolean
}
