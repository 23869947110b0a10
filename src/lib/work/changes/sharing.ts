/** Changes of several members of several images: finds the projects, and continues when one change fails. */
import type {ImageApi} from '../../api/image-api.js'
import type {Member} from '../../model/image.js'
import type {Change, ChangeOutcome} from './change.js'
import {changeEach, requirePartFailure} from './several.js'

/** Finds the id of the project that an argument names; the text itself where projects cannot be looked up. */
export type FindProject = (nameOrId: string) => Promise<string>

/** Images, and the projects that are or become their members. */
export interface Sharing {
  /** Ids or names. */
  readonly images: readonly string[]
  /** Ids or names. */
  readonly members: readonly string[]
  readonly canShare: boolean
  readonly findProject: FindProject
}

/** A member, and the argument that names it. */
export interface FoundMember extends Member {
  readonly given: string
}

/** The parts of a change of members: members, or images that are not found. */
export const MEMBER_PARTS = {noun: 'change', verb: 'made'}

/**
 * Changes the members of each image, after the projects were looked up once. A dry run looks nothing up.
 * @param toChange the change of one image
 * @param review reports on the members before anything is changed
 */
export function shareEach(
  {images, members, canShare, findProject}: Sharing,
  toChange: (image: string, members: readonly FoundMember[]) => Change,
  review: (api: ImageApi, members: readonly FoundMember[]) => Iterable<ChangeOutcome> = () => [],
): Change {
  const toEach = (members: readonly FoundMember[]) =>
    changeEach(images, image => toChange(image, members), {parts: MEMBER_PARTS})
  return {
    ...toEach(members.map(given => ({memberId: given, canShare, given}))),
    async *perform(api, consent) {
      const found = new Map<string, FoundMember>()
      for (const given of images.length === 0 ? [] : members) {
        const memberId = await findProject(given)
        if (!found.has(memberId)) found.set(memberId, {memberId, canShare, given})
      }
      yield* review(api, [...found.values()])
      yield* toEach([...found.values()]).perform(api, consent)
    },
  }
}

/** Changes members one after the other; continues when one of several cannot be changed. */
export async function* changeMembers(
  members: readonly FoundMember[],
  change: (member: FoundMember) => AsyncIterable<ChangeOutcome>,
): AsyncGenerator<ChangeOutcome> {
  for (const member of members) {
    try {
      yield* change(member)
    } catch (error) {
      const failure = requirePartFailure(error)
      // The visibility of the image concerns all of its members.
      if (members.length === 1 || failure.code === 'not-shared') throw failure
      yield failure
    }
  }
}
