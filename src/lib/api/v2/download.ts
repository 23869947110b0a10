/** Downloads image data from version 2 of the API, whole or as a range. */
import type {Reply} from '../../http/message.js'
import {Failure} from '../../model/errors.js'
import type {Image} from '../../model/image.js'
import type {ByteRange, Download} from '../image-api.js'
import {filePath} from './paths.js'
import type {ServiceClient} from './service-client.js'

/** Statuses for a range that the service or its store cannot serve. */
const RANGE_REFUSED: readonly number[] = [400, 416]

/**
 * Downloads the data. The service replies 204 for an image without data (wire/glance-25.md#download), and 403 for a
 * deactivated one. Ranges exist since 15.0.0.
 * @returns the range, or the whole image if the service does not send the range
 * @throws Failure of kind `conflict` for an image without data
 */
export async function download(client: ServiceClient, image: Image, range?: ByteRange): Promise<Download> {
  const {id} = image
  if (range !== undefined) {
    const partial = await downloadRange(client, image, range)
    if (partial !== undefined) return partial
  }
  const what = `cannot download image ${id}`
  const reply = await client.send('GET', filePath(id), {expectedBytes: countBytes(image, {first: 0})})
  return toWholeDownload(await client.expectReply(reply, {what}, [200, 204]), image)
}

/** The range, or the whole image in its place; undefined if the service sends neither. */
async function downloadRange(
  client: ServiceClient,
  image: Image,
  range: ByteRange,
): Promise<Download | undefined> {
  const headers = {range: `bytes=${range.first}-${range.last ?? ''}`}
  const reply = await client.send('GET', filePath(image.id), {
    headers,
    expectedBytes: countBytes(image, range),
  })
  if (RANGE_REFUSED.includes(reply.status)) {
    await reply.discard()
    return undefined
  }
  await client.expectReply(reply, {what: `cannot download image ${image.id}`}, [200, 204, 206])
  if (reply.status !== 206) return toWholeDownload(reply, image)
  if (isRequestedRange(reply, image, range)) return {image, data: reply.body, from: range.first}
  reply.body.destroy()
  return undefined
}

function countBytes({size}: Image, {first, last}: ByteRange): number {
  const end = size ?? Number.POSITIVE_INFINITY
  return Math.min(end, last === undefined ? end : last + 1) - first
}

async function toWholeDownload(reply: Reply, image: Image): Promise<Download> {
  if (reply.status === 200) return {image, data: reply.body}
  await reply.discard()
  throw new Failure('conflict', `cannot download image ${image.id}`, {
    why: `it has no data: its status is ${image.status}`,
    status: 204,
  })
}

/** True if the reply is the requested range of an image of this size: `bytes 2-5/13`. */
function isRequestedRange(reply: Reply, {size}: Image, {first}: ByteRange): boolean {
  const [, begin, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(reply.headers.get('content-range') ?? '') ?? []
  if (begin === undefined || Number(begin) !== first) return false
  return size === null || total === '*' || Number(total) === size
}
