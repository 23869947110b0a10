/** The Image service through version 2 of its API: the only version of services since 2018. */
import type {Send} from '../../http/message.js'
import {RetryPolicy} from '../../http/retry/retry-policy.js'
import type {Draft} from '../../model/draft.js'
import {
  type Image,
  type ImageSummary,
  type Member,
  type MemberChange,
  type MemberStatus,
  type Page,
  type SharedImage,
  toBriefPage,
} from '../../model/image.js'
import type {Filters, ListQuery} from '../../model/list-query.js'
import type {FeatureLevel} from '../feature-level.js'
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
import type {ServiceOperations} from '../service-operations.js'
import {createWithoutData} from '../upload/create-without-data.js'
import {runUpload} from '../upload/run.js'
import {assertStored, expectationFrom} from '../upload/verification.js'
import {draftDocument, imageFrom} from './documents.js'
import {download} from './download.js'
import {notQueuedError} from './failures.js'
import {V2Members} from './members.js'
import {fetchList} from './pages.js'
import {buildPatch, PATCH_TYPE} from './patch.js'
import {imagePath} from './paths.js'
import {findByDigest, findByName, ownImages} from './search.js'
import {ServiceClient} from './service-client.js'
import {type DataTransfer, openTransfer} from './upload/data-transfer.js'
import {V2NewImageSteps} from './upload/new-image-steps.js'
import {V2ExistingImageSteps, type V2Steps} from './upload/steps.js'

/** Options of `V2Api`. */
export interface V2Options {
  /** Ends waiting between requests; `send` is ended separately. */
  readonly signal?: AbortSignal | undefined
  /** Default: three retries. */
  readonly retryPolicy?: RetryPolicy | undefined
  /** Id of the caller's project, if known. */
  readonly project?: string | undefined
  /** Sends to other servers than the Image service, without its token. */
  readonly externalSend: Send
  /** Features of the service. Default: all. */
  readonly level?: FeatureLevel | undefined
  /** Opens version 1 of the same service, for what version 2 lacks; returns undefined if the service does not have it. */
  readonly openVersion1?: (() => Promise<ImageApi | undefined>) | undefined
}

/** Implements the contract of `ImageApi` with version 2. */
export class V2Api implements ImageApi {
  readonly version = 2
  readonly defaultContainer = 'bare'
  readonly memberVisibility: 'shared' | 'private'
  readonly retryPolicy: RetryPolicy
  readonly #client: ServiceClient
  readonly #externalSend: Send
  readonly #members: V2Members
  readonly #openVersion1: V2Options['openVersion1']

  /** @param url base of the service, without the version and without a trailing slash */
  constructor(
    readonly url: string,
    send: Send,
    {signal, retryPolicy = new RetryPolicy(), project, externalSend, level, openVersion1}: V2Options,
  ) {
    this.retryPolicy = retryPolicy
    this.#client = new ServiceClient(url, send, signal, level)
    this.memberVisibility = this.#client.level.memberVisibility
    this.#externalSend = externalSend
    this.#openVersion1 = openVersion1
    this.#members = new V2Members(this.#client, project)
  }

  /** Version 2 has only the detailed list. */
  async index(query: ListQuery): Promise<Page<ImageSummary>> {
    return toBriefPage(await this.details(query))
  }

  details(query: ListQuery): Promise<Page<Image>> {
    return fetchList(this.#client, query)
  }

  explainList({changesSince}: Filters): ListNotes {
    return changesSince === undefined ? {} : {always: 'version 2 of the Image API never lists deleted images'}
  }

  findByName(name: string, sharedFirst = false): Promise<readonly Image[]> {
    return findByName(query => this.details(query), name, {level: this.#client.level, sharedFirst})
  }

  findByDigest(content: KnownContent): AsyncIterable<Image> {
    return findByDigest(query => this.details(query), content, this.#client.level)
  }

  ownImages(
    project: string | undefined,
    remains?: (image: Image) => boolean,
  ): AsyncIterable<readonly Image[]> {
    return ownImages(query => this.details(query), {project, remains, level: this.#client.level})
  }

  show(id: string): Promise<Image> {
    return this.#readImage(id, `cannot show image ${id}`)
  }

  async add(draft: Draft, data?: ImageData, options: AddOptions = {}): Promise<Image> {
    const document = draftDocument(draft, this.#client.level)
    const transfer = await this.#openTransfer(draft, data, options)
    const steps = new V2NewImageSteps(this.#client, transfer, document, options)
    return transfer
      ? this.#upload(steps, transfer, options)
      : createWithoutData(steps, () => steps.create(), options, this.#client.signal)
  }

  async update(id: string, draft: Draft, options: UpdateOptions = {}): Promise<Image> {
    const {data, purgeProperties = false, unset, verify = true} = options
    const what = `cannot update image ${id}`
    const before = await this.#readImage(id, what)
    if (verify && !data && before.status !== 'queued') {
      const warning = assertStored(before, expectationFrom(draft))
      if (warning !== undefined) options.onWarning?.(warning)
    }
    const patch = buildPatch(before, draft, {purge: purgeProperties, unset, level: this.#client.level})
    const transfer = await this.#openTransfer(draft, data, options)
    const applyPatch = async () => {
      if (patch.length === 0) return before
      const call = {json: patch, type: PATCH_TYPE}
      return imageFrom(await this.#client.json('PATCH', imagePath(id), {what}, call), this.url)
    }
    if (!transfer) return applyPatch()
    if (before.status !== transfer.takes) {
      transfer.discard()
      throw notQueuedError(before, transfer.takes)
    }
    const steps = new V2ExistingImageSteps(this.#client, transfer, before.id, applyPatch)
    return this.#upload(steps, transfer, options)
  }

  #openTransfer(draft: Draft, data: ImageData | undefined, options: AddOptions) {
    return openTransfer({
      client: this.#client,
      externalSend: this.#externalSend,
      retryPolicy: this.retryPolicy,
      draft,
      data,
      options,
    })
  }

  async #upload(steps: V2Steps, transfer: DataTransfer, options: AddOptions): Promise<Image> {
    const {retryPolicy} = this
    try {
      return await runUpload({...transfer, steps, options, retryPolicy, signal: this.#client.signal})
    } catch (error) {
      transfer.discard()
      throw error
    }
  }

  async delete(id: string): Promise<void> {
    await this.#client.callAndDiscard('DELETE', imagePath(id), {what: `cannot delete image ${id}`})
  }

  async download(id: string, {range, image}: DownloadOptions = {}): Promise<Download> {
    const known = image ?? (await this.#readImage(id, `cannot download image ${id}`))
    return download(this.#client, known, range)
  }

  members(imageId: string): Promise<readonly Member[]> {
    return this.#members.members(imageId)
  }

  memberImages(memberId: string, onNote?: (text: string) => void): Promise<readonly SharedImage[]> {
    return this.#members.imagesSharedWith(memberId, onNote)
  }

  questionMemberId(memberId: string): string | undefined {
    return isProjectId(memberId) ? undefined : `'${memberId}' is not a project id`
  }

  explainAcceptance(imageId: string, memberId: string): string {
    return `to see the image in lists, ${memberId} must run: glance member-update ${imageId} ${memberId} accepted`
  }

  async addMember(imageId: string, member: MemberChange): Promise<Member> {
    const v1 = await this.#openForSharing([member])
    return v1 ? v1.addMember(imageId, member) : this.#members.add(imageId, member)
  }

  removeMember(imageId: string, memberId: string): Promise<void> {
    return this.#members.remove(imageId, memberId)
  }

  async replaceMembers(
    imageId: string,
    members: readonly MemberChange[],
    onStep?: (text: string) => void,
  ): Promise<readonly Member[]> {
    const v1 = await this.#openForSharing(members)
    return v1 ? v1.replaceMembers(imageId, members) : this.#members.replace(imageId, members, onStep)
  }

  /** Only version 1 lets members share an image further. */
  async #openForSharing(members: readonly MemberChange[]): Promise<ImageApi | undefined> {
    return members.some(({canShare}) => canShare) ? this.#openVersion1?.() : undefined
  }

  async operations(): Promise<ServiceOperations> {
    const {V2Operations} = await import('./operations.js')
    return new V2Operations(this.#client, this.retryPolicy.wait)
  }

  setMemberStatus(imageId: string, memberId: string, status: MemberStatus): Promise<Member> {
    return this.#members.setStatus(imageId, memberId, status)
  }

  async #readImage(id: string, what: string): Promise<Image> {
    return imageFrom(await this.#client.json('GET', imagePath(id), {what}), this.url)
  }
}

/** A UUID, with or without hyphens. */
function isProjectId(id: string): boolean {
  return /^[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}$/i.test(id)
}
