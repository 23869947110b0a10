/** What API v2 tells of the service itself. */
import type {FastifyRequest} from 'fastify'
import type {CallerOf} from '../../auth/callers.js'
import {HttpError} from '../../http/fault.js'
import {METADEF_SCHEMAS, SCHEMAS} from './schemas.js'
import {storeDetails, storeViews} from './stores.js'

type SchemaRequest = FastifyRequest<{Params: {readonly name: string}}>

export class InfoResource {
  readonly #callerOf: CallerOf
  readonly #importMethods: readonly string[]

  constructor(callerOf: CallerOf, importMethods: readonly string[]) {
    this.#callerOf = callerOf
    this.#importMethods = importMethods
  }

  /** Cloud record, "Information". */
  readonly imports = async (request: FastifyRequest) => {
    this.#callerOf(request)
    const methods = {
      description: 'Import methods available.',
      type: 'array',
      value: this.#importMethods,
    }
    return {'import-methods': methods}
  }

  readonly stores = async (request: FastifyRequest) => {
    this.#callerOf(request)
    return {stores: storeViews()}
  }

  readonly storesDetail = async (request: FastifyRequest) => {
    if (this.#callerOf(request).isAdmin) return {stores: storeDetails()}
    throw new HttpError(403, {
      explanation: 'You are not authorized to complete stores_info_detail action.',
    })
  }

  /** There are no quotas. */
  readonly usage = async (request: FastifyRequest) => {
    this.#callerOf(request)
    return {usage: {}}
  }

  readonly schema = async (request: SchemaRequest) => this.#schemaAmong(SCHEMAS, request)

  readonly metadefSchema = async (request: SchemaRequest) => this.#schemaAmong(METADEF_SCHEMAS, request)

  #schemaAmong(schemas: Readonly<Record<string, object>>, request: SchemaRequest): object | undefined {
    this.#callerOf(request)
    const {name} = request.params
    if (Object.hasOwn(schemas, name)) return schemas[name]
    throw new HttpError(404)
  }
}
