/** Keeps data for a later import in the staging area of the service. */
import {Failure} from '../../../model/errors.js'
import type {ImageData} from '../../image-api.js'
import {isReplyLost} from '../../upload/find-stored.js'
import {Meter} from '../../upload/meter.js'
import {imageFrom} from '../documents.js'
import {imagePath, stagePath} from '../paths.js'
import type {ServiceClient} from '../service-client.js'

const STAGE_ADVICE: Readonly<Record<number, string>> = {
  409: 'Look at its status: only a queued image takes data, and only once.',
  413: 'Delete images, or ask the operator to raise the limit of staged data.',
}

/**
 * Sends data to the staging area, and compares the size that the service reports, as far as it reports one (2.6).
 * @param meter counts and hashes the bytes that are sent
 * @returns bytes that were sent
 * @throws Failure of kind `unverified` if the service has another size
 */
export async function stageData(
  client: ServiceClient,
  id: string,
  data: ImageData,
  meter = new Meter([], data.size),
): Promise<number> {
  const what = `cannot stage the data of image ${id}`
  const source = data.size === 0 ? undefined : data.open()
  const request = {
    headers: {
      'content-type': 'application/octet-stream',
      ...(data.size === undefined ? {} : {'x-openstack-image-size': String(data.size)}),
    },
    body: source && meter.measure(source),
    contentLength: data.size,
  }
  const reply = await client.send('PUT', stagePath(id), request).catch(error => {
    throw meter.isComplete ? withoutRetry(error) : error
  })
  await (await client.expectReply(reply, {what, advice: STAGE_ADVICE})).discard()
  const sent = data.size ?? meter.size
  const {size} = imageFrom(await client.json('GET', imagePath(id), {what}), client.url)
  if (size === null || size === sent) return sent
  throw new Failure('unverified', `the staged data of image ${id} does not match the data that was sent`, {
    why: `the service stored ${size} bytes, expected ${sent}`,
  })
}

/** A staged image keeps its status until it is imported: it would be waited for without end. */
function withoutRetry(error: unknown): unknown {
  return error instanceof Failure && isReplyLost(error) ? error.with({kind: 'failed'}) : error
}
