/** Deletes all images of the caller, over all pages, and continues when one cannot be deleted. */
import type {ImageApi} from '../../api/image-api.js'
import {Failure} from '../../model/errors.js'
import type {Image} from '../../model/image.js'
import {mapInOrder} from '../in-order.js'
import type {Progress} from '../progress/progress.js'
import {type Caller, describeImage, describePlace} from './caller.js'
import type {Change, ChangeOutcome, ChangeQuestion, ChangeResult, PlanStep} from './change.js'

/** Concurrent deletions: enough to hide the round trip, few enough not to burden the service. */
const CONCURRENCY = 8

/** Options of `clearImages`. */
export interface ClearOptions {
  /** Opens the service. */
  readonly caller: () => Promise<Caller>
  /** Also images of other projects. */
  readonly allProjects: boolean
  /** One line per image. */
  readonly verbose: boolean
  readonly progress: Progress
}

/** Deletes all images of the caller that are not protected, and reports the protected ones. */
export function clearImages(options: ClearOptions): Change {
  const resolveProject = async (): Promise<string | undefined> =>
    options.allProjects ? undefined : requireKnownProject(await options.caller())
  let total: number | undefined
  return {
    async *plan(open) {
      for await (const image of listOwnImages(await open(), await resolveProject())) {
        yield toPlanStep(image)
      }
    },
    async question(open) {
      let kept = 0
      let count = 0
      for await (const image of listOwnImages(await open(), await resolveProject()))
        if (image.protected) kept++
        else count++
      total = count
      return createQuestion({count, kept}, options.allProjects, await options.caller())
    },
    refusal: 'not deleting any images',
    parts: {noun: 'image', verb: 'deleted'},
    async *perform(api, confirm) {
      if (
        options.allProjects &&
        !(await confirm.ask('Also delete the images of other projects? This cannot be undone.'))
      ) {
        throw new Failure('failed', 'not deleting any images')
      }
      const project = await resolveProject()
      options.progress.start({name: 'Deleting', total, unit: 'images'})
      yield* clearAll(api, project, options)
      options.progress.complete()
    },
  }
}

function toPlanStep(image: Image): PlanStep {
  const {id, name} = image
  return image.protected
    ? {
        lines: [`Leave image ${describeImage(image)}, which is protected`],
        record: {action: 'keep', kind: 'image', id, name, protected: true},
      }
    : {lines: [`Delete image ${describeImage(image)}`], record: {action: 'delete', kind: 'image', id, name}}
}

/** @param images numbers of images: those to delete, and the protected ones, which are kept */
function createQuestion(
  {count, kept}: {readonly count: number; readonly kept: number},
  allProjects: boolean,
  caller: Caller,
): ChangeQuestion {
  const place = describePlace(allProjects ? {...caller, project: undefined, projectName: undefined} : caller)
  if (count === 0) {
    const protectedOnes = kept === 0 ? '' : `; protected: ${kept}`
    return {text: undefined, findings: [{note: `there are no images to delete (${place}${protectedOnes})`}]}
  }
  const number = count === 1 ? '1 image' : `all ${count} images`
  return {text: `Delete ${number}${allProjects ? ' of all projects' : ''} (${place})?`}
}

/** Deletes page by page, and yields the outcome of each image. */
async function* clearAll(
  api: ImageApi,
  project: string | undefined,
  {verbose, progress}: ClearOptions,
): AsyncIterable<ChangeOutcome> {
  let deleted = new Set<string>()
  let previousFirstId: string | undefined
  for await (const images of api.ownImages(project, ({id}) => !deleted.has(id))) {
    const [first] = images
    if (first !== undefined && first.id === previousFirstId && deleted.has(first.id))
      throw stillListedError(first)
    previousFirstId = first?.id
    deleted = new Set()
    for await (const [image, outcome] of mapInOrder(images, CONCURRENCY, image => clearOne(api, image))) {
      if (outcome === 'deleted') {
        progress.advance(1)
        deleted.add(image.id)
        yield toDeletionResult(image, verbose)
      } else yield outcome
    }
  }
}

async function clearOne(
  api: ImageApi,
  image: Image,
): Promise<'deleted' | Exclude<ChangeOutcome, ChangeResult>> {
  if (image.protected) return {note: `skipping image ${describeImage(image)}, which is protected`}
  try {
    await api.delete(image.id)
    return 'deleted'
  } catch (error) {
    if (!(error instanceof Failure) || error.kind === 'interrupted' || error.kind === 'unavailable')
      throw error
    if (error.kind === 'not-found') return 'deleted'
    return new Failure(error.kind, `cannot delete image ${describeImage(image)}`, {
      why: error.why ?? error.message,
    })
  }
}

async function* listOwnImages(api: ImageApi, project: string | undefined): AsyncIterable<Image> {
  for await (const images of api.ownImages(project)) yield* images
}

/**
 * The project of the caller; undefined when the service does not distinguish callers.
 * @throws Failure when it does, but the project is unknown: a list may then hold images of other projects
 */
function requireKnownProject({project, authenticated}: Caller): string | undefined {
  if (!authenticated || project !== undefined) return project
  throw new Failure('failed', 'not deleting any images', {
    why: "the token has no project, so your images cannot be distinguished from others'",
    advice: 'Name your project with --os-project-id or OS_PROJECT_ID, or use --all-projects.',
  })
}

function stillListedError(image: Image): Failure {
  return new Failure(
    'failed',
    `the service accepted the deletion of image ${describeImage(image)}, but still lists it`,
  )
}

function toDeletionResult(image: Image, verbose: boolean): ChangeResult {
  const {id, name} = image
  return {
    lines: verbose ? [`Deleting image ${describeImage(image)} ... done`] : [],
    record: {id, name, deleted: true},
  }
}
