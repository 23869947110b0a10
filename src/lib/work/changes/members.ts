/** Changes of the members of images. */
import type {ImageApi} from '../../api/image-api.js'
import {Failure, usageError} from '../../model/errors.js'
import type {Member, MemberStatus, Visibility} from '../../model/image.js'
import type {Consent} from '../consent.js'
import {memberRecord} from '../output/member-view.js'
import {resolveImageId, withImageOfMember, withSharedImage} from '../resolve.js'
import type {Change, ChangeOutcome, PlanStep} from './change.js'
import {changeMembers, type FoundMember, MEMBER_PARTS, type Sharing, shareEach} from './sharing.js'

/** Adds members to images. */
export function addMembers(sharing: Sharing): Change {
  return shareEach(sharing, addToImage, function* (api, members) {
    for (const member of members) {
      const warning = questionMember(api, member)
      if (warning !== undefined) yield {note: `${warning}; clouds identify members by project ids`}
    }
  })
}

function addToImage(image: string, members: readonly FoundMember[]): Change {
  return {
    plan: () => members.map(member => planToAdd(image, member)),
    parts: MEMBER_PARTS,
    async *perform(api, confirm) {
      const id = await resolveImageId(api, image)
      yield* changeMembers(members, async function* (member) {
        const [added, changed] = yield* withSharedVisibility(api, id, confirm, () =>
          api.addMember(id, toMember(member)),
        )
        yield {lines: [], record: {...memberRecord(id, added), added: true, ...changed}}
        yield* acceptanceNote(api, id, added)
      })
    },
  }
}

/** Removes members from images. */
export function removeMembers(sharing: Sharing): Change {
  return shareEach(sharing, (image, members) => ({
    plan: () =>
      members.map(({memberId}) => ({
        lines: [`Remove "${memberId}" from the member list of image "${image}"`],
        record: {action: 'delete', kind: 'member', image, member_id: memberId},
      })),
    parts: MEMBER_PARTS,
    async *perform(api) {
      const nameOrId = members.length > 1 ? await resolveImageId(api, image) : image
      yield* changeMembers(members, async function* (member) {
        const record = await withImageOfMember(api, nameOrId, async id => ({
          image_id: id,
          member_id: await removeMember(api, id, member),
          deleted: true,
        }))
        yield {lines: [], record}
      })
    },
  }))
}

/** Removes the project, or else a member that has its name in place of an id. @returns the id of the member */
async function removeMember(api: ImageApi, imageId: string, {memberId, given}: FoundMember): Promise<string> {
  try {
    await api.removeMember(imageId, memberId)
    return memberId
  } catch (error) {
    const isMissing = error instanceof Failure && error.kind === 'not-found'
    if (!isMissing || given === memberId) throw error
    await api.removeMember(imageId, given).catch(() => {
      throw error
    })
    return given
  }
}

/** Replaces all members of images with these. */
export function replaceMembers(sharing: Sharing): Change {
  return shareEach(sharing, (image, members) => ({
    plan: () => members.map((member, index) => planToReplace(image, member, index === 0 ? members : [])),
    parts: MEMBER_PARTS,
    async *perform(api, confirm) {
      const id = await resolveImageId(api, image)
      await confirmNonIds(api, id, members, confirm)
      const steps: string[] = []
      let replaced: readonly [readonly Member[], ChangedVisibility]
      try {
        replaced = yield* withSharedVisibility(api, id, confirm, () =>
          api.replaceMembers(id, members.map(toMember), step => void steps.push(step)),
        )
      } finally {
        for (const note of steps) yield {note}
      }
      const [after, changed] = replaced
      for (const member of after) {
        yield {lines: [], record: {...memberRecord(id, member), replaced: true, ...changed}}
        yield* acceptanceNote(api, id, member)
      }
    },
  }))
}

/** Sets the status of a membership of images, on behalf of the member. */
export function setMemberStatus(sharing: Sharing, status: MemberStatus): Change {
  return shareEach(sharing, (image, members) => ({
    plan: () =>
      members.map(({memberId}) => ({
        lines: [`Set the status of member "${memberId}" of image ${image} to ${status}`],
        record: {action: 'update', kind: 'member', image, member_id: memberId, status},
      })),
    parts: MEMBER_PARTS,
    perform: api =>
      changeMembers(members, async function* ({memberId}) {
        const record = await withSharedImage(api, image, async id =>
          memberRecord(id, await api.setMemberStatus(id, memberId, status)),
        )
        yield {lines: [], record}
      }),
  }))
}

function toMember({memberId, canShare}: Member): Member {
  return {memberId, canShare}
}
const CAN_SHARE = 'New member would have been able to further share image (v1 only).'

function planToAdd(image: string, {memberId, canShare}: Member): PlanStep {
  return {
    lines: [`Add "${memberId}" to membership of image ${image}`, ...(canShare ? [CAN_SHARE] : [])],
    record: {action: 'add', kind: 'member', image, member_id: memberId, can_share: canShare},
  }
}

/** @param all members, for the one line about all of them; empty for the steps after the first one */
function planToReplace(image: string, {memberId, canShare}: Member, all: readonly Member[]): PlanStep {
  const names = all.map(({memberId}) => `"${memberId}"`).join(', ')
  const lines = [`Replace members of image ${image} with ${names}`, ...(canShare ? [CAN_SHARE] : [])]
  return {
    lines: all.length > 0 ? lines : [],
    record: {action: 'replace', kind: 'member', image, member_id: memberId, can_share: canShare},
  }
}

/** Asks for confirmation before members that are project ids are replaced with one that is not. */
async function confirmNonIds(
  api: ImageApi,
  id: string,
  members: readonly FoundMember[],
  confirm: Consent,
): Promise<void> {
  const [problem] = members.flatMap(member => questionMember(api, member) ?? [])
  if (problem === undefined || (await api.members(id)).every(other => hasDubiousId(api, other))) return
  if (await confirm.ask(`${problem}. Remove all other members?`)) return
  throw usageError(problem, {
    why: 'the members of the image are project ids, and all of them would be removed',
    advice: 'Give the id of the project, or use --force.',
  })
}

/** The reason to doubt the id of a member, unless the cloud has a project of that id. */
function questionMember(api: ImageApi, {memberId, isKnown}: FoundMember): string | undefined {
  return isKnown ? undefined : api.questionMemberId(memberId)
}

function hasDubiousId(api: ImageApi, {memberId}: Member): boolean {
  return api.questionMemberId(memberId) !== undefined
}

/** The visibility that an image was given so that it can have members. */
interface ChangedVisibility {
  readonly visibility?: Visibility
}

/** Changes members. An image that cannot have any gets another visibility first, with a confirmation of its own. */
async function* withSharedVisibility<T>(
  api: ImageApi,
  id: string,
  confirm: Consent,
  act: () => Promise<T>,
): AsyncGenerator<ChangeOutcome, readonly [T, ChangedVisibility]> {
  try {
    return [await act(), {}]
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'not-shared') throw error
    const {memberVisibility: visibility} = api
    const question = `Image ${id} cannot have members: ${error.why}. Change its visibility to ${visibility}?`
    if (!(await confirm.ask(question))) throw error
    await api.update(id, {visibility, properties: {}})
    yield {note: `the visibility of image ${id} is now ${visibility}`}
    return [await act(), {visibility}]
  }
}

function* acceptanceNote(api: ImageApi, id: string, {memberId, status}: Member): Iterable<ChangeOutcome> {
  const note = status === 'accepted' ? undefined : api.explainAcceptance(id, memberId)
  if (note !== undefined) yield {note}
}
