/** Changes of the members of an image. */
import type {ImageApi} from '../../api/image-api.js'
import {Failure, usageError} from '../../model/errors.js'
import type {Member, MemberStatus} from '../../model/image.js'
import type {Consent} from '../consent.js'
import {resolveImageId, withImageOfMember, withSharedImage} from '../resolve.js'
import {type Change, type ChangeOutcome, performSilently} from './change.js'

/** Adds a member to an image. */
export function addMember(nameOrId: string, member: Member): Change {
  const {memberId} = member
  return {
    plan: () => [`Add "${memberId}" to membership of image ${nameOrId}`, ...sharePlan(member)],
    async *perform(api, confirm) {
      const warning = api.questionMemberId(memberId)
      if (warning !== undefined) yield {note: `${warning}; clouds identify members by project ids`}
      const id = await resolveImageId(api, nameOrId)
      yield* withSharedVisibility(api, id, confirm, () => api.addMember(id, member))
      yield* acceptanceNote(api, id, member)
    },
  }
}

/** Removes a member from an image. */
export function removeMember(nameOrId: string, memberId: string): Change {
  return {
    plan: () => [`Remove "${memberId}" from the member list of image "${nameOrId}"`],
    perform: performSilently(api => withImageOfMember(api, nameOrId, id => api.removeMember(id, memberId))),
  }
}

/** Replaces all members of an image with one. */
export function replaceMembers(nameOrId: string, member: Member): Change {
  return {
    plan: () => [`Replace members of image ${nameOrId} with "${member.memberId}"`, ...sharePlan(member)],
    async *perform(api, confirm) {
      const id = await resolveImageId(api, nameOrId)
      await confirmNonId(api, id, member, confirm)
      const steps: string[] = []
      try {
        yield* withSharedVisibility(api, id, confirm, () =>
          api.replaceMembers(id, [member], step => void steps.push(step)),
        )
      } finally {
        for (const note of steps) yield {note}
      }
      yield* acceptanceNote(api, id, member)
    },
  }
}

/** Sets the status of a membership, on behalf of the member. */
export function setMemberStatus(nameOrId: string, memberId: string, status: MemberStatus): Change {
  return {
    plan: () => [`Set the status of member "${memberId}" of image ${nameOrId} to ${status}`],
    perform: performSilently(api =>
      withSharedImage(api, nameOrId, id => api.setMemberStatus(id, memberId, status)),
    ),
  }
}

/** Asks for confirmation before members that are project ids are replaced with one that is not. */
async function confirmNonId(api: ImageApi, id: string, {memberId}: Member, confirm: Consent): Promise<void> {
  const problem = api.questionMemberId(memberId)
  if (problem === undefined || (await api.members(id)).every(other => hasDubiousId(api, other))) return
  if (await confirm.ask(`${problem}. Remove all other members?`)) return
  throw usageError(problem, {
    why: 'the members of the image are project ids, and all of them would be removed',
    advice: 'Give the id of the project, or use --force.',
  })
}

function hasDubiousId(api: ImageApi, {memberId}: Member): boolean {
  return api.questionMemberId(memberId) !== undefined
}

/** Changes members. An image that cannot have any gets another visibility first, with a confirmation of its own. */
async function* withSharedVisibility(
  api: ImageApi,
  id: string,
  confirm: Consent,
  act: () => Promise<void>,
): AsyncIterable<ChangeOutcome> {
  try {
    await act()
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'not-shared') throw error
    const {memberVisibility} = api
    const question = `Image ${id} cannot have members: ${error.why}. Change its visibility to ${memberVisibility}?`
    if (!(await confirm.ask(question))) throw error
    await api.update(id, {visibility: memberVisibility, properties: {}})
    yield {note: `the visibility of image ${id} is now ${memberVisibility}`}
    await act()
  }
}

function* acceptanceNote(api: ImageApi, id: string, {memberId}: Member): Iterable<ChangeOutcome> {
  const note = api.explainAcceptance(id, memberId)
  if (note !== undefined) yield {note}
}

function sharePlan({canShare}: Member): string[] {
  return canShare ? ['New member would have been able to further share image (v1 only).'] : []
}
