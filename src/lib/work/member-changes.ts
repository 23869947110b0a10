/** Changes of who an image is shared with. */
import type {ImageApi} from '../api/image-api.js'
import {Failure, usageError} from '../model/errors.js'
import type {Member, MemberStatus} from '../model/image.js'
import {type Change, type Outcome, silently} from './change.js'
import type {Consent} from './consent.js'
import {imageId, withImage, withOffer} from './resolve.js'

/** Shares an image with one more project. */
export function addMember(image: string, member: Member): Change {
  return {
    plan: () => [`Add "${member.memberId}" to membership of image ${image}`, ...sharePlan(member)],
    async *perform(api, consent) {
      const stranger = notAnId(api, member)
      if (stranger !== undefined) yield {note: `${stranger}; clouds know members by ids`}
      const id = await imageId(api, image)
      yield* sharing(api, id, consent, () => api.addMember(id, member))
      yield* acceptanceNote(api, id, member)
    },
  }
}

/** Takes an image away from a project. */
export function removeMember(image: string, memberId: string): Change {
  return {
    plan: () => [`Remove "${memberId}" from the member list of image "${image}"`],
    perform: silently(api => withImage(api, image, id => api.removeMember(id, memberId))),
  }
}

/** Makes a project the only member of an image. */
export function replaceMembers(image: string, member: Member): Change {
  return {
    plan: () => [`Replace members of image ${image} with "${member.memberId}"`, ...sharePlan(member)],
    async *perform(api, consent) {
      const id = await imageId(api, image)
      await assertMeant(api, id, member, consent)
      const steps: string[] = []
      try {
        yield* sharing(api, id, consent, () =>
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
export function setMemberStatus(image: string, memberId: string, status: MemberStatus): Change {
  return {
    plan: () => [`Set the status of member "${memberId}" of image ${image} to ${status}`],
    perform: silently(api => withOffer(api, image, id => api.setMemberStatus(id, memberId, status))),
  }
}

/** What is odd about the name of a member, where members are known by the ids of their projects: servers take any word. */
function notAnId({membersAnswer}: ImageApi, member: Member): string | undefined {
  return membersAnswer && !isId(member) ? `'${member.memberId}' is not an id of a project` : undefined
}

function isId({memberId}: Member): boolean {
  return /^[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}$/i.test(memberId)
}

/** Where members have ids, one without would take the place of all that there are. */
async function assertMeant(api: ImageApi, id: string, member: Member, consent: Consent): Promise<void> {
  const what = notAnId(api, member)
  if (what === undefined || !(await api.members(id)).some(isId)) return
  if (await consent.ask(`${what}. Remove all members but that?`)) return
  throw usageError(what, {
    why: 'the members of the image are ids, and all of them would be removed',
    advice: 'Give the id of the project, or --force if it is meant as it is.',
  })
}

/** Only images whose visibility is `shared` take members; to change that takes a yes of its own. */
async function* sharing(
  api: ImageApi,
  id: string,
  consent: Consent,
  act: () => Promise<void>,
): AsyncIterable<Outcome> {
  try {
    await act()
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'not-shared') throw error
    const question = `Image ${id} takes no members: ${error.why}. Change its visibility to shared?`
    if (!(await consent.ask(question))) throw error
    await api.update(id, {visibility: 'shared', properties: {}})
    yield {note: `the visibility of image ${id} is now shared`}
    await act()
  }
}

async function* acceptanceNote(api: ImageApi, id: string, {memberId}: Member): AsyncIterable<Outcome> {
  if (!api.membersAnswer) return
  yield {note: `${memberId} sees it in lists after: glance member-update ${id} ${memberId} accepted`}
}

function sharePlan({canShare}: Member): string[] {
  return canShare ? ['New member would have been able to further share image (v1 only).'] : []
}
