/** The request that carries image data in version 2 of the API. */
import type {Draft} from '../../../model/draft.js'
import type {ImageData} from '../../image-api.js'
import type {Meter} from '../../upload/meter.js'
import {filePath} from '../paths.js'
import type {ServiceClient} from '../service-client.js'

/** The data, and the image that it belongs to. */
export interface DataRequest {
  /** Id of a queued image. */
  readonly id: string
  readonly draft: Draft
  readonly data: ImageData
  /** Counts and hashes the bytes that are sent. */
  readonly meter: Meter | undefined
}

/** Sends the data once. @throws Failure if the service did not accept it */
export async function sendData(client: ServiceClient, {id, draft, data, meter}: DataRequest): Promise<void> {
  const size = data.size ?? draft.size
  const source = data.size === 0 ? undefined : data.open()
  const what = `cannot upload the data of image ${id}`
  const reply = await client.send('PUT', filePath(id), {
    headers: {
      'content-type': 'application/octet-stream',
      // Ignored by servers without stores to choose from.
      ...(draft.store === undefined ? {} : {'x-image-meta-store': draft.store}),
      // Compared by servers from 31.0.0 on, ignored by others.
      ...(size === undefined ? {} : {'x-openstack-image-size': String(size)}),
    },
    body: source && (meter?.measure(source) ?? source),
    contentLength: data.size,
  })
  await (await client.expectReply(reply, {what, advice: UPLOAD_ADVICE})).discard()
}

const UPLOAD_ADVICE: Readonly<Record<number, string>> = {
  401: 'Log in again for a token that is valid longer: it may have expired during the upload.',
  404: 'Check that the image was not deleted in the meantime.',
  409: 'Add the data as a new image: only a queued image takes data, from one upload at a time.',
  410: 'Try again later: the store takes no data at the moment.',
  415: 'Check disk_format=: the service inspects the data and rejects other formats.',
  503: 'Try again later: the store did not take the data.',
}
