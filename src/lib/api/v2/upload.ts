/** Image data on its way into version 2 of the API, and the proof that it arrived. */
import {createHash, type Hash} from 'node:crypto'
import {Readable} from 'node:stream'
import type {Draft} from '../../model/draft.js'
import {Failure} from '../../model/errors.js'
import type {Image} from '../../model/image.js'
import type {ImageData} from '../image-api.js'
import {filePath} from './paths.js'
import type {Wire} from './wire.js'

/** What the stored data must be. */
export interface Expectation {
  /** Bytes. */
  readonly size?: number | undefined
  /** MD5 in lower-case hexadecimal. */
  readonly checksum?: string | undefined
  /** MD5 of what was sent, when it was computed. */
  readonly sent?: string | undefined
}

export function expectationOf({size, checksum}: Draft): Expectation {
  return {size, checksum: checksum?.toLowerCase()}
}

/**
 * Sends the data of a queued image. Bytes are counted when nobody knows how many come, and hashed when a checksum is
 * expected; otherwise the stream goes out as it is.
 * @returns what the service must have stored now
 * @throws Failure when it did not get there
 */
export async function upload(wire: Wire, id: string, data: ImageData, draft: Draft): Promise<Expectation> {
  const expected = expectationOf(draft)
  const size = data.size ?? draft.size
  const meter = data.size === undefined || expected.checksum ? new Meter(expected.checksum) : undefined
  const body = data.size === 0 ? undefined : bodyOf(data, meter)
  const what = `cannot upload the data of image ${id}`
  const reply = await wire.send('PUT', filePath(id), {
    headers: {
      'content-type': 'application/octet-stream',
      // From 31.0.0 on the server compares; before, it takes no notice.
      ...(size === undefined ? {} : {'x-openstack-image-size': String(size)}),
    },
    body,
    contentLength: data.size,
  })
  await (await wire.answered(reply, {what, advice: ADVICE})).discard()
  return {...expected, size: draft.size ?? data.size ?? meter?.size, sent: meter?.md5()}
}

const ADVICE: Readonly<Record<number, string>> = {
  401: 'The token may have run out during the upload. Log in again, and give a token that lives long enough.',
  404: 'Was the image deleted in the meantime?',
  409: 'Only a queued image takes data, and from one upload at a time. Add the data as a new image.',
  410: 'The store of this cloud takes no data at the moment.',
  415: 'Is disk_format= right? The service looks into the data and refuses what is something else.',
  503: 'The store did not take the data. Try again later.',
}

/** @throws Failure of kind `unverified` for data that is known not to be as long as the draft says */
export function assertLength(data: ImageData, {size}: Draft): void {
  if (size === undefined || data.size === undefined || size === data.size) return
  throw new Failure('unverified', 'the image data is not what was announced', {
    why: `it has ${data.size} bytes, and size=${size} was given`,
  })
}

/** Nothing is read before the connection is there: what breaks earlier would break unheard. */
function bodyOf(data: ImageData, meter: Meter | undefined): Readable {
  const source = data.open()
  return meter ? Readable.from(meter.through(source), {objectMode: false}) : source
}

/** Counts what passes through, and hashes it when a checksum is expected. */
class Meter {
  size = 0
  readonly #hash: Hash | undefined

  constructor(checksum: string | undefined) {
    this.#hash = checksum === undefined ? undefined : createHash('md5')
  }

  async *through(source: Readable): AsyncGenerator<Buffer> {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      this.size += chunk.length
      this.#hash?.update(chunk)
      yield chunk
    }
  }

  md5(): string | undefined {
    return this.#hash?.digest('hex')
  }
}

/** @throws Failure of kind `unverified` when the service has stored something else */
export function verify(image: Image, {size, checksum, sent}: Expectation): void {
  const why = difference(image, size, checksum, sent)
  if (why === undefined) return
  throw new Failure('unverified', `the data of image ${image.id} is not what was announced`, {why})
}

function difference(image: Image, size?: number, checksum?: string, sent?: string): string | undefined {
  if (size !== undefined && image.size !== null && image.size !== size)
    return `the service stored ${image.size} bytes, ${size} were announced`
  if (checksum !== undefined && sent !== undefined && sent !== checksum)
    return `its checksum is ${sent}, announced was ${checksum}`
  const stored = image.checksum?.toLowerCase()
  if (checksum !== undefined && stored !== undefined && stored !== checksum)
    return `the service computed the checksum ${stored}, announced was ${checksum}`
  return undefined
}
