/** Image data on its way into version 2 of the API. */
import type {Draft} from '../../model/draft.js'
import type {Failure} from '../../model/errors.js'
import type {AddOptions, ImageData} from '../image-api.js'
import {Meter} from '../meter.js'
import {sentInTheEnd} from '../resending.js'
import {settledStatus} from '../settled.js'
import {type Expectation, expectationOf, readAgain} from '../verification.js'
import {algorithmsFor} from './hashing.js'
import {filePath} from './paths.js'
import {statusOf} from './progress.js'
import type {Wire} from './wire.js'

/** An upload: what is sent where, and whether anybody wants to compare it afterwards. */
export interface Upload extends Pick<AddOptions, 'onNote'> {
  readonly wire: Wire
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
export async function upload(upload: Upload): Promise<Expectation> {
  const {wire, id, data, draft, verify, onNote} = upload
  const algorithms = verify ? await algorithmsFor(wire, data, draft) : []
  let meter: Meter | undefined
  const send = () => {
    meter = verify ? new Meter(algorithms, data.size) : undefined
    return sendOnce(upload, meter)
  }
  const expected = async () => {
    if (!verify) return {}
    const sent = await meter?.sent()
    return {...expectationOf(draft), size: draft.size ?? data.size, sent, again: readAgain(data, wire.signal)}
  }
  const prepare = async (error: Failure) => {
    const status = await settledStatus(() => statusOf(wire, id), wire.signal)
    if (status === 'queued') return undefined
    if (status !== 'active' || (verify && !meter?.isComplete)) throw error
    return true
  }
  await sentInTheEnd({data, signal: wire.signal, onNote, send, prepare})
  return expected()
}

/** Counted and hashed on the way if there is a meter, else as it is. */
async function sendOnce({wire, id, data, draft}: Upload, meter: Meter | undefined): Promise<true> {
  const size = data.size ?? draft.size
  const source = data.size === 0 ? undefined : data.open()
  const what = `cannot upload the data of image ${id}`
  const reply = await wire.send('PUT', filePath(id), {
    headers: {
      'content-type': 'application/octet-stream',
      // From 31.0.0 on the server compares; before, it takes no notice.
      // Ignored by servers without stores to choose from.
      ...(draft.store === undefined ? {} : {'x-image-meta-store': draft.store}),
      ...(size === undefined ? {} : {'x-openstack-image-size': String(size)}),
    },
    body: source && (meter?.through(source) ?? source),
    contentLength: data.size,
  })
  await (await wire.answered(reply, {what, advice: ADVICE})).discard()
  return true
}

const ADVICE: Readonly<Record<number, string>> = {
  401: 'The token may have run out during the upload. Log in again, and give a token that lives long enough.',
  404: 'Was the image deleted in the meantime?',
  409: 'Only a queued image takes data, and from one upload at a time. Add the data as a new image.',
  410: 'The store of this cloud takes no data at the moment.',
  415: 'Is disk_format= right? The service looks into the data and refuses what is something else.',
  503: 'The store did not take the data. Try again later.',
}
