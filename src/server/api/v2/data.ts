/** The data resources of images in API v2. */
import type {FastifyReply} from 'fastify'
import type {Authenticate} from '../../auth/authenticate.js'
import {HttpError} from '../../http/http-error.js'
import {requireDownloadable} from '../../images/access.js'
import type {ImageData} from '../../images/data.js'
import type {Images} from '../../images/images.js'
import type {ExpectedContent} from '../../images/upload/expected-content.js'
import {isFilled} from '../../registry/image-data.js'
import type {StoreSet} from '../../stores/set/store-set.js'
import {type ImageRequest, noteDownload, openBody, sendEmpty} from '../requests.js'
import {unsupportedTypeMessage} from './codec/patch.js'
import {parseRange} from './codec/range.js'
import {parseStoreHeader, requireWritable} from './codec/stores.js'
import {parseParams} from './query/page.js'

/** Dependencies of the data resources. */
export interface DataHandlersOptions {
  readonly images: Images
  readonly data: ImageData
  readonly stores: StoreSet
  readonly authenticate: Authenticate
}

/** Request handlers; each rejects with `HttpError` or `ServiceError`. */
export class DataHandlers {
  readonly #images: Images
  readonly #data: ImageData
  readonly #stores: StoreSet
  readonly #authenticate: Authenticate

  constructor({images, data, stores, authenticate}: DataHandlersOptions) {
    this.#images = images
    this.#data = data
    this.#stores = stores
    this.#authenticate = authenticate
  }

  /** wire/glance-25.md#upload. */
  readonly put = async (request: ImageRequest, reply: FastifyReply) => {
    const caller = this.#authenticate(request)
    requireOctetStream(request)
    const store = requireWritable(this.#stores, parseStoreHeader(request))
    await this.#data.upload(caller, request.params.id, openBody(request), {
      onFailure: 'queued',
      expected: expectedContent(request),
      store,
      recordsDiskSize: true,
    })
    return sendEmpty(reply)
  }

  /** wire/glance-25.md#stage. The import chooses the store. */
  readonly stage = async (request: ImageRequest, reply: FastifyReply) => {
    const caller = this.#authenticate(request)
    requireOctetStream(request)
    await this.#data.stage(caller, request.params.id, openBody(request), expectedContent(request))
    return sendEmpty(reply)
  }

  /** wire/glance-25.md#download. `Content-Md5` is the digest of the whole data, in hexadecimal. */
  readonly get = async (request: ImageRequest, reply: FastifyReply) => {
    const caller = this.#authenticate(request)
    const image = await this.#images.find(caller, request.params.id)
    requireDownloadable(caller, image)
    if (!isFilled(image) || image.location === null) return reply.code(204).send()
    const range = parseRange(request.headers, image.size)
    const {data, size} = await this.#data.open(image, range, parsePreference(request))
    reply.header('content-type', 'application/octet-stream')
    if (image.checksum !== null) reply.header('content-md5', image.checksum)
    const expected = range ? range.last - range.first + 1 : size
    noteDownload(this.#data, request, reply, {caller, image, size: expected})
    if (!range) {
      if (size !== undefined) reply.header('content-length', size)
      return reply.send(data)
    }
    const {first, last} = range
    return reply
      .code(206)
      .header('content-range', `bytes ${first}-${last}/${image.size}`)
      .header('content-length', expected)
      .send(data)
  }

  /** wire/glance-25.md#deactivate. */
  readonly deactivate = async (request: ImageRequest, reply: FastifyReply) => {
    await this.#data.deactivate(this.#authenticate(request), request.params.id)
    return sendEmpty(reply)
  }

  /** Reverses `deactivate`. */
  readonly reactivate = async (request: ImageRequest, reply: FastifyReply) => {
    await this.#data.reactivate(this.#authenticate(request), request.params.id)
    return sendEmpty(reply)
  }
}

function requireOctetStream({headers}: ImageRequest): void {
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase() || 'text/plain'
  if (type !== 'application/octet-stream')
    throw new HttpError(415, {explanation: unsupportedTypeMessage(type)})
}

/** The names of stores to read from first, as of services from 2026 on. */
function parsePreference({url}: ImageRequest): readonly string[] {
  const names = parseParams(url)
    .getAll('prefer')
    .flatMap(value => value.split(','))
  return names.map(name => name.trim())
}

/** The size that the client announces, in bytes. @throws HttpError 400 for an invalid number, or another length of the body */
function expectedContent({headers}: ImageRequest): ExpectedContent {
  const value = headers['x-openstack-image-size']
  if (value === undefined) return {}
  const size = /^\d{1,15}$/.test(String(value)) ? Number(value) : Number.NaN
  const length = headers['content-length']
  if (Number.isNaN(size)) {
    throw new HttpError(400, {explanation: `Invalid value '${value}' for x-openstack-image-size.`})
  }
  if (length !== undefined && Number(length) !== size) {
    throw new HttpError(400, {
      explanation: `The body of ${length} bytes is not what x-openstack-image-size promised (${size}).`,
    })
  }
  return {size}
}
