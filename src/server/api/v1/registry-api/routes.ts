/** The registry API of the administration manual, over any registry. */
import type {FastifyInstance, FastifyReply, FastifyRequest} from 'fastify'
import {readJsonBody} from '../../../http/json-body.js'
import {Access} from '../../../images/access.js'
import {ServiceError} from '../../../images/errors.js'
import {Members} from '../../../images/members.js'
import {ADMINISTRATOR} from '../../../images/policy.js'
import type {Deletion, ImageQuery, ImageRecord, Registry} from '../../../registry/registry.js'
import {type ImageRequest, requireJson} from '../../requests.js'
import {addResource, type Handlers} from '../../resources.js'
import {sendList} from '../../send-list.js'
import {parseListQuery} from '../list-query.js'
import {V1MemberHandlers} from '../members.js'
import {shouldKeepProperties} from '../meta-headers.js'
import {briefView, fullView, imageHeaders} from '../views.js'
import {parseImageChanges, parseNewImage} from './input.js'

/** Statuses that lists leave out unless they are asked for. */
const UNLISTED: readonly unknown[] = ['killed', 'deleted', 'pending_delete']

/**
 * Registers the resources below `/v1`.
 * @param noteDeletion receives each deletion
 */
export function addRegistryRoutes(
  app: FastifyInstance,
  registry: Registry,
  noteDeletion: (deletion: Deletion) => void,
): void {
  const image = createImageHandlers(registry, noteDeletion)
  const access = new Access(registry)
  const members = new Members({registry, access, sharedOnly: false})
  const member = new V1MemberHandlers(members, () => ADMINISTRATOR)
  const routes: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
    '/v1/images': {GET: image.index, POST: image.post},
    '/v1/images/detail': {GET: image.detail},
    '/v1/images/:id': {GET: image.get, HEAD: image.get, PUT: image.put, DELETE: image.delete},
    '/v1/images/:id/members': {GET: member.index, PUT: member.replace},
    '/v1/images/:id/members/:member': {PUT: member.put, DELETE: member.delete},
    '/v1/shared-images/:member': {GET: member.shares},
  }
  for (const [path, handlers] of Object.entries(routes))
    addResource(app, path, handlers as Handlers, () => Object.keys(handlers).join(', '))
}

function createImageHandlers(registry: Registry, noteDeletion: (deletion: Deletion) => void) {
  const list = (request: FastifyRequest, reply: FastifyReply, view: (image: ImageRecord) => object) =>
    sendList(reply, {
      query: withUnlisted(parseListQuery(request.url.split('?')[1] ?? '')),
      toJson: image => JSON.stringify(view(image)),
      read: query => readPage(registry, query),
      isVisible: () => true,
      rest: () => ({}),
    })
  return {
    index: (request: FastifyRequest, reply: FastifyReply) => list(request, reply, briefView),
    detail: (request: FastifyRequest, reply: FastifyReply) => list(request, reply, wholeView),
    async get({params: {id}}: ImageRequest, reply: FastifyReply) {
      const image = await registry.find(id)
      if (image === undefined || image.deleted) throw new ServiceError('image-not-found', {id})
      return sendImage(reply.headers(imageHeaders(image, true)), image)
    },
    async post(request: FastifyRequest, reply: FastifyReply) {
      requireJson(request)
      const image = parseNewImage(await readJsonBody(request.raw))
      const created = await registry.create(image)
      if (created === undefined) throw new ServiceError('duplicate-id', {id: image.id})
      return sendImage(reply, created)
    },
    async put(request: ImageRequest, reply: FastifyReply) {
      requireJson(request)
      const {id} = request.params
      const purges = !shouldKeepProperties({'x-glance-registry-purge-props': 'false', ...request.headers})
      const changed = await registry.change(id, parseImageChanges(await readJsonBody(request.raw), purges))
      if (changed === undefined) throw new ServiceError('image-not-found', {id})
      return sendImage(reply, changed)
    },
    async delete({params: {id}}: ImageRequest, reply: FastifyReply) {
      const deletion = await registry.delete(id, image => {
        if (image.protected) throw new ServiceError('protected', {id})
        return {}
      })
      if (deletion === undefined) throw new ServiceError('image-not-found', {id})
      noteDeletion(deletion)
      return sendImage(reply, deletion.image)
    },
  }
}

/** The list of killed and deleted images contains them. */
function withUnlisted(query: ImageQuery): ImageQuery {
  return UNLISTED.includes(query.status) ? {changesSince: '', ...query} : query
}

async function readPage(registry: Registry, query: ImageQuery) {
  const page = await registry.list(query)
  if (page !== 'unknown marker') return page
  throw new ServiceError('marker-not-found', {marker: query.marker ?? '', of: 'image'})
}

/** With the location of the data: API servers read it there. */
function wholeView(image: ImageRecord): object {
  return {...fullView(image), location: image.location, properties: image.properties}
}

function sendImage(reply: FastifyReply, image: ImageRecord): FastifyReply {
  return reply.send({image: wholeView(image)})
}
