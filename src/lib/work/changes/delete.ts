/** Deletes the named images. */
import type {ImageApi} from '../../api/image-api.js'
import {Failure} from '../../model/errors.js'
import type {Image} from '../../model/image.js'
import {mapInOrder} from '../in-order.js'
import {withImage} from '../resolve.js'
import {type Caller, describeImages, describePlace} from './caller.js'
import type {Change, ChangeOutcome, ChangeQuestion} from './change.js'

/** Concurrent requests for the images that a question names. */
const CONCURRENCY = 8

/**
 * Deletes images one after the other; continues when one of several cannot be deleted. A question looks them up first.
 * @param openCaller opens the service
 */
export function deleteImages(namesOrIds: readonly string[], openCaller: () => Promise<Caller>): Change {
  const description =
    namesOrIds.length === 1
      ? `image ${namesOrIds[0]}`
      : `${namesOrIds.length} images (${namesOrIds.join(', ')})`
  const isOneOfSeveral = namesOrIds.length > 1
  let targets = namesOrIds
  return {
    plan: () =>
      namesOrIds.map(image => ({
        lines: [`Delete image ${image}`],
        record: {action: 'delete', kind: 'image', image},
      })),
    async question(open) {
      const found = await findImages(await open(), namesOrIds)
      targets = found.images.map(({id}) => id)
      return createQuestion(found, await openCaller())
    },
    refusal: `not deleting ${description}`,
    parts: {noun: 'image', verb: 'deleted'},
    async *perform(api) {
      for (const nameOrId of targets) yield await deleteOne(api, nameOrId, isOneOfSeveral)
    },
  }
}

/** The images of a command line, each once, and the failures of those that were not found. */
interface FoundImages {
  readonly images: readonly Image[]
  readonly failures: readonly Failure[]
}

async function findImages(api: ImageApi, namesOrIds: readonly string[]): Promise<FoundImages> {
  const find = (nameOrId: string) =>
    toOutcome(() => withImage(api, nameOrId, id => api.show(id)), namesOrIds.length > 1)
  const images = new Map<string, Image>()
  const failures: Failure[] = []
  for await (const [, found] of mapInOrder(namesOrIds, CONCURRENCY, find)) {
    if (found instanceof Failure) failures.push(found)
    else images.set(found.id, found)
  }
  return {images: [...images.values()], failures}
}

function createQuestion({images, failures}: FoundImages, caller: Caller): ChangeQuestion {
  return {
    text: images.length === 0 ? undefined : `Delete ${describeImages(images)} (${describePlace(caller)})?`,
    findings: failures,
  }
}

function deleteOne(api: ImageApi, nameOrId: string, isOneOfSeveral: boolean): Promise<ChangeOutcome> {
  return toOutcome(async () => {
    const id = await withImage(api, nameOrId, async id => {
      await api.delete(id)
      return id
    })
    return {lines: [`Deleted image ${id}`], record: {id, deleted: true}}
  }, isOneOfSeveral)
}

/** A failure of one of several images is returned, so that the others continue; any other error is thrown. */
async function toOutcome<T>(act: () => Promise<T>, isOneOfSeveral: boolean): Promise<T | Failure> {
  try {
    return await act()
  } catch (error) {
    if (isOneOfSeveral && error instanceof Failure && error.kind !== 'interrupted') return error
    throw error
  }
}
