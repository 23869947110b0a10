/** Metadata definitions in API v2: an empty catalog, so that clients do not meet errors. */
import type {FastifyRequest} from 'fastify'
import type {Authenticate} from '../../auth/authenticate.js'
import {HttpError} from '../../http/http-error.js'
import {pageLinks, parseLimit, parseParams} from './query/page.js'

type NamespaceRequest = FastifyRequest<{Params: {readonly namespace: string}}>

/** Request handlers; each rejects with `HttpError`. */
export class MetadefHandlers {
  readonly #authenticate: Authenticate

  constructor(authenticate: Authenticate) {
    this.#authenticate = authenticate
  }

  /** An empty list, as from a service without definitions. */
  readonly namespaces = async (request: FastifyRequest) => {
    this.#authenticate(request)
    const params = parseParams(request.url)
    parseLimit(params.get('limit'))
    const marker = params.get('marker')
    if (marker !== null) throw namespaceNotFound(marker)
    const schema = '/v2/schemas/metadefs/namespaces'
    return {namespaces: [], schema, ...pageLinks('/v2/metadefs/namespaces', params, undefined)}
  }

  /** An empty list. */
  readonly resourceTypes = async (request: FastifyRequest) => {
    this.#authenticate(request)
    return {resource_types: []}
  }

  /** 404 for any namespace, and for everything in it. */
  readonly notFound = async (request: NamespaceRequest) => {
    this.#authenticate(request)
    throw namespaceNotFound(request.params.namespace)
  }
}

function namespaceNotFound(name: string): HttpError {
  return new HttpError(404, {explanation: `Metadata definition namespace=${name} was not found.`})
}
