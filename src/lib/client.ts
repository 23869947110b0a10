/** The library: `Client`, for programs that use an Image service. */
import {Readable} from 'node:stream'
import type {
  AddOptions,
  Download,
  DownloadOptions,
  ImageApi,
  ImageData,
  UpdateOptions,
} from './api/image-api.js'
import {type ClosableImageApi, type ImageApiOptions, openImageApi} from './api/open-api.js'
import {allImages} from './api/search.js'
import {type ServiceAddress, serviceUrl} from './api/service-url.js'
import {RetryPolicy} from './http/retry/retry-policy.js'
import type {Draft} from './model/draft.js'
import {toFilters} from './model/filters.js'
import type {Image, ImageSummary, Member, MemberStatus, Page, SharedImage} from './model/image.js'
import type {ListQuery, SortDirection} from './model/list-query.js'

export type {AddOptions, ByteRange, Download, DownloadOptions, ImageData} from './api/image-api.js'
export type {Draft} from './model/draft.js'
export {Failure, type FailureCode, type FailureKind} from './model/errors.js'
export type {Image, ImageSummary, Member, MemberStatus, SharedImage} from './model/image.js'
export type {SortDirection} from './model/list-query.js'

/** The service and the connection to it. By default http://127.0.0.1:9292, without authentication. */
export interface ClientOptions extends ServiceAddress {
  /** Version of the API to use. Default: the newest that the service and this library support. */
  readonly version?: 1 | 2 | undefined
  /** Token of the caller; short for `X-Auth-Token` in `headers`. */
  readonly token?: string | undefined
  /** Headers of every request, for other kinds of authentication. They are never printed. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Path of the CA bundle for verifying the service. Default: the CAs that the system trusts. */
  readonly cacert?: string | undefined
  /** Path of the client certificate; the file may hold the key too. */
  readonly cert?: string | undefined
  /** Path of the private key of `cert`, not encrypted. */
  readonly key?: string | undefined
  /** Accept any certificate. */
  readonly insecure?: boolean | undefined
  /**
   * Seconds without receiving anything after which a request fails; 0: never. Not a limit for a whole transfer.
   * Default: 30 for the connection, 300 for the rest.
   */
  readonly timeoutSeconds?: number | undefined
  /** Number of times a temporary failure is retried, if repeating is safe. Default: 3. */
  readonly retries?: number | undefined
  /** Environment with proxies (`HTTP_PROXY`, `HTTPS_PROXY`, `NO_PROXY`) and `SSL_CERT_FILE`. Default: none is used. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
  /** Ends every request; its reason is thrown. */
  readonly signal?: AbortSignal | undefined
  /** Receives a line for every request and every reply, without secrets. */
  readonly trace?: ((line: string) => void) | undefined
}

/** Filters, order and page size of a list. */
export interface ListOptions {
  /**
   * Every one must match: name, status, container_format, disk_format, min_ram, min_disk, is_public, protected,
   * size_min and size_max (bytes), changes-since (ISO 8601); on version 2 also id, owner, visibility, member_status,
   * tag (several separated by commas), os_hidden, checksum, os_hash_value, created_at and updated_at
   * (`gte:2026-01-01`).
   */
  readonly filters?: Readonly<Record<string, string | number | boolean>>
  /** Custom properties that must match too. */
  readonly properties?: Readonly<Record<string, string>>
  /** id, name, status, container_format, disk_format, size, created_at (the default) or updated_at. */
  readonly sortKey?: string
  /** Default: `desc`. */
  readonly sortDir?: SortDirection
  /** Start after the image with this id. */
  readonly marker?: string
  /** Images per request. Default: 500. */
  readonly pageSize?: number
}

/** The metadata of an image to add or change. Custom properties are optional. */
export type ImageMeta = Omit<Draft, 'properties'> & Partial<Pick<Draft, 'properties'>>

/** Image data: a source that can be opened, a stream, bytes, or text. */
export type Data = ImageData | Readable | Uint8Array | string

/**
 * An Image service. Methods throw a `Failure` with a kind, a reason and advice.
 *
 * @example
 * const client = new Client({host: 'glance.example.com', port: 9292})
 * for await (const image of client.images({filters: {size_max: 5 * 1024 ** 3}, sortKey: 'name', sortDir: 'asc'})) {
 *   console.log(image.id, image.name)
 * }
 *
 * @example
 * const image = await client.addImage(
 *   {name: 'Ubuntu 10.10', isPublic: true, diskFormat: 'qcow2', containerFormat: 'bare', properties: {distro: 'ubuntu'}},
 *   createReadStream('ubuntu.qcow2'),
 * )
 * console.log('Stored image. Got identifier:', image.id)
 */
export class Client {
  readonly #options: ImageApiOptions
  #api: Promise<ClosableImageApi> | undefined

  /** Opens no connection yet. @throws Failure of kind `usage` for an invalid address */
  constructor(options: ClientOptions = {}) {
    const {retries, ...rest} = options
    this.#options = {...rest, ...serviceUrl(options), retryPolicy: new RetryPolicy({retries})}
  }

  /** Lists images briefly, over all pages; each page is fetched when it is needed. */
  images(options: ListOptions = {}): AsyncGenerator<ImageSummary> {
    return this.#listAll((api, query) => api.index(query), options)
  }

  /** Lists images with all their metadata, over all pages. */
  imagesDetailed(options: ListOptions = {}): AsyncGenerator<Image> {
    return this.#listAll((api, query) => api.details(query), options)
  }

  /** One image with all its metadata. */
  async image(id: string): Promise<Image> {
    return (await this.#open()).show(id)
  }

  /**
   * One image with its data, or with the requested `range` of it, if the service supports ranges: `from` is then its
   * offset in bytes. Read the data to its end, or destroy it.
   *
   * @example
   * const {image, data} = await client.imageData(id)
   * await pipeline(data, createWriteStream(`${image.name}.img`))
   */
  async imageData(id: string, options?: DownloadOptions): Promise<Download> {
    return (await this.#open()).download(id, options)
  }

  /** Adds an image. Without data, `location` or `copyFrom` it is only registered, and stays `queued`. */
  async addImage(meta: ImageMeta, data?: Data, options?: AddOptions): Promise<Image> {
    return (await this.#open()).add(toDraft(meta), toImageData(data), options)
  }

  /**
   * Changes the fields that `meta` names, and no others. With `purgeProperties`, removes custom properties that `meta`
   * does not name.
   */
  async updateImage(
    id: string,
    meta: ImageMeta,
    options: AddOptions & {data?: Data; purgeProperties?: boolean} = {},
  ): Promise<Image> {
    const {data, ...rest} = options
    const update: UpdateOptions = {...rest, data: toImageData(data)}
    return (await this.#open()).update(id, toDraft(meta), update)
  }

  /** Deletes an image and its data. */
  async deleteImage(id: string): Promise<void> {
    await (await this.#open()).delete(id)
  }

  /** The members of an image: the projects that it is shared with. */
  async imageMembers(id: string): Promise<readonly Member[]> {
    return (await this.#open()).members(id)
  }

  /** The images that are shared with a project. */
  async memberImages(memberId: string): Promise<readonly SharedImage[]> {
    return (await this.#open()).memberImages(memberId)
  }

  /** Adds a member to an image. With `canShare`, it may share the image further (version 1 only). */
  async addMember(imageId: string, memberId: string, canShare = false): Promise<void> {
    await (await this.#open()).addMember(imageId, {memberId, canShare})
  }

  /** Removes a member from an image. */
  async deleteMember(imageId: string, memberId: string): Promise<void> {
    await (await this.#open()).removeMember(imageId, memberId)
  }

  /** Replaces all members of an image with these; a string is the id of a member that may not share further. */
  async replaceMembers(imageId: string, members: Iterable<string | Member>): Promise<void> {
    const all = [...members].map(member =>
      typeof member === 'string' ? {memberId: member, canShare: false} : member,
    )
    await (await this.#open()).replaceMembers(imageId, all)
  }

  /** Accepts or rejects a shared image, on behalf of the project that it is shared with (version 2 only). */
  async setMemberStatus(imageId: string, memberId: string, status: MemberStatus): Promise<void> {
    await (await this.#open()).setMemberStatus(imageId, memberId, status)
  }

  /** Closes the connections. Idle ones do not keep the process alive: closing is for long-running programs. */
  async close(): Promise<void> {
    const api = this.#api
    this.#api = undefined
    await (await api)?.close()
  }

  #open(): Promise<ClosableImageApi> {
    this.#api ??= openImageApi(this.#options)
    return this.#api
  }

  async *#listAll<T extends {readonly id: string}>(
    fetchPage: (api: ImageApi, query: ListQuery) => Promise<Page<T>>,
    options: ListOptions,
  ): AsyncGenerator<T> {
    yield* allImages(async query => fetchPage(await this.#open(), query), toListQuery(options))
  }
}

function toListQuery({filters = {}, properties, pageSize, ...rest}: ListOptions): ListQuery {
  return {...toFilters(filters), properties, ...rest, limit: pageSize}
}

function toDraft(meta: ImageMeta): Draft {
  return {...meta, properties: meta.properties ?? {}}
}

function toImageData(data: Data | undefined): ImageData | undefined {
  if (data === undefined) return undefined
  if (data instanceof Readable) return {repeatable: false, open: () => data}
  if (typeof data !== 'string' && !(data instanceof Uint8Array)) return data
  const bytes = Buffer.from(data)
  return {size: bytes.length, repeatable: true, open: () => Readable.from([bytes], {objectMode: false})}
}
