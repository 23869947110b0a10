/** The request that carries image data in version 2 of the API. */
import type {Draft} from '../../../model/draft.js'
import type {ImageData} from '../../image-api.js'
import type {Meter} from '../../upload/meter.js'
import {filePath} from '../paths.js'
import type {ServiceClient} from '../service-client.js'

export interface DataRequest {
  /** Id of a queued image. */
  readonly id: string
  readonly draft: Draft
  readonly data: ImageData
  /** Counts and hashes the bytes that are sent. */
  readonly meter: Meter | undefined
}

/** @throws Failure when the service did not accept the data */
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
  401: 'The token may have run out during the upload. Log in again, and give a token that lives long enough.',
  404: 'Was the image deleted in the meantime?',
  409: 'Only a queued image takes data, and from one upload at a time. Add the data as a new image.',
  410: 'The store of this cloud takes no data at the moment.',
  415: 'Is disk_format= right? The service looks into the data and refuses what is something else.',
  503: 'The store did not take the data. Try again later.',
}
