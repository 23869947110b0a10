/** The Image service through version 1 of its API, for servers from 2011.3 to 2018. */
import {randomUUID} from 'node:crypto'
import {expectNoPage} from '../../http/errors/expect-no-page.js'
import type {Method, Reply, Send} from '../../http/message.js'
import {RetryPolicy} from '../../http/retry/retry-policy.js'
import {type Draft, requireDataForStore} from '../../model/draft.js'
import type {
  Image,
  ImageSummary,
  Member,
  MemberChange,
  MemberStatus,
  Page,
  SharedImage,
} from '../../model/image.js'
import type {Filters, ListQuery} from '../../model/list-query.js'
import type {
  AddOptions,
  Download,
  DownloadOptions,
  ImageApi,
  ImageData,
  KnownContent,
  ListNotes,
  UpdateOptions,
} from '../image-api.js'
import {allImages, imagesNamed, ownPages} from '../search.js'
import {withAnnouncedSize} from '../upload/announced-size.js'
import {createWithoutData} from '../upload/create-without-data.js'
import {runUpload} from '../upload/run.js'
import type {UploadSteps} from '../upload/steps.js'
import {imageFromBody} from './documents.js'
import {expectSuccess, notFoundHints} from './failures.js'
import {draftHeaders, imageFromHeaders} from './headers.js'
import {V1Members} from './members.js'
import {V1Lists} from './pages.js'
import {alwaysPurges, IMAGES, imagePath, listPath} from './paths.js'
import {v1ExistingImageSteps} from './upload/existing-image-steps.js'
import {type NewImageRequests, V1NewImageSteps} from './upload/new-image-steps.js'
import {deleteRecord} from './upload/rollback.js'
import {type UploadBody, withHeaders} from './upload/upload-body.js'

const PURGE_HEADER = 'x-glance-registry-purge-props'

/** Options of `V1Api`. */
export interface V1Options {
  /** Ends waiting between requests; `send` is ended separately. */
  readonly signal?: AbortSignal | undefined
  /** Default: three retries. */
  readonly retryPolicy?: RetryPolicy | undefined
}

/** Implements the contract of `ImageApi` with version 1. */
export class V1Api implements ImageApi {
  readonly version = 1
  readonly defaultContainer = 'ovf'
  readonly memberVisibility = 'private'
  readonly retryPolicy: RetryPolicy
  readonly #send: Send
  readonly #signal: AbortSignal | undefined
  readonly #lists: V1Lists
  readonly #members: V1Members

  /** @param url base of the service, without the version and without a trailing slash */
  constructor(
    readonly url: string,
    send: Send,
    {signal, retryPolicy = new RetryPolicy()}: V1Options = {},
  ) {
    this.#send = send
    this.#signal = signal
    this.#lists = new V1Lists(url, send)
    this.#members = new V1Members(url, send)
    this.retryPolicy = retryPolicy
  }

  index(query: ListQuery): Promise<Page<ImageSummary>> {
    return this.#lists.index(query)
  }

  details(query: ListQuery): Promise<Page<Image>> {
    return this.#lists.details(query)
  }

  /** Lists hold only public images, unless filtered by `is_public`. */
  explainList({isPublic}: Filters): ListNotes {
    return isPublic === undefined
      ? {ifEmpty: 'no public image matches; is_public=none lists private ones too'}
      : {}
  }

  findByName(name: string): Promise<readonly Image[]> {
    return imagesNamed(query => this.details(query), {isPublic: 'any'}, name)
  }

  /** Lists cannot be filtered by a digest, so they are by size. */
  findByDigest({size}: KnownContent): AsyncIterable<Image> {
    return allImages(query => this.details(query), {isPublic: 'any', sizeMin: size, sizeMax: size})
  }

  ownImages(
    project: string | undefined,
    remains?: (image: Image) => boolean,
  ): AsyncIterable<readonly Image[]> {
    return ownPages(query => this.details(query), {isPublic: 'any'}, {project, remains})
  }

  show(id: string): Promise<Image> {
    return this.#show(id)
  }

  async #show(id: string, signal?: AbortSignal): Promise<Image> {
    const request = {method: 'HEAD', url: this.url + imagePath(id)} as const
    const reply = await this.#send(signal ? {...request, signal} : request)
    await expectSuccess(reply, `cannot show image ${id}`, notFoundHints(id))
    await reply.discard()
    return imageFromHeaders(reply.headers, id, this.url)
  }

  async add(draft: Draft, source?: ImageData, options: AddOptions = {}): Promise<Image> {
    const data = source && withAnnouncedSize(source, draft)
    draftHeaders(draft)
    requireDataForStore(draft, data !== undefined || draft.copyFrom !== undefined)
    const steps = new V1NewImageSteps(this.#newImageRequests(), draft, data, options)
    return data
      ? this.#upload(steps, draft, data, options)
      : createWithoutData(steps, () => steps.createWithoutData(), options, this.#signal)
  }

  #newImageRequests(): NewImageRequests {
    return {
      signal: this.#signal,
      post: (draft, message) =>
        this.#change('POST', IMAGES, 'cannot add the image', withHeaders(draftHeaders(draft), message)),
      show: (id, signal) => this.#show(id, signal),
      usesNumericIds: () => this.#usesNumericIds(),
      deleteRecord: (id, isProtected, signal) =>
        deleteRecord(this.url, this.#send, {id, isProtected, signal}),
    }
  }

  #upload(steps: UploadSteps, draft: Draft, data: ImageData, options: AddOptions): Promise<Image> {
    return runUpload({steps, draft, data, options, retryPolicy: this.retryPolicy, signal: this.#signal})
  }

  /**
   * Only servers with numeric ids reject a marker that is not a number (wire/v1.md#p44). Any other reply means that ids
   * are not numbers.
   */
  async #usesNumericIds(): Promise<boolean> {
    const reply = await this.#request('GET', listPath(IMAGES, {limit: 1, marker: randomUUID()}))
    if (reply.status !== 400) await reply.discard()
    return reply.status === 400 && /must be an integer/i.test(await reply.text())
  }

  async update(id: string, draft: Draft, options: UpdateOptions = {}): Promise<Image> {
    const {purgeProperties = false, unset = []} = options
    const data = options.data && withAnnouncedSize(options.data, draft)
    const what = `cannot update image ${id}`
    requireDataForStore(draft, data !== undefined || draft.copyFrom !== undefined)
    const keepsOthers = !purgeProperties && (alwaysPurges(id) || unset.length > 0)
    const kept = keepsOthers ? await this.#readStoredProperties(id, unset) : {}
    const purges = purgeProperties || unset.length > 0
    const headers = {...kept, ...draftHeaders(draft), [PURGE_HEADER]: String(purges)}
    if (!data) return this.#change('PUT', imagePath(id), what, {headers})
    const calls = {
      id,
      signal: this.#signal,
      put: (opened: UploadBody) => this.#change('PUT', imagePath(id), what, withHeaders(headers, opened)),
      show: (id: string, signal?: AbortSignal) => this.#show(id, signal),
    }
    const image = await this.#upload(v1ExistingImageSteps(calls, draft, data), draft, data, options)
    return purges && !alwaysPurges(id)
      ? this.#purge(id, {...kept, ...draftHeaders({properties: draft.properties})}, what)
      : image
  }

  /** An upload never purges (wire/v1.md#g27), so the properties are sent once more without data. */
  #purge(id: string, properties: Record<string, string>, what: string): Promise<Image> {
    return this.#change('PUT', imagePath(id), what, {headers: {...properties, [PURGE_HEADER]: 'true'}})
  }

  /** The reply is empty (wire/v1.md#h1) or `null` (wire/v1.md#p66). */
  async delete(id: string): Promise<void> {
    const what = `cannot delete image ${id}`
    const reply = await this.#request('DELETE', imagePath(id))
    await expectNoPage(await expectSuccess(reply, what, notFoundHints(id)), what)
  }

  async download(id: string, {image}: DownloadOptions = {}): Promise<Download> {
    const expectedBytes = image?.size ?? Number.POSITIVE_INFINITY
    const reply = await this.#send({method: 'GET', url: this.url + imagePath(id), expectedBytes})
    await expectSuccess(reply, `cannot download image ${id}`, notFoundHints(id))
    return {image: imageFromHeaders(reply.headers, id, this.url), data: reply.body}
  }

  members(imageId: string): Promise<readonly Member[]> {
    return this.#members.members(imageId)
  }

  memberImages(memberId: string): Promise<readonly SharedImage[]> {
    return this.#members.imagesSharedWith(memberId)
  }

  /** Members may be names of projects as well as ids. */
  questionMemberId(): undefined {
    return undefined
  }

  explainAcceptance(): undefined {
    return undefined
  }

  addMember(imageId: string, member: MemberChange): Promise<Member> {
    return this.#members.add(imageId, member)
  }

  removeMember(imageId: string, memberId: string): Promise<void> {
    return this.#members.remove(imageId, memberId)
  }

  replaceMembers(imageId: string, members: readonly MemberChange[]): Promise<readonly Member[]> {
    return this.#members.replace(imageId, members)
  }

  setMemberStatus(imageId: string, memberId: string, status: MemberStatus): Promise<never> {
    return this.#members.setStatus(imageId, memberId, status)
  }

  /** The stored properties, as headers. */
  async #readStoredProperties(id: string, except: readonly string[]): Promise<Record<string, string>> {
    const entries = Object.entries((await this.show(id)).properties).filter(
      ([name]) => !except.includes(name),
    )
    return draftHeaders({properties: Object.fromEntries(entries.map(([name, value]) => [name, value ?? '']))})
  }

  async #change(method: Method, path: string, what: string, message: UploadBody): Promise<Image> {
    const reply = await this.#request(method, path, message)
    await expectSuccess(reply, what)
    return imageFromBody(await reply.json(), this.url)
  }

  #request(method: Method, path: string, message: UploadBody = {headers: {}}): Promise<Reply> {
    return this.#send({method, url: this.url + path, ...message})
  }
}
