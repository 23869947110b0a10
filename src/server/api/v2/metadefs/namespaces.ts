/** The namespaces of metadata definitions in API v2. */
import type {FastifyReply, FastifyRequest} from 'fastify'
import type {Authenticate} from '../../../auth/authenticate.js'
import type {JsonObject} from '../../../http/json-body.js'
import {MEMBERS} from '../../../metadefs/document.js'
import type {Metadefs} from '../../../metadefs/metadefs.js'
import {METADEF_KINDS} from '../../../registry/metadefs.js'
import {sendEmpty} from '../../requests.js'
import {pageLinks, parseParams} from '../query/page.js'
import {type ParsedNamespace, readNamespace} from './parse.js'
import {parseNamespaceQuery} from './query.js'
import {
  describedView,
  givenView,
  namespacePath,
  namespaceView,
  propertiesView,
  resourceTypeView,
} from './views.js'

/** A request for a namespace. */
export type NamespaceRequest = FastifyRequest<{Params: {readonly namespace: string}}>

/** Request handlers; each rejects with `HttpError`, `MetadefError` or `ServiceError`. */
export class NamespaceHandlers {
  readonly #metadefs: Metadefs
  readonly #authenticate: Authenticate

  constructor(metadefs: Metadefs, authenticate: Authenticate) {
    this.#metadefs = metadefs
    this.#authenticate = authenticate
  }

  readonly index = async (request: FastifyRequest) => {
    const caller = this.#authenticate(request)
    const params = parseParams(request.url)
    const query = parseNamespaceQuery(params)
    const page = await this.#metadefs.listNamespaces(caller, query)
    const last = page.length === query.limit ? page.at(-1)?.namespace.name : undefined
    return {
      namespaces: page.map(one => describedView(one)),
      schema: '/v2/schemas/metadefs/namespaces',
      ...pageLinks('/v2/metadefs/namespaces', params, last),
    }
  }

  /** Names have the prefix of the `resource_type` that the query names. */
  readonly get = async (request: NamespaceRequest) => {
    const caller = this.#authenticate(request)
    const resourceType = parseParams(request.url).get('resource_type') ?? undefined
    return describedView(
      await this.#metadefs.describeNamespace(caller, request.params.namespace),
      resourceType,
    )
  }

  readonly post = async (request: FastifyRequest, reply: FastifyReply) => {
    const caller = this.#authenticate(request)
    const parsed = await readNamespace(request.raw, caller.project)
    const created = await this.#metadefs.createNamespace(caller, parsed.namespace, parsed.definitions)
    reply.code(201).header('location', request.serviceUrl + encodeURI(namespacePath(created.name)))
    return namespaceView(created, repeatMembers(parsed))
  }

  /** Replaces all attributes. Definitions in the body are ignored, as by the real service. */
  readonly put = async (request: NamespaceRequest) => {
    const caller = this.#authenticate(request)
    const {namespace} = await readNamespace(request.raw, caller.project)
    return namespaceView(await this.#metadefs.updateNamespace(caller, request.params.namespace, namespace))
  }

  readonly delete = async (request: NamespaceRequest, reply: FastifyReply) => {
    await this.#metadefs.deleteNamespace(this.#authenticate(request), request.params.namespace)
    return sendEmpty(reply)
  }

  /** The types of resources that namespaces are or were associated with. */
  readonly resourceTypes = async (request: FastifyRequest) => {
    const types = await this.#metadefs.listResourceTypes(this.#authenticate(request))
    return {resource_types: types.map(resourceTypeView)}
  }
}

/** The members as the caller gave them. */
function repeatMembers({definitions, document}: ParsedNamespace): JsonObject {
  const kinds = METADEF_KINDS.filter(kind => document[MEMBERS[kind]] !== undefined)
  const members = kinds.map(kind => {
    const ofKind = definitions.filter(one => one.kind === kind)
    return [MEMBERS[kind], kind === 'property' ? propertiesView(ofKind) : ofKind.map(givenView)] as const
  })
  return Object.fromEntries(members)
}
