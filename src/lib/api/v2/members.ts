/** The members of images in version 2 of the API. */
import {Failure, usageError} from '../../model/errors.js'
import type {Image, Member, MemberChange, MemberStatus, Page, SharedImage} from '../../model/image.js'
import type {ListQuery} from '../../model/list-query.js'
import {hasVersion1} from '../discovery.js'
import {PageGuard} from '../page-guard.js'
import {imageFrom, memberFrom, membersFrom} from './documents.js'
import {listRequest} from './list-request.js'
import {pageFrom} from './pages.js'
import {IMAGES, imagePath, memberPath, membersPath} from './paths.js'
import {sharedImageLists} from './search.js'
import type {ServiceClient} from './service-client.js'

/** Images whose members are requested at the same time. */
const CONCURRENCY = 4

/** Of images that cannot have members: since 2.5, and before. */
const NO_MEMBERS = /only shared images have members|public images do not have members/i

/** The members of images. Methods throw the Failure that the reply means. */
export class V2Members {
  readonly #client: ServiceClient
  readonly #project: string | undefined

  /** @param project id of the caller's project, if known */
  constructor(client: ServiceClient, project: string | undefined) {
    this.#client = client
    this.#project = project
  }

  /** The members of an image; none for an image that cannot have any, to which the server replies 403. */
  async members(imageId: string): Promise<Member[]> {
    const what = `cannot list the members of image ${imageId}`
    try {
      return membersFrom(await this.#client.json('GET', membersPath(imageId), {what}))
    } catch (error) {
      if (error instanceof Failure && NO_MEMBERS.test(error.why ?? '')) return []
      throw error
    }
  }

  /** Adds a member. The 409 for an existing member counts as success; its status is then looked up. */
  async add(imageId: string, member: MemberChange): Promise<Member> {
    const {memberId} = member
    await this.#rejectResharing([member])
    const what = `cannot add ${memberId} to image ${imageId}`
    const call = {json: {member: memberId}, statuses: [200, 201, 204, 409]}
    try {
      const reply = await this.#client.change('POST', membersPath(imageId), {what}, call)
      if (reply !== undefined) return memberFrom(reply, memberId)
    } catch (error) {
      throw error instanceof Failure && error.status === 403
        ? await this.#explainDenial(imageId, error)
        : error
    }
    const known = (await this.members(imageId)).find(known => known.memberId === memberId)
    return known ?? {memberId, canShare: false}
  }

  /** @throws Failure of kind `usage`; its advice names version 1 if the service has it */
  async #rejectResharing(members: readonly MemberChange[]): Promise<void> {
    const resharing = members.find(({canShare}) => canShare)
    if (resharing === undefined) return
    throw usageError(`${resharing.memberId} cannot be allowed to share the image further`, {
      why: 'Image API v2 does not have this right: only the owner of an image shares it',
      advice: (await hasVersion1(() => this.#client.send('GET', '/')))
        ? 'Leave out --can-share, or use v1, which this service has: --os-image-api-version 1, or a URL that ends in /v1.'
        : 'Leave out --can-share.',
    })
  }

  /** The server replies 403 both for another project's image and for an image that is not `shared`. */
  async #explainDenial(imageId: string, failure: Failure): Promise<Failure> {
    const visibility = await this.#readVisibility(imageId).catch(() => undefined)
    if (visibility === undefined || visibility === null) return failure
    const needed = this.#client.level.memberVisibility
    if (visibility === needed) return failure
    const {message, requestId, status} = failure
    const advice =
      visibility === 'private'
        ? `Allow members: glance update ${imageId} visibility=${needed}`
        : `Every project may use it. To restrict it to members: glance update ${imageId} visibility=${needed}`
    return new Failure('conflict', message, {
      why: `it is ${visibility}, and only ${needed} images have members`,
      advice,
      requestId,
      status,
      code: 'not-shared',
    })
  }

  async #readVisibility(imageId: string): Promise<string | null | undefined> {
    const body = await this.#client.json('GET', imagePath(imageId), {what: `cannot show image ${imageId}`})
    return imageFrom(body, this.#client.url).visibility
  }

  /** Removes a member. */
  async remove(imageId: string, memberId: string): Promise<void> {
    const what = `cannot remove ${memberId} from image ${imageId}`
    await this.#client.callAndDiscard('DELETE', memberPath(imageId, memberId), {what})
  }

  /** Sets the status of a membership, on behalf of the member. */
  async setStatus(imageId: string, memberId: string, status: MemberStatus): Promise<Member> {
    const what = `cannot set ${memberId} of image ${imageId} to ${status}`
    const advice = {
      403: 'Log in to the project that the image is shared with: only that project accepts or rejects it.',
      404: `Ask the owner of image ${imageId} to add ${memberId}: only the owner can add members.`,
    }
    const path = memberPath(imageId, memberId)
    const reply = await this.#client.change('PUT', path, {what, advice}, {json: {status}})
    return {status, ...memberFrom(reply, memberId)}
  }

  /** Replaces all members in steps: first the additions, so that a failure among them excludes no member. */
  async replace(
    imageId: string,
    members: readonly MemberChange[],
    onStep: (text: string) => void = () => {},
  ): Promise<Member[]> {
    await this.#rejectResharing(members)
    const before = new Map((await this.members(imageId)).map(member => [member.memberId, member]))
    const after = new Map<string, Member>()
    for (const {memberId} of members) {
      const known = after.get(memberId) ?? before.get(memberId)
      after.set(memberId, known ?? (await this.add(imageId, {memberId, canShare: false})))
      if (known === undefined) onStep(`added ${memberId} to image ${imageId}`)
    }
    const surplus = [...before.keys()].filter(memberId => !after.has(memberId))
    await this.#removeAll(imageId, surplus, onStep)
    return [...after.values()]
  }

  /** Continues when one cannot be removed; another client may have removed one already. */
  async #removeAll(
    imageId: string,
    memberIds: readonly string[],
    onStep: (text: string) => void,
  ): Promise<void> {
    let failure: Failure | undefined
    for (const memberId of memberIds) {
      try {
        await this.remove(imageId, memberId)
        onStep(`removed ${memberId} from image ${imageId}`)
      } catch (error) {
        if (!(error instanceof Failure) || error.kind === 'interrupted') throw error
        if (error.kind !== 'not-found') failure ??= error
      }
    }
    if (failure) throw failure
  }

  /**
   * The images shared with a project.
   *
   * For the caller's own project the lists suffice, but they do not hold its status. For another project the members of
   * each visible image are requested one by one: images of third projects are missing, except for an administrator.
   */
  async imagesSharedWith(memberId: string, onNote?: (text: string) => void): Promise<SharedImage[]> {
    const isOwn = memberId === this.#project
    if (this.#project !== undefined && !isOwn)
      onNote?.(`images that other projects share with ${memberId} are not listed`)
    const found: SharedImage[] = []
    for await (const images of this.#sharedImages(memberId)) {
      if (isOwn) {
        const others = images.filter(({owner}) => owner !== memberId)
        found.push(...others.map(({id}) => ({imageId: id, canShare: false})))
      } else found.push(...(await this.#findMemberships(memberId, images)))
    }
    return found
  }

  async *#sharedImages(memberId: string): AsyncIterable<readonly Image[]> {
    for (const query of sharedImageLists(this.#client.level)) yield* this.#allPages(memberId, query)
  }

  async *#allPages(memberId: string, query: ListQuery): AsyncIterable<readonly Image[]> {
    const what = `cannot list the images shared with ${memberId}`
    const guard = new PageGuard()
    let page: Page<Image> | undefined
    do {
      const {query: search, predicates} = listRequest({...query, marker: page?.next}, this.#client.level)
      const body = await this.#client.json('GET', `${IMAGES}?${search}`, {what})
      page = guard.check(pageFrom(body, item => imageFrom(item, this.#client.url)))
      yield page.images.filter(image => predicates.every(keep => keep(image)))
    } while (page.next !== undefined)
  }

  /** Requests the members of a few images at a time. */
  async #findMemberships(memberId: string, images: readonly Image[]): Promise<SharedImage[]> {
    const found: SharedImage[] = []
    for (let first = 0; first < images.length; first += CONCURRENCY) {
      const batch = images.slice(first, first + CONCURRENCY)
      const memberships = await Promise.all(batch.map(image => this.#findMembership(image.id, memberId)))
      found.push(...memberships.filter(membership => membership !== undefined))
    }
    return found
  }

  async #findMembership(imageId: string, memberId: string): Promise<SharedImage | undefined> {
    try {
      const member = (await this.members(imageId)).find(member => member.memberId === memberId)
      return member && {imageId, canShare: false, ...(member.status ? {status: member.status} : {})}
    } catch (error) {
      // Deleted, or no longer shared, since the list was made.
      if (error instanceof Failure && (error.kind === 'not-found' || error.kind === 'denied'))
        return undefined
      throw error
    }
  }
}
