/** Offers: images shared with other projects, which accept or reject them. */
import type {ImageRecord, MemberRecord, MemberStatus, Registry} from '../registry/registry.js'
import type {Access} from './access.js'
import {type Caller, mayAnswer, mayChange} from './policy.js'
import {Refused} from './refusals.js'
import {requireFewMembers} from './rules.js'

const ONLY_SHARED = 'Only shared images have members.'

/** Every method throws `Refused` when it does not do what it was asked. */
export class Offers {
  readonly #registry: Registry
  readonly #access: Access

  constructor(registry: Registry, access: Access) {
    this.#registry = registry
    this.#access = access
  }

  /** All members for the owner, himself for a member. @throws Refused `forbidden` when the image is not shared */
  async of(caller: Caller, id: string): Promise<readonly MemberRecord[]> {
    const image = await this.#access.visible(caller, id)
    if (image.visibility !== 'shared') {
      throw new Refused('forbidden', `Not allowed to list members for image ${id}: ${ONLY_SHARED}`)
    }
    const members = (await this.#registry.members(id)) ?? []
    return mayChange(caller, image) ? members : members.filter(({memberId}) => memberId === caller.project)
  }

  /** One member. */
  async find(caller: Caller, id: string, memberId: string): Promise<MemberRecord> {
    const image = await this.#access.visible(caller, id)
    if (image.visibility !== 'shared') throw new Refused('no-such-member', ONLY_SHARED)
    const members = await this.of(caller, id)
    const member = members.find(one => one.memberId === memberId)
    if (!member) throw noSuchMember(id, memberId)
    return member
  }

  /** Offers the image to a project, whatever it is called. */
  async add(caller: Caller, id: string, memberId: string): Promise<MemberRecord> {
    const image = await this.#access.visible(caller, id)
    this.#requireOwner(caller, image, 'create')
    const count = (await this.#registry.members(id))?.length ?? 0
    requireFewMembers(count + 1)
    const member = await this.#registry.addMember(id, memberId)
    if (member === 'known') {
      throw new Refused('conflict', `Member ${memberId} is duplicated for image ${id}`)
    }
    return member ?? this.find(caller, id, memberId)
  }

  /** The answer of a member. */
  async answer(caller: Caller, id: string, memberId: string, status: MemberStatus): Promise<MemberRecord> {
    const image = await this.#access.visible(caller, id)
    if (image.visibility !== 'shared') throw notAllowed('update', id)
    await this.find(caller, id, memberId)
    if (!mayAnswer(caller, memberId)) throw notAllowed('update', id)
    const member = await this.#registry.setMemberStatus(id, memberId, status)
    if (!member) throw noSuchMember(id, memberId)
    return member
  }

  /** Takes the offer back. */
  async remove(caller: Caller, id: string, memberId: string): Promise<void> {
    const image = await this.#access.visible(caller, id)
    this.#requireOwner(caller, image, 'delete')
    if (!(await this.#registry.deleteMember(id, memberId))) throw noSuchMember(id, memberId)
  }

  #requireOwner(caller: Caller, image: ImageRecord, deed: string): void {
    if (!mayChange(caller, image) || image.visibility !== 'shared') throw notAllowed(deed, image.id)
  }
}

function notAllowed(deed: string, id: string): Refused {
  return new Refused('forbidden', `Not allowed to ${deed} members for image ${id}.`)
}

function noSuchMember(id: string, memberId: string): Refused {
  return new Refused('no-such-member', `${memberId} not found in the member list of the image ${id}.`)
}
