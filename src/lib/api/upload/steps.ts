/** The requests of an upload, which differ between the versions of the API. */
import type {Image} from '../../model/image.js'
import type {Meter} from './meter.js'

/** Result of a rollback: the record was deleted, did not exist, or could not be deleted. */
export type RollbackResult = 'deleted' | 'none' | 'left'

/** Options of `look`. */
export interface LookOptions {
  /** First line of a failure. */
  readonly what?: string
  /** Ends this request, in place of the signal that ends all others. */
  readonly signal?: AbortSignal
}

/** The steps throw a `Failure`, or the reason of the signal. `run.ts` decides their order, and what is repeated. */
export interface UploadSteps {
  /** Id of the record that gets the data; undefined until it is known. */
  readonly id: string | undefined
  /** Target for sending data again: the same record if it is still `queued`, a new one in its place, or none. */
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
  /** Reads the image. */
  look(id: string, options?: LookOptions): Promise<Image>
  /** Deletes the record. Absent for an image that existed before: it is never deleted. */
  readonly rollBack?: (id: string, signal: AbortSignal) => Promise<RollbackResult>
  /** True if the service may have the record, or some of the data, despite this error. */
  mayHaveArrived(error: unknown): boolean
}
