/** Clears out: deletes every image of the caller's, over all pages, and goes on when one cannot be deleted. */
import type {ImageApi} from '../api/image-api.js'
import {Failure} from '../model/errors.js'
import type {Image} from '../model/image.js'
import type {Change, Outcome} from './change.js'
import {printable} from './text.js'

const PAGE = 100
const EVERYTHING = {fields: {is_public: 'none'}, properties: {}}

/** Whose images are meant: those of one project, or, where nobody is told apart, all there are. */
export interface ClearOptions {
  /** Id of the caller's project, when it is known. */
  readonly project: string | undefined
  /** Whether the service knows who is calling: then images may be there that are somebody else's. */
  readonly authenticated: boolean
  /** One line per image. */
  readonly verbose: boolean
}

/** Deletes all images that are the caller's and not protected; names those that it leaves. */
export function clearImages(options: ClearOptions): Change {
  return {
    async *plan(open) {
      for await (const image of ownImages(await open(), options)) {
        yield image.protected
          ? `Leave image ${described(image)}, which is protected`
          : `Delete image ${described(image)}`
      }
    },
    async question(open) {
      let count = 0
      for await (const image of ownImages(await open(), options)) if (!image.protected) count++
      return count === 0 ? undefined : `Delete all ${count} images?`
    },
    refusal: 'Not deleting any images',
    async *perform(api) {
      await assertOneOwner(api, options)
      yield* clearPages(api, options)
    },
  }
}

/**
 * Deletes page by page. The next page begins behind the last image that stayed, because no server lets everybody use
 * a deleted image as the marker.
 */
async function* clearPages(api: ImageApi, options: ClearOptions): AsyncIterable<Outcome> {
  let marker: string | undefined
  let before: string | undefined
  for (;;) {
    const {images, next} = await api.details({filters: EVERYTHING, limit: PAGE, marker})
    if (images[0] !== undefined && images[0].id === before) throw stillThere(images[0])
    before = images[0]?.id
    for (const image of images) {
      const outcome = await clearOne(api, image, options)
      if (outcome !== 'deleted') marker = image.id
      if (outcome === 'deleted' && options.verbose) yield `Deleting image ${described(image)} ... done`
      if (typeof outcome === 'object') yield outcome
    }
    if (next === undefined) return
  }
}

async function clearOne(
  api: ImageApi,
  image: Image,
  {project}: ClearOptions,
): Promise<'deleted' | 'left' | Exclude<Outcome, string>> {
  if (!isOwn(image, project)) return 'left'
  if (image.protected) return {note: `Skipping image ${described(image)}, which is protected`}
  try {
    await api.delete(image.id)
    return 'deleted'
  } catch (error) {
    if (!(error instanceof Failure) || error.kind === 'interrupted' || error.kind === 'unavailable')
      throw error
    if (error.kind === 'not-found') return 'deleted'
    return new Failure(error.kind, `Failed to delete image ${described(image)}`, {
      why: error.why ?? error.message,
    })
  }
}

async function* ownImages(api: ImageApi, options: ClearOptions): AsyncIterable<Image> {
  await assertOneOwner(api, options)
  for await (const image of allImages(api)) if (isOwn(image, options.project)) yield image
}

async function* allImages(api: ImageApi): AsyncIterable<Image> {
  let marker: string | undefined
  do {
    const page = await api.details({filters: EVERYTHING, limit: PAGE, marker})
    yield* page.images
    marker = page.next
  } while (marker !== undefined)
}

function isOwn(image: Image, project: string | undefined): boolean {
  return project === undefined || image.owner === project
}

/** An administrator's list holds images of every project: without knowing which is ours, we must not choose. */
async function assertOneOwner(api: ImageApi, {project, authenticated}: ClearOptions): Promise<void> {
  if (!authenticated || project !== undefined) return
  let owner: string | null | undefined
  for await (const image of allImages(api)) {
    if (owner !== undefined && image.owner !== owner) {
      throw new Failure('failed', 'Not deleting any images', {
        why: `the list holds images of more than one project (${owner ?? 'nobody'} and ${image.owner ?? 'nobody'} among them)`,
        advice: 'Say which project is yours: set OS_PROJECT_ID.',
      })
    }
    owner = image.owner
  }
}

function stillThere(image: Image): Failure {
  return new Failure(
    'failed',
    `The service took the deletion of image ${described(image)}, but still lists it`,
  )
}

function described(image: Image): string {
  return `${image.id} "${printable(image.name ?? '')}"`
}
