/** The members of images: the projects that an image is shared with. */
import type {
  DecideMembers,
  ImageChanges,
  ImageRecord,
  MemberRecord,
  MemberStatus,
  Membership,
  Registry,
  SharesQuery,
} from '../registry/registry.js'
import {type Access, requirePermission} from './access.js'
import {type ErrorFacts, ServiceError} from './errors.js'
import {type Caller, mayAnswer, mayShare, permits, seesAll, seesMembers} from './policy.js'
import {requireMemberLimit} from './rules.js'

/** Dependencies of `Members`, and the difference between the API versions. */
export interface MembersParts {
  readonly registry: Registry
  readonly access: Access
  /**
   * True: only images of visibility `shared` have members, and only their owners share them (v2). False: any image has
   * members, sharing a private image makes it `shared`, and members with `canShare` may share it (v1).
   */
  readonly sharedOnly: boolean
}

type Action = ErrorFacts['members-fixed']['action']

/**
 * Reads and changes the members of images. Methods reject with `ServiceError` `image-not-found`, `deleted-image`, `not-permitted` and those
 * that they name.
 */
export class Members {
  readonly #parts: MembersParts

  constructor(parts: MembersParts) {
    this.#parts = parts
  }

  /** All members by id for the owner; for a member only itself. @throws ServiceError `not-shared` */
  async list(caller: Caller, id: string): Promise<readonly MemberRecord[]> {
    return this.#listOr('not-shared', caller, id)
  }

  /** One member. @throws ServiceError `no-members`, `member-not-found` */
  async find(caller: Caller, id: string, member: string): Promise<MemberRecord> {
    const members = await this.#listOr('no-members', caller, id)
    const found = members.find(({memberId}) => memberId === member)
    if (found) return found
    throw new ServiceError('member-not-found', {id, member})
  }

  /**
   * A part of the memberships of a project, by image id. Callers other than the project and administrators get those in
   * their own images (wire/v1.md#n31, #n32). Empty for an unknown project (wire/v1.md#i35).
   */
  async listShares(
    caller: Caller,
    memberId: string,
    part: Pick<SharesQuery, 'after' | 'limit'>,
  ): Promise<readonly MemberRecord[]> {
    const {registry} = this.#parts
    requirePermission(caller, 'get_members')
    if (seesAll(caller) || caller.project === memberId) return registry.listShares(memberId, part)
    return caller.project === null ? [] : registry.listShares(memberId, {...part, ownedBy: caller.project})
  }

  /**
   * Adds a member with status `pending`; any text is a valid member.
   * @throws ServiceError `members-fixed`, `may-not-share`, `limit-exceeded`, `duplicate-member`
   */
  add(caller: Caller, id: string, member: string): Promise<MemberRecord> {
    return this.#change('create', caller, id, async require => {
      const added = await this.#parts.registry.addMember(id, member, (image, members) => {
        require(image, members)
        requireMemberLimit(members.length + 1)
        return undefined
      })
      if (added === 'known') throw new ServiceError('duplicate-member', {id, member})
      return added ?? this.find(caller, id, member)
    })
  }

  /** Adds a member, or changes its `canShare`. @throws ServiceError `members-fixed`, `may-not-share`, `limit-exceeded` */
  put(caller: Caller, id: string, {memberId, canShare}: Membership): Promise<void> {
    return this.#change('create', caller, id, async require => {
      await this.#parts.registry.putMember(id, memberId, canShare, (image, members) => {
        require(image, members)
        requireMemberLimit(new Set([...members.map(member => member.memberId), memberId]).size)
        return makeShared(image)
      })
    })
  }

  /** Replaces all members. @throws ServiceError `members-fixed`, `may-not-share`, `limit-exceeded` */
  replace(caller: Caller, id: string, memberships: readonly Membership[]): Promise<void> {
    return this.#change('create', caller, id, async require => {
      await this.#parts.registry.replaceMembers(id, memberships, (image, members) => {
        require(image, members)
        requireMemberLimit(new Set(memberships.map(({memberId}) => memberId)).size)
        return memberships.length > 0 ? makeShared(image) : undefined
      })
    })
  }

  /** Accepts or rejects a membership. @throws ServiceError `members-fixed`, `member-not-found` */
  async setStatus(caller: Caller, id: string, member: string, status: MemberStatus): Promise<MemberRecord> {
    const image = await this.#findImage(caller, id)
    if (image.visibility !== 'shared') throw new ServiceError('members-fixed', {id, action: 'update'})
    await this.find(caller, id, member)
    if (!mayAnswer(caller, image, member)) throw new ServiceError('members-fixed', {id, action: 'update'})
    const changed = await this.#parts.registry.setMemberStatus(id, member, status)
    if (changed) return changed
    throw new ServiceError('member-not-found', {id, member})
  }

  /** Removes a member. @throws ServiceError `members-fixed`, `may-not-share`, `member-not-found` */
  remove(caller: Caller, id: string, member: string): Promise<void> {
    return this.#change('delete', caller, id, async require => {
      if (await this.#parts.registry.deleteMember(id, member, require)) return
      throw new ServiceError('member-not-found', {id, member})
    })
  }

  /**
   * Changes the members of an image that the caller may share.
   * @param work is given the check that the caller still may, for the transaction of the change
   */
  async #change<T>(
    action: Action,
    caller: Caller,
    id: string,
    work: (require: DecideMembers) => Promise<T>,
  ): Promise<T> {
    const image = await this.#findImage(caller, id)
    const require: DecideMembers = (image, members) => {
      this.#requireShareable(caller, image, members, action)
      return undefined
    }
    require(image, (await this.#parts.registry.listMembers(id)) ?? [])
    return work(require)
  }

  #requireShareable(
    caller: Caller,
    image: ImageRecord,
    members: readonly MemberRecord[],
    action: Action,
  ): void {
    const {id, visibility} = image
    const operation = action === 'delete' ? 'delete_member' : 'add_member'
    if (this.#parts.sharedOnly) {
      if (permits(caller, operation, image) && visibility === 'shared') return
      throw new ServiceError('members-fixed', {id, action})
    }
    const membership = members.find(({memberId}) => memberId === caller.project)
    if (!mayShare(caller, operation, image, membership)) throw new ServiceError('may-not-share', {id})
  }

  async #listOr(
    code: 'not-shared' | 'no-members',
    caller: Caller,
    id: string,
  ): Promise<readonly MemberRecord[]> {
    const {registry, sharedOnly} = this.#parts
    const image = await this.#findImage(caller, id)
    if (sharedOnly && image.visibility !== 'shared') throw new ServiceError(code, {id})
    requirePermission(caller, code === 'not-shared' ? 'get_members' : 'get_member', image)
    const members = (await registry.listMembers(id)) ?? []
    return seesMembers(caller, image) ? members : members.filter(({memberId}) => memberId === caller.project)
  }

  /** Finds an image; a deleted one is an error of its own for administrators (wire/v1.md#i43, #i54). */
  async #findImage(caller: Caller, id: string): Promise<ImageRecord> {
    const image = await this.#parts.access.find(caller, id, true)
    if (image.deleted) throw new ServiceError('deleted-image', {id})
    return image
  }
}

/** The change of an image that gets members through v1. */
function makeShared({visibility}: ImageRecord): ImageChanges | undefined {
  return visibility === 'private' ? {visibility: 'shared'} : undefined
}
