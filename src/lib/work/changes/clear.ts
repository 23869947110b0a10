/** Clears out: deletes every image of the caller's, over all pages, and goes on when one cannot be deleted. */
import type {ImageApi} from '../../api/image-api.js'
import {Failure} from '../../model/errors.js'
import type {Filters, Image} from '../../model/image.js'
import {mapInOrder} from '../in-order.js'
import type {Progress} from '../progress/progress.js'
import type {Change, ChangeOutcome, ChangeResult} from './change.js'

const PAGE_SIZE = 100

/** Deletions under way at once: enough to hide the way to the service, few enough not to be a burden to it. */
const CONCURRENCY = 8

/** Whose images are meant: those of one project, or, where nobody is told apart, all there are. */
export interface Caller {
  /** Id of the caller's project, when it is known. */
  readonly project: string | undefined
  /** Whether the service knows who is calling: then images may be there that are somebody else's. */
  readonly authenticated: boolean
}

export interface ClearOptions {
  /** Known once the service is open. */
  readonly caller: () => Promise<Caller>
  /** Also images of other projects. */
  readonly allProjects: boolean
  /** One line per image. */
  readonly verbose: boolean
  readonly progress: Progress
}

/** What is cleared out of which service. */
interface ClearScope extends Caller {
  readonly api: ImageApi
}

/** Deletes all images that are the caller's and not protected; names those that it leaves. */
export function clearImages(options: ClearOptions): Change {
  const resolveScope = async (api: ImageApi): Promise<ClearScope> => {
    const caller = options.allProjects ? {project: undefined, authenticated: false} : await options.caller()
    requireKnownProject(caller)
    return {api, ...caller}
  }
  let total: number | undefined
  return {
    async *plan(open) {
      for await (const image of listOwnImages(await resolveScope(await open()))) {
        const verb = image.protected ? 'Leave' : 'Delete'
        yield `${verb} image ${describeImage(image)}${image.protected ? ', which is protected' : ''}`
      }
    },
    async question(open) {
      let count = 0
      for await (const image of listOwnImages(await resolveScope(await open()))) if (!image.protected) count++
      total = count
      return count === 0
        ? undefined
        : `Delete all images (${count})${options.allProjects ? ' of all projects' : ''}?`
    },
    refusal: 'Not deleting any images',
    parts: {noun: 'image', verb: 'deleted'},
    async *perform(api, confirm) {
      if (
        options.allProjects &&
        !(await confirm.ask('Really those of other projects too? They cannot be brought back.'))
      ) {
        throw new Failure('failed', 'Not deleting any images')
      }
      const scope = await resolveScope(api)
      options.progress.start({name: 'Deleting', total, unit: 'images'})
      yield* clearAll(scope, options)
      options.progress.complete()
    },
  }
}

async function* clearAll(scope: ClearScope, options: ClearOptions): AsyncIterable<ChangeOutcome> {
  for (const filters of buildFilters(scope.api, scope.project)) {
    yield* clearPages(scope, filters, options)
  }
}

/** Lists that hold everything between them. */
function buildFilters(api: ImageApi, project: string | undefined): Filters[] {
  const everything = {is_public: 'none'}
  if (!api.listsHidden) return [{fields: everything, properties: {}}]
  const owned = project === undefined ? everything : {...everything, owner: project}
  return ['false', 'true'].map(hidden => ({fields: {...owned, os_hidden: hidden}, properties: {}}))
}

/**
 * Deletes page by page. The next page begins behind the last image that stayed, because not every server lets everybody
 * use a deleted image as the marker.
 */
async function* clearPages(
  {api, project}: ClearScope,
  filters: Filters,
  {verbose, progress}: ClearOptions,
): AsyncIterable<ChangeOutcome> {
  let marker: string | undefined
  let previousFirstId: string | undefined
  for (;;) {
    const {images, next} = await api.details({filters, limit: PAGE_SIZE, marker})
    if (images[0] !== undefined && images[0].id === previousFirstId) throw stillListedError(images[0])
    previousFirstId = images[0]?.id
    const clear = (image: Image) => clearOne(api, image, project)
    for await (const [image, outcome] of mapInOrder(images, CONCURRENCY, clear)) {
      if (outcome === 'deleted') progress.advance(1)
      else marker = image.id
      if (outcome === 'deleted') yield toDeletionResult(image, verbose)
      if (typeof outcome === 'object') yield outcome
    }
    if (next === undefined) return
  }
}

async function clearOne(
  api: ImageApi,
  image: Image,
  project: string | undefined,
): Promise<'deleted' | 'left' | Exclude<ChangeOutcome, ChangeResult>> {
  if (!isOwn(image, project)) return 'left'
  if (image.protected) return {note: `skipping image ${describeImage(image)}, which is protected`}
  try {
    await api.delete(image.id)
    return 'deleted'
  } catch (error) {
    if (!(error instanceof Failure) || error.kind === 'interrupted' || error.kind === 'unavailable')
      throw error
    if (error.kind === 'not-found') return 'deleted'
    return new Failure(error.kind, `Failed to delete image ${describeImage(image)}`, {
      why: error.why ?? error.message,
    })
  }
}

async function* listOwnImages({api, project}: ClearScope): AsyncIterable<Image> {
  for await (const image of listAllImages(api, project)) if (isOwn(image, project)) yield image
}

async function* listAllImages(api: ImageApi, project: string | undefined): AsyncIterable<Image> {
  for (const filters of buildFilters(api, project)) {
    let marker: string | undefined
    do {
      const page = await api.details({filters, limit: PAGE_SIZE, marker})
      yield* page.images
      marker = page.next
    } while (marker !== undefined)
  }
}

function isOwn(image: Image, project: string | undefined): boolean {
  return project === undefined || image.owner === project
}

/** A token may reach far beyond what is ours, and a list does not tell which of it is: without knowing, we must not choose. */
function requireKnownProject({project, authenticated}: Caller): void {
  if (!authenticated || project !== undefined) return
  throw new Failure('failed', 'Not deleting any images', {
    why: 'the login tells no project, so there is no telling which images are yours',
    advice: 'Say which project is yours with --os-project-id or OS_PROJECT_ID, or give --all-projects.',
  })
}

function stillListedError(image: Image): Failure {
  return new Failure(
    'failed',
    `The service took the deletion of image ${describeImage(image)}, but still lists it`,
  )
}

function toDeletionResult(image: Image, verbose: boolean): ChangeResult {
  const {id, name} = image
  return {
    lines: verbose ? [`Deleting image ${describeImage(image)} ... done`] : [],
    record: {id, name, deleted: true},
  }
}

function describeImage(image: Image): string {
  return `${image.id} "${image.name ?? ''}"`
}
