/** Changes by decisions of API servers, which hold only for the state of the image that they have seen. */
import {createHash} from 'node:crypto'
import type {HeldTask, ImageRecord, MemberRecord, Registry} from '../../registry/registry.js'
import type {Decision, Sight} from '../../registry/remote/procedures.js'
import {isFinished} from '../../registry/task-record.js'

/** The image was changed since the decision. It prevents the change, and has the state to decide by. */
export class Outdated extends Error {
  override readonly name = 'Outdated'
  readonly sight: Sight

  constructor(sight: Sight) {
    super('the image was changed since the decision')
    this.sight = sight
  }
}

/**
 * The decision as a function for the transaction of the change.
 * @returns a function that throws `Outdated` for any other state than the one of the decision
 */
export function holdTo({revision, changes}: Decision) {
  return (image: ImageRecord, members?: readonly MemberRecord[]) => {
    const sight = toSight(image, members)
    if (sight.revision !== revision) throw new Outdated(sight)
    return changes
  }
}

/** What a decision about an image is made by; undefined when there is none. */
export async function findSight(
  registry: Registry,
  id: string,
  withMembers: boolean,
): Promise<Sight | undefined> {
  const image = await registry.find(id)
  if (image === undefined || image.deleted) return undefined
  if (!withMembers) return toSight(image)
  const members = await registry.listMembers(id)
  return members && toSight(image, members)
}

/** What a decision about the image of a task is made by; undefined when the task cannot be changed by that holder. */
export async function findTaskSight(registry: Registry, {id, holder}: HeldTask): Promise<Sight | undefined> {
  const task = await registry.findTask(id)
  if (task === undefined || task.holder !== holder || isFinished(task)) return undefined
  return (await findSight(registry, task.imageId, false)) ?? {revision: ''}
}

function toSight(image: ImageRecord, members?: readonly MemberRecord[]): Sight {
  const state = members === undefined ? {image} : {image, members}
  return {...state, revision: createHash('sha256').update(JSON.stringify(state)).digest('base64url')}
}
