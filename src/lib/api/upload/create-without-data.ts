/** Creates an image without data. */
import type {Image} from '../../model/image.js'
import type {AddOptions} from '../image-api.js'
import {rollBack} from './rollback.js'
import type {UploadSteps} from './steps.js'

/**
 * Creates the record of an image that gets its data later, or never.
 * @param signal its reason is thrown, after the record was deleted
 * @throws Failure with advice on the record if it may exist
 */
export async function createWithoutData(
  steps: Pick<UploadSteps, 'id' | 'mayHaveArrived' | 'rollBack'> & {create(): Promise<Image>},
  {onUnfinished}: AddOptions,
  signal: AbortSignal | undefined,
): Promise<Image> {
  try {
    const image = await steps.create()
    signal?.throwIfAborted()
    return image
  } catch (error) {
    throw steps.id !== undefined && steps.mayHaveArrived(error)
      ? await rollBack(steps, steps.id, error)
      : error
  } finally {
    onUnfinished?.(undefined)
  }
}
