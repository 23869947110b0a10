/** The resources of API v2 that describe the service: import methods, stores, usage and schemas. */
import type {FastifyRequest} from 'fastify'
import type {Authenticate} from '../../auth/authenticate.js'
import {HttpError} from '../../http/http-error.js'
import {requirePermission} from '../../images/access.js'
import type {Quotas} from '../../images/quotas.js'
import type {StoreSet} from '../../stores/set/store-set.js'
import {storeDetails, storeViews} from './codec/stores.js'
import {listImportMethods} from './imports.js'
import {imageSchemaWithout, SCHEMAS} from './schemas/catalog.js'
import {METADEF_SCHEMAS} from './schemas/metadefs.js'

type SchemaRequest = FastifyRequest<{Params: {readonly name: string}}>

/** Dependencies and settings of the resources. */
export interface InfoHandlersOptions {
  readonly authenticate: Authenticate
  readonly quotas: Quotas
  readonly stores: StoreSet
}

/** Request handlers; each rejects with `HttpError`. */
export class InfoHandlers {
  readonly #authenticate: Authenticate
  readonly #quotas: Quotas
  readonly #stores: StoreSet

  constructor({authenticate, quotas, stores}: InfoHandlersOptions) {
    this.#authenticate = authenticate
    this.#quotas = quotas
    this.#stores = stores
  }

  /** wire/glance-25.md#information. */
  readonly imports = async (request: FastifyRequest) => {
    this.#authenticate(request)
    const methods = {
      description: 'Import methods available.',
      type: 'array',
      value: listImportMethods(this.#stores),
    }
    return {'import-methods': methods}
  }

  /** Stores by id. */
  readonly stores = async (request: FastifyRequest) => {
    this.#authenticate(request)
    return {stores: storeViews(this.#stores)}
  }

  /** Stores with their properties, for administrators only. */
  readonly storesDetail = async (request: FastifyRequest) => {
    requirePermission(this.#authenticate(request), 'stores_info_detail')
    return {stores: storeDetails(this.#stores)}
  }

  /** What the caller's project uses of its quotas; empty where it has none. */
  readonly usage = async (request: FastifyRequest) => {
    const {project} = this.#authenticate(request)
    return {usage: await this.#quotas.describe(project)}
  }

  /**
   * The schema of a resource. `python-glanceclient` makes an option of each attribute of an image, and stops working with
   * `stores`, because it has an option of that name; so it gets the schema without it.
   */
  readonly schema = async (request: SchemaRequest) => {
    const isGlanceClient = request.headers['user-agent']?.startsWith('python-glanceclient')
    const schema = this.#findSchema(SCHEMAS, request)
    return isGlanceClient && request.params.name === 'image' ? imageSchemaWithout('stores') : schema
  }

  /** The schema of a metadata definition. */
  readonly metadefSchema = async (request: SchemaRequest) => this.#findSchema(METADEF_SCHEMAS, request)

  #findSchema(schemas: Readonly<Record<string, object>>, request: SchemaRequest): object | undefined {
    this.#authenticate(request)
    const {name} = request.params
    if (Object.hasOwn(schemas, name)) return schemas[name]
    throw new HttpError(404)
  }
}
