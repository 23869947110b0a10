/** Sharing: the members of images, and the images of members. */
import type {MemberRecord, Registry} from '../registry/registry.js'
import type {Access} from './access.js'
import {type Caller, mayAnswer, mayChange} from './policy.js'
import {noSuchImage, Refused} from './refusals.js'
import {requireFewMembers} from './rules.js'

/** Characters. */
const MAX_MEMBER_ID = 255

/** One membership a caller asks for; `canShare` undefined leaves it as it is. */
export interface Membership {
  readonly memberId: string
  readonly canShare: boolean | undefined
}

/** Every method throws `Refused` when there is no such image, or only a deleted one. */
export class Sharing {
  readonly #registry: Registry
  readonly #access: Access

  constructor(registry: Registry, access: Access) {
    this.#registry = registry
    this.#access = access
  }

  /** Whom the image is shared with, by member id. */
  async membersOf(caller: Caller, imageId: string): Promise<readonly MemberRecord[]> {
    const members = await this.#registry.members(imageId)
    if (!members) return this.#refuse(imageId)
    const image = await this.#access.visible(caller, imageId)
    return mayChange(caller, image) ? members : members.filter(({memberId}) => memberId === caller.project)
  }

  /**
   * What is shared with that member, by image id; of others than himself, who is no administrator, what the caller shares
   * with him (v1-wire N31, N32). Nothing when nobody knows him (I35).
   */
  async sharesOf(caller: Caller, memberId: string): Promise<readonly MemberRecord[]> {
    if (mayAnswer(caller, memberId)) return this.#registry.sharesOf(memberId)
    return caller.project === null ? [] : this.#registry.sharesOf(memberId, {ownedBy: caller.project})
  }

  /** Shares the image with one more member, or changes what he may. */
  async add(caller: Caller, imageId: string, {memberId, canShare}: Membership): Promise<void> {
    requireMemberId(memberId)
    await this.#requireShareable(caller, imageId)
    const members = (await this.#registry.members(imageId)) ?? []
    requireFewMembers(new Set([...members.map(member => member.memberId), memberId]).size)
    const done = await this.#registry.putMember(imageId, memberId, canShare)
    if (!done) await this.#refuse(imageId)
    await this.#letHaveMembers(imageId)
  }

  /** Shares the image with these and nobody else. */
  async replace(caller: Caller, imageId: string, memberships: readonly Membership[]): Promise<void> {
    for (const {memberId} of memberships) requireMemberId(memberId)
    requireFewMembers(new Set(memberships.map(({memberId}) => memberId)).size)
    await this.#requireShareable(caller, imageId)
    const done = await this.#registry.replaceMembers(imageId, memberships)
    if (!done) await this.#refuse(imageId)
    if (memberships.length > 0) await this.#letHaveMembers(imageId)
  }

  /** Ends the share. @throws Refused `no-such-member` when there was none (v1-wire I39, I40) */
  async remove(caller: Caller, imageId: string, memberId: string): Promise<void> {
    await this.#requireShareable(caller, imageId)
    if (await this.#registry.deleteMember(imageId, memberId)) return
    await this.membersOf(caller, imageId)
    throw new Refused('no-such-member', 'Membership could not be found.')
  }

  /** Version 1 knows no image that takes no members: who shares a private one there means it. */
  async #letHaveMembers(imageId: string): Promise<void> {
    await this.#registry.change(imageId, ({visibility}) =>
      visibility === 'private' ? {visibility: 'shared'} : undefined,
    )
  }

  /** For an administrator the words for what is not there come later, and are others. */
  async #requireShareable(caller: Caller, imageId: string): Promise<void> {
    if (!caller.isAdmin) await this.#access.requireShareable(caller, imageId)
  }

  /** v1-wire I43, I54. */
  async #refuse(imageId: string): Promise<never> {
    const image = await this.#registry.find(imageId)
    if (!image) throw noSuchImage(imageId)
    throw new Refused('deleted-image', `Image with identifier ${imageId} has been deleted.`)
  }
}

/** An empty id names nobody, and none is as long. @throws Refused `bad-membership` */
function requireMemberId(memberId: string): void {
  if (memberId !== '' && [...memberId].length <= MAX_MEMBER_ID) return
  throw new Refused('bad-membership', "Invalid membership association: 'member_id'")
}
