/** Changes of who an image is shared with. */
import type {Member} from '../model/image.js'
import {type Change, silently} from './change.js'

/** Shares an image with one more project. */
export function addMember(imageId: string, member: Member): Change {
  return {
    plan: () => [`Add "${member.memberId}" to membership of image ${imageId}`, ...sharePlan(member)],
    perform: silently(api => api.addMember(imageId, member)),
  }
}

/** Takes an image away from a project. */
export function removeMember(imageId: string, memberId: string): Change {
  return {
    plan: () => [`Remove "${memberId}" from the member list of image "${imageId}"`],
    perform: silently(api => api.removeMember(imageId, memberId)),
  }
}

/** Makes a project the only member of an image. */
export function replaceMembers(imageId: string, member: Member): Change {
  return {
    plan: () => [`Replace members of image ${imageId} with "${member.memberId}"`, ...sharePlan(member)],
    perform: silently(api => api.replaceMembers(imageId, [member])),
  }
}

function sharePlan({canShare}: Member): string[] {
  return canShare ? ['New member would have been able to further share image.'] : []
}
