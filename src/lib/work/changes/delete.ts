/** Deletes the named images. */
import type {ImageApi} from '../../api/image-api.js'
import {Failure} from '../../model/errors.js'
import type {Image} from '../../model/image.js'
import {mapInOrder} from '../in-order.js'
import {withImage} from '../resolve.js'
import {type Caller, describeImages, describePlace} from './caller.js'
import type {Change, ChangeOutcome, ChangeQuestion} from './change.js'
import {toOutcome} from './several.js'

/** Concurrent requests. */
const CONCURRENCY = 8

/** Names that a refusal repeats before it only counts them. */
const REPEATED_NAMES = 10

/**
 * Deletes images; continues when one of several cannot be deleted. A question looks them up first.
 * @param openCaller opens the service
 */
export function deleteImages(namesOrIds: readonly string[], openCaller: () => Promise<Caller>): Change {
  const isOneOfSeveral = namesOrIds.length > 1
  let targets = namesOrIds
  return {
    plan: () =>
      namesOrIds.map(image => ({
        lines: [`Delete image ${image}`],
        record: {action: 'delete', kind: 'image', image},
      })),
    isDone: async () => namesOrIds.length === 0,
    async question(open) {
      const found = await findImages(await open(), namesOrIds)
      targets = found.images.map(({id}) => id)
      return createQuestion(found, await openCaller())
    },
    refusal: `not deleting ${describeArguments(namesOrIds)}`,
    parts: {noun: 'image', verb: 'deleted'},
    async *perform(api) {
      const remove = (nameOrId: string) => deleteOne(api, nameOrId, isOneOfSeveral)
      for await (const [, outcome] of mapInOrder(targets, CONCURRENCY, remove)) yield outcome
    },
  }
}

function describeArguments(namesOrIds: readonly string[]): string {
  if (namesOrIds.length === 1) return `image ${namesOrIds[0]}`
  const others = namesOrIds.length - REPEATED_NAMES
  const names = namesOrIds.slice(0, REPEATED_NAMES).join(', ')
  return `${namesOrIds.length} images (${names}${others > 0 ? ` and ${others} more` : ''})`
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
