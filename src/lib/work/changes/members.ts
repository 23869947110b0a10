/** Changes of the members of an image. */
import type {ImageApi} from '../../api/image-api.js'
import {Failure, usageError} from '../../model/errors.js'
import type {Member, MemberStatus, Visibility} from '../../model/image.js'
import type {JsonObject} from '../../model/json-object.js'
import type {Consent} from '../consent.js'
import {resolveImageId, withImageOfMember, withSharedImage} from '../resolve.js'
import {type Change, type ChangeOutcome, type PlanStep, performQuietly} from './change.js'

/** Adds a member to an image. */
export function addMember(nameOrId: string, member: Member): Change {
  const {memberId} = member
  return {
    plan: () => [planToShare('add', nameOrId, member)],
    async *perform(api, confirm) {
      const warning = api.questionMemberId(memberId)
      if (warning !== undefined) yield {note: `${warning}; clouds identify members by project ids`}
      const id = await resolveImageId(api, nameOrId)
      const changed = yield* withSharedVisibility(api, id, confirm, () => api.addMember(id, member))
      yield {lines: [], record: {...toRecord(id, member), added: true, ...changed}}
      yield* acceptanceNote(api, id, member)
    },
  }
}

/** Removes a member from an image. */
export function removeMember(nameOrId: string, memberId: string): Change {
  return {
    plan: () => [
      {
        lines: [`Remove "${memberId}" from the member list of image "${nameOrId}"`],
        record: {action: 'delete', kind: 'member', image: nameOrId, member_id: memberId},
      },
    ],
    perform: performQuietly(api =>
      withImageOfMember(api, nameOrId, async id => {
        await api.removeMember(id, memberId)
        return {image_id: id, member_id: memberId, deleted: true}
      }),
    ),
  }
}

/** Replaces all members of an image with one. */
export function replaceMembers(nameOrId: string, member: Member): Change {
  return {
    plan: () => [planToShare('replace', nameOrId, member)],
    async *perform(api, confirm) {
      const id = await resolveImageId(api, nameOrId)
      await confirmNonId(api, id, member, confirm)
      const steps: string[] = []
      let changed: ChangedVisibility
      try {
        changed = yield* withSharedVisibility(api, id, confirm, () =>
          api.replaceMembers(id, [member], step => void steps.push(step)),
        )
      } finally {
        for (const note of steps) yield {note}
      }
      yield {lines: [], record: {...toRecord(id, member), replaced: true, ...changed}}
      yield* acceptanceNote(api, id, member)
    },
  }
}

/** Sets the status of a membership, on behalf of the member. */
export function setMemberStatus(nameOrId: string, memberId: string, status: MemberStatus): Change {
  return {
    plan: () => [
      {
        lines: [`Set the status of member "${memberId}" of image ${nameOrId} to ${status}`],
        record: {action: 'update', kind: 'member', image: nameOrId, member_id: memberId, status},
      },
    ],
    perform: performQuietly(api =>
      withSharedImage(api, nameOrId, async id => {
        await api.setMemberStatus(id, memberId, status)
        return {image_id: id, member_id: memberId, status}
      }),
    ),
  }
}

function planToShare(action: 'add' | 'replace', image: string, {memberId, canShare}: Member): PlanStep {
  const text =
    action === 'add'
      ? `Add "${memberId}" to membership of image ${image}`
      : `Replace members of image ${image} with "${memberId}"`
  const more = canShare ? ['New member would have been able to further share image (v1 only).'] : []
  return {
    lines: [text, ...more],
    record: {action, kind: 'member', image, member_id: memberId, can_share: canShare},
  }
}

/** The record of a membership that was changed. */
function toRecord(imageId: string, {memberId, canShare}: Member): JsonObject {
  return {image_id: imageId, member_id: memberId, can_share: canShare}
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

/** The visibility that an image was given so that it can have members. */
interface ChangedVisibility {
  readonly visibility?: Visibility
}

/** Changes members. An image that cannot have any gets another visibility first, with a confirmation of its own. */
async function* withSharedVisibility(
  api: ImageApi,
  id: string,
  confirm: Consent,
  act: () => Promise<void>,
): AsyncGenerator<ChangeOutcome, ChangedVisibility> {
  try {
    await act()
    return {}
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'not-shared') throw error
    const {memberVisibility: visibility} = api
    const question = `Image ${id} cannot have members: ${error.why}. Change its visibility to ${visibility}?`
    if (!(await confirm.ask(question))) throw error
    await api.update(id, {visibility, properties: {}})
    yield {note: `the visibility of image ${id} is now ${visibility}`}
    await act()
    return {visibility}
  }
}

function* acceptanceNote(api: ImageApi, id: string, {memberId}: Member): Iterable<ChangeOutcome> {
  const note = api.explainAcceptance(id, memberId)
  if (note !== undefined) yield {note}
}
