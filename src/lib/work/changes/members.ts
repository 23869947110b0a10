/** Changes of who an image is shared with. */
import type {ImageApi} from '../../api/image-api.js'
import {Failure, usageError} from '../../model/errors.js'
import type {Member, MemberStatus} from '../../model/image.js'
import type {Consent} from '../consent.js'
import {resolveImageId, withImage, withSharedImage} from '../resolve.js'
import {type Change, type ChangeOutcome, performSilently} from './change.js'

/** Shares an image with one more project. */
export function addMember(nameOrId: string, member: Member): Change {
  return {
    plan: () => [`Add "${member.memberId}" to membership of image ${nameOrId}`, ...sharePlan(member)],
    async *perform(api, confirm) {
      const warning = explainNonId(api, member)
      if (warning !== undefined) yield {note: `${warning}; clouds know members by ids`}
      const id = await resolveImageId(api, nameOrId)
      yield* withSharedVisibility(api, id, confirm, () => api.addMember(id, member))
      yield* acceptanceNote(api, id, member)
    },
  }
}

/** Takes an image away from a project. */
export function removeMember(nameOrId: string, memberId: string): Change {
  return {
    plan: () => [`Remove "${memberId}" from the member list of image "${nameOrId}"`],
    perform: performSilently(api => withImage(api, nameOrId, id => api.removeMember(id, memberId))),
  }
}

/** Makes a project the only member of an image. */
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

/** Says for a project whether it takes an image that is shared with it. */
export function setMemberStatus(nameOrId: string, memberId: string, status: MemberStatus): Change {
  return {
    plan: () => [`Set the status of member "${memberId}" of image ${nameOrId} to ${status}`],
    perform: performSilently(api =>
      withSharedImage(api, nameOrId, id => api.setMemberStatus(id, memberId, status)),
    ),
  }
}

/** What is odd about the name of a member, where members are known by the ids of their projects: servers take any word. */
function explainNonId({hasMemberStatus}: ImageApi, member: Member): string | undefined {
  return hasMemberStatus && !isId(member) ? `'${member.memberId}' is not an id of a project` : undefined
}

function isId({memberId}: Member): boolean {
  return /^[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}$/i.test(memberId)
}

/** Where members have ids, one without would take the place of all that there are. */
async function confirmNonId(api: ImageApi, id: string, member: Member, confirm: Consent): Promise<void> {
  const problem = explainNonId(api, member)
  if (problem === undefined || !(await api.members(id)).some(isId)) return
  if (await confirm.ask(`${problem}. Remove all members but that?`)) return
  throw usageError(problem, {
    why: 'the members of the image are ids, and all of them would be removed',
    advice: 'Give the id of the project, or --force if it is meant as it is.',
  })
}

/** Only images whose visibility is `shared` take members; to change that takes a yes of its own. */
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
    const question = `Image ${id} takes no members: ${error.why}. Change its visibility to shared?`
    if (!(await confirm.ask(question))) throw error
    await api.update(id, {visibility: 'shared', properties: {}})
    yield {note: `the visibility of image ${id} is now shared`}
    await act()
  }
}

async function* acceptanceNote(api: ImageApi, id: string, {memberId}: Member): AsyncIterable<ChangeOutcome> {
  if (!api.hasMemberStatus) return
  yield {note: `${memberId} sees it in lists after: glance member-update ${id} ${memberId} accepted`}
}

function sharePlan({canShare}: Member): string[] {
  return canShare ? ['New member would have been able to further share image (v1 only).'] : []
}
