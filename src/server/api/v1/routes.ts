/** The resources of API v1 and their methods. */
import type {FastifyInstance, RouteHandlerMethod} from 'fastify'
import type {CallerOf} from '../../auth/callers.js'
import {methodNotAllowed} from '../../http/fault.js'
import type {ImageData} from '../../images/data.js'
import type {Images} from '../../images/images.js'
import type {Members} from '../../images/members.js'
import {ImageResource} from './images.js'
import {MemberResource} from './members.js'

interface Resource {
  readonly path: string
  /** Handlers by method. */
  readonly on: Readonly<Record<string, unknown>>
  /** What `Allow` says to other methods: as recorded, not as it is. */
  readonly allow: string
}

/** The services behind API v1. */
export interface Version1 {
  readonly images: Images
  readonly data: ImageData
  readonly members: Members
  readonly callerOf: CallerOf
}

/** Registers everything below `/v1`. Wrong methods get 405 with `Allow` (v1-wire section K), wrong paths 404. */
export function v1Routes(app: FastifyInstance, {images, data, members, callerOf}: Version1): void {
  const image = new ImageResource(images, data, callerOf)
  const member = new MemberResource(members, callerOf)
  const resources: readonly Resource[] = [
    {path: '/v1/', on: {GET: image.index}, allow: 'GET'},
    {path: '/v1/images', on: {GET: image.index, POST: image.post}, allow: 'GET, POST'},
    {path: '/v1/images/detail', on: {GET: image.detail}, allow: 'GET, HEAD'},
    {
      path: '/v1/images/:id',
      on: {GET: image.get, HEAD: image.head, PUT: image.put, DELETE: image.delete},
      allow: 'GET, HEAD, PUT, DELETE',
    },
    {path: '/v1/images/:id/members', on: {GET: member.index, PUT: member.replace}, allow: 'GET, PUT'},
    {path: '/v1/images/:id/members/:member', on: {PUT: member.put, DELETE: member.delete}, allow: ''},
  ]
  for (const resource of resources) register(app, resource)
  app.all('/v1/shared-images/:member', member.shares as RouteHandlerMethod) // I37
}

function register(app: FastifyInstance, {path, on, allow}: Resource): void {
  for (const method of app.supportedMethods) {
    const handler = (on[method] ??
      (method === 'OPTIONS' ? options : wrongMethod(allow))) as RouteHandlerMethod
    app.route({method, url: path, handler})
  }
}

/** v1-wire K4. */
const options: RouteHandlerMethod = (_request, reply) => reply.send('')

/** HEAD on the detailed list says only GET (v1-wire B3, K8). */
function wrongMethod(allow: string): RouteHandlerMethod {
  return async request => {
    throw methodNotAllowed(request.method, request.method === 'HEAD' ? allow.replace(', HEAD', '') : allow)
  }
}
