/** Image data on its way into version 2 of the API. */
import type {Draft} from '../../../model/draft.js'
import type {Failure} from '../../../model/errors.js'
import type {AddOptions, ImageData} from '../../image-api.js'
import {Meter} from '../../upload/meter.js'
import {uploadWithRetry} from '../../upload/retry.js'
import {type Expectation, expectationFrom, makeRehash} from '../../upload/verification.js'
import {waitForStatus} from '../../upload/wait-for-status.js'
import {filePath} from '../paths.js'
import type {ServiceClient} from '../service-client.js'
import {chooseAlgorithms} from './algorithms.js'
import {readStatus} from './wait-until-active.js'

/** An upload: what is sent where, and whether anybody wants to compare it afterwards. */
export interface UploadDataOptions extends Pick<AddOptions, 'onNote'> {
  readonly client: ServiceClient
  readonly id: string
  readonly data: ImageData
  readonly draft: Draft
  readonly verify: boolean
}

/**
 * Brings the data of a queued image there: sent again, where that can help, as soon as the service has put the image back.
 * @returns what the service must have stored now
 * @throws Failure when it did not get there
 */
export async function uploadData(options: UploadDataOptions): Promise<Expectation> {
  const {client, id, data, draft, verify, onNote} = options
  const algorithms = verify ? await chooseAlgorithms(client, data, draft) : []
  let meter: Meter | undefined
  const send = () => {
    meter = verify ? new Meter(algorithms, data.size) : undefined
    return sendOnce(options, meter)
  }
  const expected = async () => {
    if (!verify) return {}
    const sent = await meter?.finish()
    return {
      ...expectationFrom(draft),
      size: draft.size ?? data.size,
      sent,
      rehash: makeRehash(data, client.signal),
    }
  }
  const prepare = async (error: Failure) => {
    const status = await waitForStatus(() => readStatus(client, id), client.signal)
    if (status === 'queued') return undefined
    if (status !== 'active' || (verify && !meter?.isComplete)) throw error
    return true
  }
  await uploadWithRetry({data, signal: client.signal, onNote, send, prepare})
  return expected()
}

/** Counted and hashed on the way if there is a meter, else as it is. */
async function sendOnce(
  {client, id, data, draft}: UploadDataOptions,
  meter: Meter | undefined,
): Promise<true> {
  const size = data.size ?? draft.size
  const source = data.size === 0 ? undefined : data.open()
  const what = `cannot upload the data of image ${id}`
  const reply = await client.send('PUT', filePath(id), {
    headers: {
      'content-type': 'application/octet-stream',
      // From 31.0.0 on the server compares; before, it takes no notice.
      // Ignored by servers without stores to choose from.
      ...(draft.store === undefined ? {} : {'x-image-meta-store': draft.store}),
      ...(size === undefined ? {} : {'x-openstack-image-size': String(size)}),
    },
    body: source && (meter?.measure(source) ?? source),
    contentLength: data.size,
  })
  await (await client.expectReply(reply, {what, advice: UPLOAD_ADVICE})).discard()
  return true
}

const UPLOAD_ADVICE: Readonly<Record<number, string>> = {
  401: 'The token may have run out during the upload. Log in again, and give a token that lives long enough.',
  404: 'Was the image deleted in the meantime?',
  409: 'Only a queued image takes data, and from one upload at a time. Add the data as a new image.',
  410: 'The store of this cloud takes no data at the moment.',
  415: 'Is disk_format= right? The service looks into the data and refuses what is something else.',
  503: 'The store did not take the data. Try again later.',
}
