/** The resources of API v2 and their methods. */
import type {FastifyInstance, FastifyReply, FastifyRequest, RouteHandlerMethod} from 'fastify'
import type {CallerOf} from '../../auth/callers.js'
import {methodNotAllowed} from '../../http/fault.js'
import type {ImageData} from '../../images/data.js'
import type {Images} from '../../images/images.js'
import type {Members} from '../../images/members.js'
import type {RemoteData} from '../../images/remote-data.js'
import type {ImportJobs} from '../../jobs/imports.js'
import {DataResource} from './data.js'
import {toHttpError} from './errors.js'
import {ImageResource} from './images.js'
import {IMPORT_METHODS, ImportResource} from './imports.js'
import {InfoResource} from './info.js'
import {LocationResource} from './locations.js'
import {MemberResource} from './members.js'
import {MetadefResource} from './metadefs.js'

/** The services behind API v2. */
export interface Version2 {
  readonly images: Images
  readonly data: ImageData
  readonly members: Members
  readonly imports: ImportJobs
  readonly remote: RemoteData
  readonly callerOf: CallerOf
  readonly showLocations: boolean
}

interface Resource {
  readonly path: string
  /** Handlers by method, in the order in which `Allow` names them. */
  readonly on: Readonly<Record<string, unknown>>
  /** Text for an image that is not there. */
  readonly missing?: (id: string, method: string) => string
}

const missingImage = (id: string) => `No image found with ID ${id}`
const missingOwner = (id: string) => `Image ${id} not found.`

/** Registers everything below `/v2`. Wrong methods get 405 with `Allow`, HEAD among them; wrong paths 404. */
export function v2Routes(app: FastifyInstance, parts: Version2): void {
  const {callerOf} = parts
  const resources = [imageResources(parts), placeResources(parts), infoResources(callerOf)].flat()
  for (const resource of [...resources, ...metadefResources(callerOf)]) register(app, resource)
}

function imageResources(parts: Version2): readonly Resource[] {
  const {images, members, callerOf} = parts
  const image = new ImageResource({...parts, importMethods: IMPORT_METHODS})
  const data = new DataResource(images, parts.data, callerOf)
  const member = new MemberResource(members, callerOf)
  const one = '/v2/images/:id'
  const missing = (id: string, method: string) =>
    method === 'DELETE' ? `Failed to find image ${id} to delete` : missingImage(id)
  return [
    {path: '/v2/images', on: {GET: image.index, POST: image.post}},
    {path: one, on: {GET: image.get, PATCH: image.patch, DELETE: image.delete}, missing},
    {path: `${one}/file`, on: {GET: data.get, PUT: data.put}},
    {path: `${one}/stage`, on: {PUT: data.stage}},
    {path: `${one}/actions/deactivate`, on: {POST: data.deactivate}},
    {path: `${one}/actions/reactivate`, on: {POST: data.reactivate}},
    {
      path: `${one}/tags/:tag`,
      on: {PUT: image.putTag, DELETE: image.deleteTag},
      missing: missingOwner,
    },
    {path: `${one}/members`, on: {GET: member.index, POST: member.post}, missing: missingOwner},
    {
      path: `${one}/members/:member`,
      on: {GET: member.get, PUT: member.put, DELETE: member.delete},
      missing: missingOwner,
    },
  ]
}

function placeResources(parts: Version2): readonly Resource[] {
  const location = new LocationResource(parts.images, parts.callerOf)
  const imports = new ImportResource(parts.imports, parts.remote, parts.callerOf)
  const one = '/v2/images/:id'
  return [
    {path: `${one}/locations`, on: {GET: location.get, POST: location.post}},
    {path: `${one}/import`, on: {POST: imports.post}},
    {path: `${one}/tasks`, on: {GET: imports.ofImage}},
    {path: '/v2/tasks', on: {GET: imports.tasks}},
    {path: '/v2/tasks/:id', on: {GET: imports.task}},
  ]
}

function infoResources(callerOf: CallerOf): readonly Resource[] {
  const info = new InfoResource(callerOf, IMPORT_METHODS)
  return [
    {path: '/v2/schemas/:name', on: {GET: info.schema}},
    {path: '/v2/schemas/metadefs/:name', on: {GET: info.metadefSchema}},
    {path: '/v2/info/import', on: {GET: info.imports}},
    {path: '/v2/info/stores', on: {GET: info.stores}},
    {path: '/v2/info/stores/detail', on: {GET: info.storesDetail}},
    {path: '/v2/info/usage', on: {GET: info.usage}},
  ]
}

function metadefResources(callerOf: CallerOf): readonly Resource[] {
  const metadef = new MetadefResource(callerOf)
  const one = '/v2/metadefs/namespaces/:namespace'
  const on = {GET: metadef.missing, POST: metadef.missing, PUT: metadef.missing, DELETE: metadef.missing}
  return [
    {path: '/v2/metadefs/namespaces', on: {GET: metadef.namespaces}},
    {path: '/v2/metadefs/resource_types', on: {GET: metadef.resourceTypes}},
    {path: one, on},
    {path: `${one}/*`, on},
  ]
}

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>

function register(app: FastifyInstance, {path, on, missing = missingImage}: Resource): void {
  const allow = Object.keys(on).join(', ')
  for (const method of app.supportedMethods) {
    const handler = on[method] as Handler | undefined
    if (handler) app.route({method, url: path, handler: withErrors(handler, missing)})
    else app.route({method, url: path, handler: method === 'OPTIONS' ? options : wrongMethod(allow)})
  }
}

/** The handler with the answers of API v2 to errors of the service. */
function withErrors(handler: Handler, missing: (id: string, method: string) => string): RouteHandlerMethod {
  return async (request, reply) => {
    try {
      return await handler(request, reply)
    } catch (error) {
      const {id = ''} = request.params as {readonly id?: string}
      throw toHttpError(error, missing(id, request.method)) ?? error
    }
  }
}

const options: RouteHandlerMethod = (_request, reply) => reply.send('')

function wrongMethod(allow: string): RouteHandlerMethod {
  return async request => {
    throw methodNotAllowed(request.method, allow)
  }
}
