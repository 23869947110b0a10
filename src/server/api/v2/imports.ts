/** The import and task resources of API v2. */
import type {FastifyReply, FastifyRequest} from 'fastify'
import type {Authenticate} from '../../auth/authenticate.js'
import {badRequest, HttpError} from '../../http/http-error.js'
import type {RemoteData} from '../../images/remote-data.js'
import type {ImportSource} from '../../jobs/import-request.js'
import type {ImportJobs} from '../../jobs/imports.js'
import type {TaskMessages} from '../../jobs/tasks.js'
import type {StoreSet} from '../../stores/set/store-set.js'
import {type ImageRequest, sendEmpty} from '../requests.js'
import {getOwnProperty, requireBody} from './codec/body.js'
import {parseTargets} from './codec/import-request.js'
import {parseStoreHeader} from './codec/stores.js'
import {imageTaskView, taskView} from './codec/views.js'
import {describeError, toHttpError} from './errors.js'
import {pageLinks, parseParams} from './query/page.js'
import {parseTaskPage, parseTaskQuery} from './query/task-query.js'
import {pythonRepr} from './schemas/validate.js'

/** Import methods that the service announces and accepts. */
export function listImportMethods({hasCopies}: StoreSet): readonly string[] {
  return ['glance-direct', 'web-download', ...(hasCopies ? ['copy-image'] : [])]
}

/** Characters of the URI of an import. */
const MAX_URI = 8192
/** Bytes of a MiB. */
const MIB = 1024 * 1024

/** Messages of tasks, as in the real service (wire/glance-25.md#tasks). */
export const TASK_MESSAGES: TaskMessages = {
  copied: (size, done = []) =>
    [`Copied ${Math.floor(size / MIB)} MiB`, ...done].filter(text => text !== '').join(', '),
  failed: describeError,
}

/** Dependencies of the resources. */
export interface ImportHandlersOptions {
  readonly imports: ImportJobs
  readonly remote: RemoteData
  readonly stores: StoreSet
  readonly authenticate: Authenticate
}

/** Request handlers; each rejects with `HttpError` or `ServiceError`. */
export class ImportHandlers {
  readonly #imports: ImportJobs
  readonly #remote: RemoteData
  readonly #stores: StoreSet
  readonly #authenticate: Authenticate

  constructor({imports, remote, stores, authenticate}: ImportHandlersOptions) {
    this.#imports = imports
    this.#remote = remote
    this.#stores = stores
    this.#authenticate = authenticate
  }

  /** wire/glance-25.md#import. */
  readonly post = async (request: ImageRequest, reply: FastifyReply) => {
    const caller = this.#authenticate(request)
    const body = await requireBody(request.raw)
    const source = parseSource(body, this.#stores)
    // First the image: callers get to know nothing about images, or URLs for images, of others.
    await this.#imports.findImportable(caller, request.params.id, source)
    await this.#requireFetchable(source)
    const targets = parseTargets(body, parseStoreHeader(request), this.#stores)
    await this.#imports.start(caller, request.params.id, {source, ...targets}, request.id)
    return sendEmpty(reply, 202)
  }

  /** wire/glance-25.md#image-tasks. */
  readonly listForImage = async (request: ImageRequest) => {
    const caller = this.#authenticate(request)
    const query = parseTaskPage(parseParams(request.url))
    const tasks = await this.#imports.listForImage(caller, request.params.id, query)
    return {tasks: tasks.map(imageTaskView)}
  }

  /** wire/glance-25.md#tasks. */
  readonly tasks = async (request: FastifyRequest) => {
    const caller = this.#authenticate(request)
    const params = parseParams(request.url)
    const query = parseTaskQuery(params)
    const tasks = await this.#imports.list(caller, query)
    const last = tasks.length === query.limit ? tasks.at(-1)?.id : undefined
    const links = pageLinks('/v2/tasks', params, last)
    return {tasks: tasks.map(task => taskView(task, false)), ...links, schema: '/v2/schemas/tasks'}
  }

  /** One task, with its input and result (wire/glance-25.md#tasks). */
  readonly task = async (request: ImageRequest) => {
    return taskView(await this.#imports.find(this.#authenticate(request), request.params.id), true)
  }

  async #requireFetchable(source: ImportSource): Promise<void> {
    if (source.method !== 'web-download') return
    await this.#remote.check(source.uri).catch(error => {
      const response = toHttpError(error, '')
      throw response ? uriError(source.uri, response.detail) : error
    })
  }
}

function parseSource(body: object, {hasCopies}: StoreSet): ImportSource {
  const method = getOwnProperty(body, 'method')
  if (method === undefined) throw badRequest("Import request requires a 'method' field.")
  if (typeof method !== 'object' || method === null) throw badRequest("The 'method' field must be an object.")
  const name = getOwnProperty(method, 'name')
  if (name === undefined) throw badRequest("Import request requires a 'name' field.")
  if (name === 'glance-direct' || (name === 'copy-image' && hasCopies)) return {method: name}
  if (name !== 'web-download') {
    const text = typeof name === 'string' ? name : pythonRepr(name)
    throw badRequest(`Unknown import method name '${text}'.`)
  }
  const uri = getOwnProperty(method, 'uri')
  if (typeof uri !== 'string') throw uriError(pythonRepr(uri))
  if (uri.length > MAX_URI) throw badRequest(`The URI of an import has at most ${MAX_URI} characters.`)
  return {method: name, uri}
}

/** The error for a URI that the service does not fetch; the detail states the reason. */
function uriError(uri: string, detail = ''): HttpError {
  return new HttpError(400, {explanation: `URI for web-download does not pass filtering: ${uri}`, detail})
}
