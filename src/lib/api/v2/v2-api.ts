/** The Image service through version 2 of its API, as clouds since 2012 speak it and the only one since 2018. */
import type {Send} from '../../http/message.js'
import type {Draft} from '../../model/draft.js'
import {Failure} from '../../model/errors.js'
import type {
  Image,
  ImageSummary,
  ListQuery,
  Member,
  MemberStatus,
  Page,
  SharedImage,
} from '../../model/image.js'
import type {AddOptions, Download, DownloadOptions, ImageApi, ImageData, UpdateOptions} from '../image-api.js'
import {LISTING} from '../listing.js'
import {filledWrongly} from '../undo.js'
import {assertStored, expectationOf} from '../verification.js'
import {added, registered} from './adding.js'
import {draftDocument, imageFrom} from './bodies.js'
import {download} from './download.js'
import {Filling} from './filling.js'
import {listRequest} from './filters.js'
import {pageFrom} from './pages.js'
import {PATCH_TYPE, patchOf} from './patch.js'
import {IMAGES, imagePath} from './paths.js'
import {Sharing} from './sharing.js'
import {Wire} from './wire.js'

export interface V2Options {
  /** Ends waiting between requests; `send` has its own way to be ended. */
  readonly signal?: AbortSignal | undefined
  /** Id of the caller's project, where it is known. */
  readonly project?: string | undefined
  /** Sends to other servers than the Image service, without its token. */
  readonly fetch: Send
}

export class V2Api implements ImageApi {
  readonly version = 2
  readonly defaultContainer = 'bare'
  readonly listsPublicOnly = false
  readonly listsDeleted = false
  readonly listsHidden = true
  readonly listsByDigest = true
  readonly membersAnswer = true
  readonly #wire: Wire
  readonly #fetch: Send
  readonly #sharing: Sharing

  /** @param url base of the service, without the version and without a slash at its end */
  constructor(
    readonly url: string,
    send: Send,
    {signal, project, fetch}: V2Options,
  ) {
    this.#wire = new Wire(url, send, signal)
    this.#fetch = fetch
    this.#sharing = new Sharing(this.#wire, project)
  }

  /** There is one list only, the detailed one. */
  async index(query: ListQuery): Promise<Page<ImageSummary>> {
    const {images, ...rest} = await this.details(query)
    return {...rest, images: images.map(briefly)}
  }

  async details(query: ListQuery): Promise<Page<Image>> {
    const {query: search, keep = () => true} = listRequest(query)
    const page = pageFrom(await this.#list(search), item => imageFrom(item, this.url), query)
    return {...page, images: page.images.filter(keep)}
  }

  /** `visibility=all` is from 18.0.0 on; without it, others' community images are missing, as they were then. */
  async #list(query: URLSearchParams): Promise<unknown> {
    try {
      return await this.#wire.json('GET', `${IMAGES}?${query}`, LISTING)
    } catch (error) {
      const isUnknown =
        error instanceof Failure && error.status === 400 && /visibility/i.test(error.why ?? '')
      if (!isUnknown || query.get('visibility') !== 'all') throw error
      query.delete('visibility')
      return this.#wire.json('GET', `${IMAGES}?${query}`, LISTING)
    }
  }

  show(id: string): Promise<Image> {
    return this.#image(id, `cannot show image ${id}`)
  }

  async add(draft: Draft, data?: ImageData, options: AddOptions = {}): Promise<Image> {
    const document = draftDocument(draft)
    const filling = await Filling.open({wire: this.#wire, fetch: this.#fetch, draft, data, options})
    return filling.isEmpty ? registered(this.#wire, document) : added(this.#wire, document, filling, options)
  }

  async update(id: string, draft: Draft, options: UpdateOptions = {}): Promise<Image> {
    const {data, purgeProperties = false, verify = true} = options
    const what = `cannot update image ${id}`
    const before = await this.#image(id, what)
    if (verify && !data && before.status !== 'queued') assertStored(before, expectationOf(draft))
    const patch = patchOf(before, draft, purgeProperties)
    const filling = await Filling.open({wire: this.#wire, fetch: this.#fetch, draft, data, options})
    if (!filling.isEmpty && before.status !== 'queued') {
      filling.discard()
      throw notQueued(before)
    }
    const image = await filling.elseDiscard(async () => {
      if (patch.length === 0) return before
      const call = {json: patch, type: PATCH_TYPE}
      return imageFrom(await this.#wire.json('PATCH', imagePath(id), {what}, call), this.url)
    })
    if (filling.isEmpty) return image
    return filling.into(image).catch(error => {
      throw isUnlikeSent(error) ? filledWrongly(id, error) : error
    })
  }

  async delete(id: string): Promise<void> {
    await this.#wire.done('DELETE', imagePath(id), {what: `cannot delete image ${id}`})
  }

  async download(id: string, {range, image}: DownloadOptions = {}): Promise<Download> {
    const known = image ?? (await this.#image(id, `cannot download image ${id}`))
    return download(this.#wire, known, range)
  }

  members(imageId: string): Promise<readonly Member[]> {
    return this.#sharing.members(imageId)
  }

  memberImages(memberId: string): Promise<readonly SharedImage[]> {
    return this.#sharing.imagesOf(memberId)
  }

  addMember(imageId: string, member: Member): Promise<void> {
    return this.#sharing.add(imageId, member)
  }

  removeMember(imageId: string, memberId: string): Promise<void> {
    return this.#sharing.remove(imageId, memberId)
  }

  replaceMembers(
    imageId: string,
    members: readonly Member[],
    onStep?: (text: string) => void,
  ): Promise<void> {
    return this.#sharing.replace(imageId, members, onStep)
  }

  setMemberStatus(imageId: string, memberId: string, status: MemberStatus): Promise<void> {
    return this.#sharing.setStatus(imageId, memberId, status)
  }

  async #image(id: string, what: string): Promise<Image> {
    return imageFrom(await this.#wire.json('GET', imagePath(id), {what}), this.url)
  }
}

function briefly({id, name, diskFormat, containerFormat, size, checksum}: Image): ImageSummary {
  return {id, name, diskFormat, containerFormat, size, checksum}
}

/** Found out by us: a service that refuses data by itself leaves the image queued. */
function isUnlikeSent(error: unknown): error is Failure {
  return error instanceof Failure && error.kind === 'unverified' && error.status === undefined
}

function notQueued({id, status}: Image): Failure {
  return new Failure('conflict', `cannot update image ${id}`, {
    why: `its status is ${status}, and only a queued image takes data: v2 stores data once`,
    advice: 'Add the data as a new image.',
  })
}
