/** The caller as the service knows it, and how questions name the images and the place of a change. */
import type {Image} from '../../model/image.js'

/** The caller, and the service that is changed. */
export interface Caller {
  /** Id of the caller's project, when it is known. */
  readonly project: string | undefined
  /** Name of that project, when it is known. */
  readonly projectName: string | undefined
  /** Requests carry credentials: lists may then hold images of other projects. */
  readonly authenticated: boolean
  /** Name of the cloud in `clouds.yaml`, if one was named. */
  readonly cloud: string | undefined
  /** Base URL of the service. */
  readonly url: string
}

/** The project and the cloud, or the service where no cloud is named: `project demo, cloud mycloud`. */
export function describePlace({project, projectName, cloud, url}: Caller): string {
  const name = projectName ?? project
  const service = cloud === undefined ? url : `cloud ${cloud}`
  return name === undefined ? service : `project ${name}, ${service}`
}

/** An image by its id and its name. */
export function describeImage({id, name}: Image): string {
  return `${id} "${name ?? ''}"`
}

/** Images that a question names before it only counts them. */
const NAMED_IMAGES = 3

/** `image ID "name"`, `2 images: ID "name", ID "name"`, or the first three and the number of the others. */
export function describeImages(images: readonly Image[]): string {
  const named = images.slice(0, NAMED_IMAGES).map(describeImage).join(', ')
  if (images.length === 1) return `image ${named}`
  const others = images.length - NAMED_IMAGES
  return `${images.length} images: ${named}${others > 0 ? ` and ${others} more` : ''}`
}
