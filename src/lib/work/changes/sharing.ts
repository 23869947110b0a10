/** Changes of several members of several images: finds the projects, and continues when one change fails. */
import type {ImageApi} from '../../api/image-api.js'
import type {Member} from '../../model/image.js'
import type {Change, ChangeOutcome} from './change.js'
import {changeEach, requirePartFailure} from './several.js'

/** The project that an argument names. */
export interface Project {
  /** The argument itself where projects cannot be looked up. */
  readonly id: string
  /** The cloud has this project, so its id is not questioned. */
  readonly isKnown: boolean
}

/** Images, and the projects that are or become their members. */
export interface Sharing {
  /** Ids or names. */
  readonly images: readonly string[]
  /** Ids or names. */
  readonly members: readonly string[]
  readonly canShare: boolean
  findProject(nameOrId: string): Promise<Project>
}

/** A member, and the argument that names it. */
export interface FoundMember extends Member {
  readonly given: string
  readonly isKnown: boolean
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
    ...toEach(members.map(given => ({memberId: given, canShare, given, isKnown: false}))),
    async *perform(api, consent) {
      const found = new Map<string, FoundMember>()
      for (const given of images.length === 0 ? [] : members) {
        const {id: memberId, isKnown} = await findProject(given)
        if (!found.has(memberId)) found.set(memberId, {memberId, canShare, given, isKnown})
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
