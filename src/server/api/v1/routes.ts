/** The resources of API v1 and their methods. */
import type {FastifyInstance, RouteHandlerMethod} from 'fastify'
import type {Authenticate} from '../../auth/authenticate.js'
import type {ImageData} from '../../images/data.js'
import type {Images} from '../../images/images.js'
import type {Members} from '../../images/members.js'
import type {StoreSet} from '../../stores/set/store-set.js'
import {addResource, type Handlers} from '../resources.js'
import {V1ImageHandlers} from './images.js'
import {V1MemberHandlers} from './members.js'

interface V1Route {
  readonly path: string
  /** Handlers by method. */
  readonly handlers: Readonly<Record<string, unknown>>
  /** Value of `Allow` for other methods, as recorded; not always the methods that exist. */
  readonly allow: string
}

/** Dependencies and settings of API v1. */
export interface V1Services {
  readonly images: Images
  readonly data: ImageData
  readonly stores: StoreSet
  readonly members: Members
  readonly authenticate: Authenticate
  readonly showLocations: boolean
}

/** Registers all resources below `/v1`. Other methods get 405 with `Allow` (wire/v1.md#k), other paths 404. */
export function addV1Routes(app: FastifyInstance, services: V1Services): void {
  const image = new V1ImageHandlers(services)
  const member = new V1MemberHandlers(services.members, services.authenticate)
  const routes: readonly V1Route[] = [
    {path: '/v1/', handlers: {GET: image.index}, allow: 'GET'},
    {path: '/v1/images', handlers: {GET: image.index, POST: image.post}, allow: 'GET, POST'},
    {path: '/v1/images/detail', handlers: {GET: image.detail}, allow: 'GET, HEAD'},
    {
      path: '/v1/images/:id',
      handlers: {GET: image.get, HEAD: image.head, PUT: image.put, DELETE: image.delete},
      allow: 'GET, HEAD, PUT, DELETE',
    },
    {path: '/v1/images/:id/members', handlers: {GET: member.index, PUT: member.replace}, allow: 'GET, PUT'},
    {path: '/v1/images/:id/members/:member', handlers: {PUT: member.put, DELETE: member.delete}, allow: ''},
  ]
  for (const route of routes) addRoute(app, route)
  const config = {needsCaller: () => true}
  app.all('/v1/shared-images/:member', {config}, member.shares as RouteHandlerMethod) // wire/v1.md#i37
}

function addRoute(app: FastifyInstance, {path, handlers, allow}: V1Route): void {
  // For HEAD, `Allow` does not list HEAD (wire/v1.md#b3, #k8).
  const allowFor = (method: string) => (method === 'HEAD' ? allow.replace(', HEAD', '') : allow)
  addResource(app, path, handlers as Handlers, allowFor)
}
