/** The requests that upload data to a queued image, in version 1 of the API. */
import type {Draft} from '../../../model/draft.js'
import type {Image} from '../../../model/image.js'
import type {ImageData} from '../../image-api.js'
import {mayHaveChangedImage} from '../../upload/rollback.js'
import type {UploadSteps} from '../../upload/steps.js'
import {V1_ALGORITHMS} from './new-image-steps.js'
import {openUploadBody, type UploadBody} from './upload-body.js'

/** The requests of the steps. */
export interface ExistingImageRequests {
  readonly id: string
  /** Ends the wait for the first byte. */
  readonly signal: AbortSignal | undefined
  put(data: UploadBody): Promise<Image>
  show(id: string, signal?: AbortSignal): Promise<Image>
}

/**
 * The steps of one PUT, which carries the data. If it breaks off, it mostly leaves the image `killed` permanently
 * (wire/v1.md#g31, #j14). Data is sent again only if the image is still `queued`: then nothing of the request has
 * arrived.
 */
export function v1ExistingImageSteps(
  calls: ExistingImageRequests,
  draft: Draft,
  data: ImageData,
): UploadSteps {
  const {id, signal, put, show} = calls
  return {
    id,
    resendTo: 'same record',
    chooseAlgorithms: async () => V1_ALGORITHMS,
    create: async () => undefined,
    send: async meter => put(await openUploadBody(data, draft, signal, meter)),
    look: (_, {signal} = {}) => show(id, signal),
    mayHaveArrived: mayHaveChangedImage,
  }
}
