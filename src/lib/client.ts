/** The library: `Client`, for programs that use an Image service. */
import type {AddOptions, Download, DownloadOptions, ImageApi} from './api/image-api.js'
import {stripImageUri} from './api/image-uri.js'
import {type ClosableImageApi, type ImageApiOptions, openImageApi} from './api/open-api.js'
import {allImages} from './api/search.js'
import {serviceUrl} from './api/service-url.js'
import {RetryPolicy} from './http/retry/retry-policy.js'
import {type Data, requireBytes, toImageData} from './library/data-input.js'
import {toDraft} from './library/draft-input.js'
import {rejectUnknownKeys} from './library/known-keys.js'
import {
  CLIENT_KEYS,
  type ClientOptions,
  type ImageId,
  type ImageMeta,
  type ListOptions,
  toAddress,
  toListQuery,
  UPLOAD_KEYS,
} from './library/options.js'
import {applyDefaults, type Draft, requireMatchingFormats} from './model/draft.js'
import {usageError} from './model/errors.js'
import type {
  Image,
  ImageSummary,
  Member,
  MemberChange,
  MemberStatus,
  Page,
  SharedImage,
} from './model/image.js'
import type {ListQuery} from './model/list-query.js'
import {type PreparedUpload, prepareUpload} from './work/upload/prepare.js'

export type {AddOptions, ByteRange, Download, DownloadOptions, ImageData} from './api/image-api.js'
export type {Data} from './library/data-input.js'
export type {ClientOptions, ImageId, ImageMeta, ListOptions} from './library/options.js'
export type {Draft} from './model/draft.js'
export {Failure, type FailureCode, type FailureKind} from './model/errors.js'
export type {Image, ImageSummary, Member, MemberChange, MemberStatus, SharedImage} from './model/image.js'
export type {SortDirection} from './model/list-query.js'

/**
 * An Image service. Methods throw a `Failure` with a kind, a reason and advice.
 *
 * @example
 * const client = new Client('glance.example.com', 9292)
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

  /**
   * Opens no connection yet.
   * @param service options, or the host or URL of the service
   * @param port for a host; default 9292
   * @param options further options after a host or URL
   * @throws Failure of kind `usage` for an invalid address, and for an unknown option
   */
  constructor(service: ClientOptions | string = {}, port?: number, options: ClientOptions = {}) {
    const all = {...options, ...toAddress(service, port)}
    rejectUnknownKeys(all, CLIENT_KEYS, 'the options of Client')
    const {retries, version, ...rest} = all
    if (version !== undefined && version !== 1 && version !== 2)
      throw usageError(`invalid version '${version}': expected 1 or 2`)
    this.#options = {...rest, version, ...serviceUrl(all), retryPolicy: new RetryPolicy({retries})}
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
  async image(id: ImageId): Promise<Image> {
    return (await this.#open()).show(this.#toId(id))
  }

  /**
   * One image with its data, or with the requested `range` of it, if the service supports ranges: `from` is then its
   * offset in bytes. Read the data to its end, or destroy it.
   *
   * @example
   * const {image, data} = await client.imageData(id)
   * await pipeline(data, createWriteStream(`${image.name}.img`))
   */
  async imageData(id: ImageId, options?: DownloadOptions): Promise<Download> {
    return (await this.#open()).download(this.#toId(id), options)
  }

  /**
   * Adds an image. Without data, `location` or `copyFrom` it is only registered, and stays `queued`. Formats that are
   * not given are detected and default as in the tool. Invalid metadata and data are refused before anything is sent.
   */
  async addImage(meta: ImageMeta, data?: Data, options: AddOptions = {}): Promise<Image> {
    const draft = toDraft(meta, 'add')
    requireMatchingFormats(draft)
    if (data !== undefined && (draft.location ?? draft.copyFrom) !== undefined)
      throw usageError('give either data, or location or copyFrom')
    const prepared = await this.#prepare(data, draft, {options, what: 'no image was added'})
    return withRelease(prepared, async () => {
      const api = await this.#open()
      return api.add(applyDefaults(prepared?.draft ?? draft, api.defaultContainer), prepared?.data, options)
    })
  }

  /**
   * Changes the fields that `meta` names, and no others. With `purgeProperties`, removes custom properties that `meta`
   * does not name.
   */
  async updateImage(
    id: ImageId,
    meta: ImageMeta,
    options: AddOptions & {data?: Data; purgeProperties?: boolean} = {},
  ): Promise<Image> {
    const {data, ...rest} = options
    const imageId = this.#toId(id)
    const draft = toDraft(meta, 'update')
    const what = `image ${imageId} was not changed`
    const source = data === undefined ? undefined : await toImageData(data)
    const stored = source && (await (await this.#open()).show(imageId)).diskFormat
    const prepared = await this.#prepare(source, draft, {options: rest, what, stored})
    return withRelease(prepared, async () => {
      const update = {...rest, data: prepared?.data}
      return (await this.#open()).update(imageId, prepared?.draft ?? draft, update)
    })
  }

  /** Deletes an image and its data. */
  async deleteImage(id: ImageId): Promise<void> {
    await (await this.#open()).delete(this.#toId(id))
  }

  /** The members of an image: the projects that it is shared with. */
  async imageMembers(id: ImageId): Promise<readonly Member[]> {
    return (await this.#open()).members(this.#toId(id))
  }

  /** The images that are shared with a project. */
  async memberImages(memberId: string): Promise<readonly SharedImage[]> {
    return (await this.#open()).memberImages(memberId)
  }

  /**
   * Adds a member to an image. With `canShare`, it may share the image further (version 1 only); without a value, an
   * existing member keeps its own.
   */
  async addMember(imageId: ImageId, memberId: string, canShare?: boolean): Promise<void> {
    await (await this.#open()).addMember(this.#toId(imageId), {memberId, canShare})
  }

  /** Removes a member from an image. */
  async deleteMember(imageId: ImageId, memberId: string): Promise<void> {
    await (await this.#open()).removeMember(this.#toId(imageId), memberId)
  }

  /** Replaces all members of an image with these; without `canShare`, an existing member keeps its own. */
  async replaceMembers(imageId: ImageId, members: Iterable<string | MemberChange>): Promise<void> {
    const all = [...members].map(member => (typeof member === 'string' ? {memberId: member} : member))
    await (await this.#open()).replaceMembers(this.#toId(imageId), all)
  }

  /** Accepts or rejects a shared image, on behalf of the project that it is shared with (version 2 only). */
  async setMemberStatus(imageId: ImageId, memberId: string, status: MemberStatus): Promise<void> {
    await (await this.#open()).setMemberStatus(this.#toId(imageId), memberId, status)
  }

  /**
   * Closes the connections; never fails. Idle ones do not keep the process alive: closing is for long-running programs.
   */
  async close(): Promise<void> {
    const opening = this.#api
    this.#api = undefined
    await opening?.then(api => api.close()).catch(() => {})
  }

  /** A service that could not be reached is tried again at the next call. */
  #open(): Promise<ClosableImageApi> {
    if (this.#api) return this.#api
    const opening = openImageApi(this.#options)
    this.#api = opening
    opening.catch(() => {
      if (this.#api === opening) this.#api = undefined
    })
    return opening
  }

  #toId(id: ImageId): string {
    return stripImageUri(String(id), this.#options.url)
  }

  async #prepare(
    data: Data | undefined,
    draft: Draft,
    {options, what, stored}: {options: AddOptions; what: string; stored?: string | null | undefined},
  ): Promise<PreparedUpload | undefined> {
    rejectUnknownKeys(options, UPLOAD_KEYS, 'the options of an upload')
    if (data === undefined) return undefined
    const source = await toImageData(data)
    const input = options.allowEmpty ? source : await requireBytes(source, what)
    const notes = {
      note: (text: string) => options.onNote?.(text),
      warning: (text: string) => options.onWarning?.(text),
    }
    const {signal = new AbortController().signal} = this.#options
    const prepareOptions = {allowEmpty: options.allowEmpty === true, signal}
    return prepareUpload(input, draft, prepareOptions, {what, stored: stored ?? null, notes})
  }

  async *#listAll<T extends {readonly id: string}>(
    fetchPage: (api: ImageApi, query: ListQuery) => Promise<Page<T>>,
    options: ListOptions,
  ): AsyncGenerator<T> {
    yield* allImages(async query => fetchPage(await this.#open(), query), toListQuery(options))
  }
}

/** Runs the upload, and closes a source that it may have left open. */
async function withRelease(prepared: PreparedUpload | undefined, run: () => Promise<Image>): Promise<Image> {
  try {
    return await run()
  } catch (error) {
    if (prepared?.data.repeatable === false) prepared.data.open().destroy()
    throw error
  } finally {
    await prepared?.release()
  }
}
