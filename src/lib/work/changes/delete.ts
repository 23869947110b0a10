/** Deletes the named images. */
import type {ImageApi} from '../../api/image-api.js'
import {Failure} from '../../model/errors.js'
import {withImage} from '../resolve.js'
import type {Change, ChangeOutcome} from './change.js'

/** Deletes images one after the other; continues when one of several cannot be deleted. */
export function deleteImages(namesOrIds: readonly string[]): Change {
  const description =
    namesOrIds.length === 1
      ? `image ${namesOrIds[0]}`
      : `${namesOrIds.length} images (${namesOrIds.join(', ')})`
  return {
    plan: () =>
      namesOrIds.map(image => ({
        lines: [`Delete image ${image}`],
        record: {action: 'delete', kind: 'image', image},
      })),
    question: async () => `Delete ${description}?`,
    refusal: `not deleting ${description}`,
    parts: {noun: 'image', verb: 'deleted'},
    async *perform(api) {
      for (const nameOrId of namesOrIds) yield await deleteOne(api, nameOrId, namesOrIds.length > 1)
    },
  }
}

async function deleteOne(api: ImageApi, nameOrId: string, continueOnError: boolean): Promise<ChangeOutcome> {
  try {
    const id = await withImage(api, nameOrId, async id => {
      await api.delete(id)
      return id
    })
    return {lines: [`Deleted image ${id}`], record: {id, deleted: true}}
  } catch (error) {
    if (continueOnError && error instanceof Failure && error.kind !== 'interrupted') return error
    throw error
  }
}
