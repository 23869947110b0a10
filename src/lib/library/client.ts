/** `Client`: an Image service, as programs use it. */
import type {ImageApi} from '../api/image-api.js'
import type {Image, ImageSummary, Member, MemberStatus, Page, SharedImage} from '../model/image.js'
import type {ListQuery} from '../model/list-query.js'
import {type ReachedState, waitForImage} from '../work/changes/wait.js'
import {withImage, withImageOfMember, withSharedImage} from '../work/resolve.js'
import {type CallContext, createContext} from './call-context.js'
import {checkRequestOptions, checkWaitOptions, toListQuery} from './check-options.js'
import {requireText, toImageText} from './check-values.js'
import type {Data} from './data-input.js'
import {createImageList, type ImageList} from './image-list.js'
import {requireMemberStatus, toMemberChange} from './members.js'
import {openAddress, openCloud, toAddress} from './open.js'
import {Operations} from './operations/operations.js'
import type {
  ClientOptions,
  CloudOptions,
  ImageMeta,
  ImageRef,
  ImageUpdateOptions,
  ListOptions,
  NewMember,
  ReadOptions,
  RequestOptions,
  SaveFileOptions,
  UploadOptions,
  WaitForStatusOptions,
} from './options.js'
import {type ImageWithData, readImage, saveImageFile} from './read.js'
import {addImage, updateImage} from './upload.js'

/**
 * An Image service. An image is named by its id, its name or the `uri` that lists tell; a name that several images have
 * is an error of kind `ambiguous`. Methods throw a `Failure`, or the reason of the signal that ended them.
 *
 * @example
 * const client = new Client('glance.example.com', 9292)
 * for await (const image of client.getImages({sortKey: 'name', sortDir: 'asc'})) console.log(image.id, image.name)
 */
export class Client {
  #context: CallContext

  /** Stores, states of images, imports, tasks and quotas (version 2 only). */
  get operations(): Operations {
    return new Operations(this.#context)
  }

  /**
   * Opens no connection yet.
   * @param service options, or the host or URL of the service
   * @param port for a host; default 9292
   * @param options further options after a host or URL
   * @throws Failure of kind `usage` for an invalid address, and for an unknown option
   */
  constructor(service: ClientOptions | string = {}, port?: number, options: ClientOptions = {}) {
    const all = {...options, ...toAddress(service, port)}
    this.#context = createContext(openAddress(all), all)
  }

  /**
   * A client of a cloud in `clouds.yaml`, with its login and the token cache of the tool. Nothing is read or sent before
   * the first call.
   * @param name of the cloud
   * @throws Failure of kind `usage` without a name, and for an unknown option
   */
  static fromCloud(name: string, options: CloudOptions = {}): Client {
    requireText('name of the cloud', name)
    return Client.#withLogin(name, options)
  }

  /**
   * A client of the service that the environment names, as the tool reads it: `OS_CLOUD`, `OS_AUTH_URL` and the other
   * variables; without any, http://127.0.0.1:9292.
   * @throws Failure of kind `usage` for an unknown option
   */
  static fromEnvironment(options: CloudOptions = {}): Client {
    return Client.#withLogin(undefined, options)
  }

  static #withLogin(cloud: string | undefined, options: CloudOptions): Client {
    const client = new Client()
    client.#context = createContext(openCloud(cloud, options), options)
    return client
  }

  /** The images, briefly. */
  getImages(options: ListOptions = {}): ImageList<ImageSummary> {
    return this.#list((api, query) => api.index(query), options)
  }

  /** The images with all their metadata. */
  getImagesDetailed(options: ListOptions = {}): ImageList<Image> {
    return this.#list((api, query) => api.details(query), options)
  }

  /** All metadata of an image. */
  async getImageMeta(image: ImageRef, options: RequestOptions = {}): Promise<Image> {
    return this.#callFor(image, options, (api, id) => api.show(id))
  }

  /**
   * An image and its data as a stream, which continues on a new connection when one breaks, and fails with a `Failure`
   * of kind `unverified` at its end if the data does not match the image. Read it to its end, or destroy it.
   *
   * @example
   * const {image, data} = await client.getImage('ubuntu-24.04')
   * await pipeline(data, createWriteStream(`${image.name}.img`))
   */
  async getImage(image: ImageRef, options: ReadOptions = {}): Promise<ImageWithData> {
    return readImage(this.#context, image, options)
  }

  /**
   * Downloads an image into a file. The data is in `PATH.part` until it is complete and verified; after a failure it
   * stays there for `resume`.
   * @returns the image
   */
  async download(image: ImageRef, path: string | URL, options: SaveFileOptions = {}): Promise<Image> {
    return saveImageFile(this.#context, image, path, options)
  }

  /**
   * Adds an image. Without data, `location` or `copyFrom` it is only registered, and stays `queued`. Formats that are
   * not given are detected and default as in the tool. Invalid metadata and data are refused before anything is sent,
   * and the record of an upload that failed is deleted.
   *
   * @example
   * const meta = {name: 'Ubuntu 10.10', isPublic: true, properties: {distro: 'ubuntu'}}
   * const image = await client.addImage(meta, createReadStream('ubuntu.qcow2'))
   */
  async addImage(meta: ImageMeta, data?: Data, options: UploadOptions = {}): Promise<Image> {
    return addImage(this.#context, meta, data, options)
  }

  /** Changes the fields that `meta` names, and no others. `data` may be given while the image is `queued`. */
  async updateImage(image: ImageRef, meta: ImageMeta, options: ImageUpdateOptions = {}): Promise<Image> {
    return updateImage(this.#context, image, meta, options)
  }

  /** Deletes an image and its data. */
  async deleteImage(image: ImageRef, options: RequestOptions = {}): Promise<void> {
    await this.#callFor(image, options, (api, id) => api.delete(id))
  }

  /**
   * Waits until an image has a status.
   * @returns the image as it then was
   * @throws Failure of kind `unavailable` after `timeoutSeconds`, and `unverified` when the status cannot come any more
   */
  async waitFor(image: ImageRef, options: WaitForStatusOptions = {}): Promise<ReachedState> {
    checkWaitOptions(options)
    const {until = 'active', timeoutSeconds: limit} = options
    const text = toImageText(image)
    const {api, signal} = await this.#context.access.forCall(options)
    return waitForImage(api, text, {until, limit, signal})
  }

  /** The members of an image: the projects that it is shared with. */
  async getImageMembers(image: ImageRef, options: RequestOptions = {}): Promise<readonly Member[]> {
    return this.#callFor(image, options, (api, id) => api.members(id))
  }

  /** The images that are shared with a project. */
  async getMemberImages(memberId: string, options: RequestOptions = {}): Promise<readonly SharedImage[]> {
    requireText('member', memberId)
    checkRequestOptions(options)
    const {access, notes} = this.#context
    return (await access.forCall(options)).api.memberImages(memberId, text => notes.note(text))
  }

  /**
   * Adds a member to an image. With `canShare`, it may share the image further (version 1 only); without a value, an
   * existing member keeps its own.
   */
  async addMember(
    image: ImageRef,
    memberId: string,
    canShare?: boolean,
    options: RequestOptions = {},
  ): Promise<void> {
    const member = toMemberChange({memberId, canShare})
    await this.#callFor(image, options, (api, id) => api.addMember(id, member), withImageOfMember)
  }

  /** Removes a member from an image. */
  async deleteMember(image: ImageRef, memberId: string, options: RequestOptions = {}): Promise<void> {
    requireText('member', memberId)
    await this.#callFor(image, options, (api, id) => api.removeMember(id, memberId), withImageOfMember)
  }

  /** Replaces all members of an image with these; without any, it has none. */
  async replaceMembers(image: ImageRef, ...members: readonly NewMember[]): Promise<void>
  /** As with single members, with the options of a call. */
  async replaceMembers(
    image: ImageRef,
    members: readonly NewMember[],
    options?: RequestOptions,
  ): Promise<void>
  async replaceMembers(image: ImageRef, ...rest: readonly unknown[]): Promise<void> {
    const [first, second = {}] = rest
    const [members, options] = Array.isArray(first) ? [first, second] : [rest, {}]
    const changes = (members as NewMember[]).map(toMemberChange)
    const replace = (api: ImageApi, id: string) => api.replaceMembers(id, changes)
    await this.#callFor(image, options as RequestOptions, replace, withImageOfMember)
  }

  /** Accepts or rejects a shared image, on behalf of the project that it is shared with (version 2 only). */
  async setMemberStatus(
    image: ImageRef,
    memberId: string,
    status: MemberStatus,
    options: RequestOptions = {},
  ): Promise<void> {
    requireText('member', memberId)
    requireMemberStatus(status)
    const set = (api: ImageApi, id: string) => api.setMemberStatus(id, memberId, status)
    await this.#callFor(image, options, set, withSharedImage)
  }

  /**
   * Closes the connections; never fails. Calls that are running end with a `Failure` of kind `failed`. Idle connections do
   * not keep the process alive: closing is for long-running programs.
   */
  async close(): Promise<void> {
    await this.#context.access.close()
  }

  /** As `close`, at the end of the block of `await using client = new Client(...)`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  /** @param find resolves the name of the image */
  async #callFor<T>(
    image: ImageRef,
    options: RequestOptions,
    act: (api: ImageApi, id: string) => Promise<T>,
    find: typeof withImage = withImage,
  ): Promise<T> {
    checkRequestOptions(options)
    const text = toImageText(image)
    const {api} = await this.#context.access.forCall(options)
    return find(api, text, id => act(api, id))
  }

  #list<T extends {readonly id: string}>(
    fetchPage: (api: ImageApi, query: ListQuery) => Promise<Page<T>>,
    options: ListOptions,
  ): ImageList<T> {
    return createImageList(async query => {
      const {api} = await this.#context.access.forCall(options)
      return fetchPage(api, query)
    }, toListQuery(options))
  }
}
