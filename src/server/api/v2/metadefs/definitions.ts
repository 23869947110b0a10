/** The objects, properties and associations of a namespace in API v2, by one class of handlers for each kind. */
import type {FastifyReply, FastifyRequest} from 'fastify'
import type {Authenticate} from '../../../auth/authenticate.js'
import type {JsonObject} from '../../../http/json-body.js'
import type {DefinitionGroup, Metadefs} from '../../../metadefs/metadefs.js'
import type {DefinitionRecord, MetadefKind} from '../../../registry/metadefs.js'
import {sendEmpty} from '../../requests.js'
import type {NamespaceRequest} from './namespaces.js'
import {readDefinition} from './parse.js'

/** A request for a definition in a namespace. */
export type DefinitionRequest = FastifyRequest<{
  Params: {readonly namespace: string; readonly name: string}
}>

/** A kind of definitions with its views. */
export interface DefinitionResource {
  readonly kind: MetadefKind
  /** A definition as it is stored. */
  readonly view: (record: DefinitionRecord) => JsonObject
  /** A definition in the response to a change; absent: as it is stored. */
  readonly changedView?: (record: DefinitionRecord) => JsonObject
  readonly listView: (records: readonly DefinitionRecord[]) => JsonObject
  /** Checks the query of a list. */
  readonly checkQuery?: (request: FastifyRequest) => void
}

/** Request handlers; each rejects with `HttpError`, `MetadefError` or `ServiceError`. */
export class DefinitionHandlers {
  protected readonly metadefs: Metadefs
  protected readonly authenticate: Authenticate
  readonly #resource: DefinitionResource

  constructor(metadefs: Metadefs, authenticate: Authenticate, resource: DefinitionResource) {
    this.metadefs = metadefs
    this.authenticate = authenticate
    this.#resource = resource
  }

  readonly index = async (request: NamespaceRequest): Promise<JsonObject> => {
    const caller = this.authenticate(request)
    this.#resource.checkQuery?.(request)
    return this.#resource.listView(await this.metadefs.listDefinitions(caller, this.group(request)))
  }

  readonly get = async (request: DefinitionRequest): Promise<JsonObject> => {
    const caller = this.authenticate(request)
    const {name} = request.params
    return this.#resource.view(await this.metadefs.findDefinition(caller, this.group(request), name))
  }

  readonly post = async (request: NamespaceRequest, reply: FastifyReply): Promise<JsonObject> => {
    const caller = this.authenticate(request)
    const definition = await readDefinition(request.raw, this.#resource.kind)
    const added = await this.metadefs.addDefinition(caller, request.params.namespace, definition)
    reply.code(201)
    return this.#viewChanged(added)
  }

  readonly put = async (request: DefinitionRequest): Promise<JsonObject> => {
    const caller = this.authenticate(request)
    const {namespace, name} = request.params
    const definition = await readDefinition(request.raw, this.#resource.kind)
    return this.#viewChanged(await this.metadefs.updateDefinition(caller, namespace, name, definition))
  }

  readonly delete = async (request: DefinitionRequest, reply: FastifyReply) => {
    const caller = this.authenticate(request)
    await this.metadefs.deleteDefinition(caller, this.group(request), request.params.name)
    return sendEmpty(reply)
  }

  readonly deleteAll = async (request: NamespaceRequest, reply: FastifyReply) => {
    await this.metadefs.deleteDefinitions(this.authenticate(request), this.group(request))
    return sendEmpty(reply)
  }

  protected group({params: {namespace}}: NamespaceRequest): DefinitionGroup {
    return {namespace, kind: this.#resource.kind}
  }

  #viewChanged(record: DefinitionRecord): JsonObject {
    const {view, changedView = view} = this.#resource
    return changedView(record)
  }
}
