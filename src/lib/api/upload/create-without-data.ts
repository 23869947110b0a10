/** Creates an image without data. */
import type {Image} from '../../model/image.js'
import type {AddOptions} from '../image-api.js'
import {adviseUnknownRecord, rollBack} from './rollback.js'
import type {UploadSteps} from './steps.js'

/** The steps of an upload that a record without data needs. */
type RecordSteps = Pick<UploadSteps, 'id' | 'mayHaveArrived' | 'rollBack'>

/**
 * Creates the record of an image that gets its data later, or never.
 * @param create sends the request
 * @param signal its reason is thrown, after the record was deleted
 * @throws Failure with advice on the record if it may exist
 */
export async function createWithoutData(
  steps: RecordSteps,
  create: () => Promise<Image>,
  {onUnfinished}: AddOptions,
  signal: AbortSignal | undefined,
): Promise<Image> {
  try {
    const image = await create()
    signal?.throwIfAborted()
    return image
  } catch (error) {
    if (!steps.mayHaveArrived(error)) throw error
    throw steps.id === undefined ? adviseUnknownRecord(error) : await rollBack(steps, steps.id, error)
  } finally {
    onUnfinished?.(undefined)
  }
}
