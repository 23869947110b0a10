/** The members of images in version 1 of the API. */
import {expectNoPage} from '../../http/errors/expect-no-page.js'
import type {Method, Reply, Send} from '../../http/message.js'
import {Failure} from '../../model/errors.js'
import type {Member, MemberChange, MemberStatus, SharedImage} from '../../model/image.js'
import {memberBody, membersFromBody, membershipsBody, sharedImagesFromBody} from './documents.js'
import {expectMemberChange, expectSuccess} from './failures.js'
import {memberPath, membersPath, sharedImagesPath} from './paths.js'

/** The members of images. Methods throw the Failure that the reply means. */
export class V1Members {
  readonly #url: string
  readonly #send: Send

  /** @param url base of the service, without the version and without a trailing slash */
  constructor(url: string, send: Send) {
    this.#url = url
    this.#send = send
  }

  /** The members of an image. */
  async members(imageId: string): Promise<Member[]> {
    const reply = await this.#get(membersPath(imageId))
    await expectSuccess(reply, `cannot list the members of image ${imageId}`)
    return membersFromBody(await reply.json())
  }

  /** The images shared with a project. */
  async imagesSharedWith(memberId: string): Promise<SharedImage[]> {
    const reply = await this.#get(sharedImagesPath(memberId))
    await expectSuccess(reply, `cannot list the images shared with ${memberId}`)
    return sharedImagesFromBody(await reply.json())
  }

  /** Adds a member, or changes its `canShare`; without one, an existing member keeps its own. */
  async add(imageId: string, member: MemberChange): Promise<Member> {
    const path = memberPath(imageId, member.memberId)
    const [complete = {...member, canShare: false}] = await this.#complete(imageId, [member])
    const body = memberBody(complete)
    await this.#change('PUT', path, `cannot add ${member.memberId} to image ${imageId}`, body)
    return complete
  }

  /** Removes a member. */
  async remove(imageId: string, memberId: string): Promise<void> {
    const path = memberPath(imageId, memberId)
    await this.#change('DELETE', path, `cannot remove ${memberId} from image ${imageId}`)
  }

  /** Replaces all members; those without `canShare` keep their own. */
  async replace(imageId: string, members: readonly MemberChange[]): Promise<readonly Member[]> {
    const what = `cannot replace the members of image ${imageId}`
    const complete = await this.#complete(imageId, members)
    await this.#change('PUT', membersPath(imageId), what, membershipsBody(complete))
    return complete
  }

  /** @throws Failure always: members have no status in this version */
  async setStatus(imageId: string, memberId: string, status: MemberStatus): Promise<never> {
    throw new Failure('failed', `cannot set ${memberId} of image ${imageId} to ${status}`, {
      why: 'members have no status in Image API v1',
    })
  }

  /** A server takes a missing `can_share` for false, so the present value is sent. */
  async #complete(imageId: string, members: readonly MemberChange[]): Promise<Member[]> {
    const isComplete = members.every(({canShare}) => canShare !== undefined)
    const before = isComplete ? [] : await this.members(imageId)
    const present = new Map(before.map(({memberId, canShare}) => [memberId, canShare]))
    return members.map(({memberId, canShare = present.get(memberId) ?? false}) => ({memberId, canShare}))
  }

  #get(path: string): Promise<Reply> {
    return this.#send({method: 'GET', url: this.#url + path})
  }

  async #change(method: Method, path: string, what: string, body?: string): Promise<void> {
    const headers: Record<string, string> = body === undefined ? {} : {'content-type': 'application/json'}
    const reply = await this.#send({method, url: this.#url + path, headers, body})
    await expectNoPage(await expectMemberChange(reply, what), what)
  }
}
