/** Metadata definitions in API v2: a catalog of properties, which is empty here, so that clients find nothing and not a fault. */
import type {FastifyRequest} from 'fastify'
import type {CallerOf} from '../../auth/callers.js'
import {HttpError} from '../../http/fault.js'
import {limitOf, linksOf, paramsOf} from './page.js'

type NamespaceRequest = FastifyRequest<{Params: {readonly namespace: string}}>

export class MetadefResource {
  readonly #callerOf: CallerOf

  constructor(callerOf: CallerOf) {
    this.#callerOf = callerOf
  }

  /** As a service that was given none answers. */
  readonly namespaces = async (request: FastifyRequest) => {
    this.#callerOf(request)
    const params = paramsOf(request.url)
    limitOf(params.get('limit'))
    const marker = params.get('marker')
    if (marker !== null) throw noSuchNamespace(marker)
    const schema = '/v2/schemas/metadefs/namespaces'
    return {namespaces: [], schema, ...linksOf('/v2/metadefs/namespaces', params, undefined)}
  }

  readonly resourceTypes = async (request: FastifyRequest) => {
    this.#callerOf(request)
    return {resource_types: []}
  }

  /** A namespace, and whatever is in it. */
  readonly missing = async (request: NamespaceRequest) => {
    this.#callerOf(request)
    throw noSuchNamespace(request.params.namespace)
  }
}

function noSuchNamespace(name: string): HttpError {
  return new HttpError(404, {explanation: `Metadata definition namespace=${name} was not found.`})
}
