/** The resources of API v2 and their methods. */
import type {FastifyInstance, FastifyReply, FastifyRequest, RouteHandlerMethod} from 'fastify'
import type {Authenticate} from '../../auth/authenticate.js'
import type {ImageData} from '../../images/data.js'
import type {Images} from '../../images/images.js'
import type {Members} from '../../images/members.js'
import type {Quotas} from '../../images/quotas.js'
import type {RemoteData} from '../../images/remote-data.js'
import type {ImportJobs} from '../../jobs/imports.js'
import type {LocationJobs} from '../../jobs/location-imports.js'
import type {Metadefs} from '../../metadefs/metadefs.js'
import type {StoreSet} from '../../stores/set/store-set.js'
import {toThrown} from '../error-rows.js'
import {addResource} from '../resources.js'
import {DataHandlers} from './data.js'
import {toHttpError} from './errors.js'
import {ImageHandlers} from './images.js'
import {ImportHandlers} from './imports.js'
import {InfoHandlers} from './info.js'
import {LocationHandlers} from './locations.js'
import {MemberHandlers} from './members.js'
import {metadefRoutes} from './metadefs/routes.js'

/** Dependencies and settings of API v2. */
export interface V2Services {
  readonly images: Images
  readonly data: ImageData
  readonly members: Members
  readonly imports: ImportJobs
  readonly locations: LocationJobs
  readonly remote: RemoteData
  readonly quotas: Quotas
  readonly stores: StoreSet
  readonly metadefs: Metadefs
  readonly authenticate: Authenticate
  readonly showLocations: boolean
}

interface V2Route {
  readonly path: string
  /** Handlers by method, in the order in which `Allow` names them. */
  readonly handlers: Readonly<Record<string, unknown>>
  /** Text for an image that does not exist. */
  readonly notFoundMessage?: (id: string, method: string) => string
}

const imageMissingMessage = (id: string) => `No image found with ID ${id}`
const parentMissingMessage = (id: string) => `Image ${id} not found.`

/** Registers all resources below `/v2`. Other methods, including HEAD, get 405 with `Allow`; other paths 404. */
export function addV2Routes(app: FastifyInstance, services: V2Services): void {
  const {metadefs, authenticate} = services
  const routes = [imageRoutes(services), locationAndTaskRoutes(services), infoRoutes(services)].flat()
  for (const route of [...routes, ...metadefRoutes(metadefs, authenticate)]) addRoute(app, route)
}

function imageRoutes(services: V2Services): readonly V2Route[] {
  const {members, authenticate} = services
  const image = new ImageHandlers(services)
  const data = new DataHandlers(services)
  const member = new MemberHandlers(members, authenticate)
  const imagePath = '/v2/images/:id'
  const notFoundMessage = (id: string, method: string) =>
    method === 'DELETE' ? `Failed to find image ${id} to delete` : imageMissingMessage(id)
  return [
    {path: '/v2/images', handlers: {GET: image.index, POST: image.post}},
    {path: imagePath, handlers: {GET: image.get, PATCH: image.patch, DELETE: image.delete}, notFoundMessage},
    {path: `${imagePath}/file`, handlers: {GET: data.get, PUT: data.put}},
    {path: `${imagePath}/stage`, handlers: {PUT: data.stage}},
    {path: `${imagePath}/actions/deactivate`, handlers: {POST: data.deactivate}},
    {path: `${imagePath}/actions/reactivate`, handlers: {POST: data.reactivate}},
    {
      path: `${imagePath}/tags/:tag`,
      handlers: {PUT: image.putTag, DELETE: image.deleteTag},
      notFoundMessage: parentMissingMessage,
    },
    {
      path: `${imagePath}/members`,
      handlers: {GET: member.index, POST: member.post},
      notFoundMessage: parentMissingMessage,
    },
    {
      path: `${imagePath}/members/:member`,
      handlers: {GET: member.get, PUT: member.put, DELETE: member.delete},
      notFoundMessage: parentMissingMessage,
    },
  ]
}

function locationAndTaskRoutes(services: V2Services): readonly V2Route[] {
  const location = new LocationHandlers({...services, jobs: services.locations})
  const imports = new ImportHandlers(services)
  const imagePath = '/v2/images/:id'
  return [
    {path: `${imagePath}/locations`, handlers: {GET: location.get, POST: location.post}},
    {
      path: '/v2/stores/:store/:id',
      handlers: {DELETE: location.deleteFromStore},
      notFoundMessage: id => `Failed to find image ${id}`,
    },
    {path: `${imagePath}/import`, handlers: {POST: imports.post}},
    {path: `${imagePath}/tasks`, handlers: {GET: imports.listForImage}},
    {path: '/v2/tasks', handlers: {GET: imports.tasks}},
    {path: '/v2/tasks/:id', handlers: {GET: imports.task}},
  ]
}

function infoRoutes(services: V2Services): readonly V2Route[] {
  const info = new InfoHandlers(services)
  return [
    {path: '/v2/schemas/:name', handlers: {GET: info.schema}},
    {path: '/v2/schemas/metadefs/:name', handlers: {GET: info.metadefSchema}},
    {path: '/v2/info/import', handlers: {GET: info.imports}},
    {path: '/v2/info/stores', handlers: {GET: info.stores}},
    {path: '/v2/info/stores/detail', handlers: {GET: info.storesDetail}},
    {path: '/v2/info/usage', handlers: {GET: info.usage}},
  ]
}

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>

function addRoute(
  app: FastifyInstance,
  {path, handlers, notFoundMessage = imageMissingMessage}: V2Route,
): void {
  const allow = Object.keys(handlers).join(', ')
  const byMethod = Object.entries(handlers).map(([method, handler]) => [
    method,
    withErrors(handler as Handler, notFoundMessage),
  ])
  addResource(app, path, Object.fromEntries(byMethod), () => allow)
}

/** Converts errors of the service in a handler to the responses of API v2. */
function withErrors(handler: Handler, missing: (id: string, method: string) => string): RouteHandlerMethod {
  return async (request, reply) => {
    try {
      return await handler(request, reply)
    } catch (error) {
      const {id = ''} = request.params as {readonly id?: string}
      throw toThrown(toHttpError(error, missing(id, request.method)), error)
    }
  }
}
