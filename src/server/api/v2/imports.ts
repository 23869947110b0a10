/** Imports and tasks in API v2. */
import type {FastifyReply, FastifyRequest} from 'fastify'
import type {CallerOf} from '../../auth/callers.js'
import {HttpError} from '../../http/fault.js'
import type {RemoteData} from '../../images/remote-data.js'
import type {ImportJobs, ImportSource, TaskMessages} from '../../jobs/imports.js'
import {type ImageRequest, sendEmpty} from '../requests.js'
import {memberOf, requiredBody} from './body.js'
import {describeError, toHttpError} from './errors.js'
import {bad, linksOf, paramsOf} from './page.js'
import {shown} from './schema-check.js'
import {isStore} from './stores.js'
import {taskPage, taskQuery} from './task-query.js'
import {imageTaskView, taskView} from './views.js'

export const IMPORT_METHODS = ['glance-direct', 'web-download'] as const

const MAX_URI = 8192
const MIB = 1024 * 1024

export const TASK_MESSAGES: TaskMessages = {
  copied: size => `Copied ${Math.floor(size / MIB)} MiB`,
  failed: describeError,
}

export class ImportResource {
  readonly #imports: ImportJobs
  readonly #remote: RemoteData
  readonly #callerOf: CallerOf

  constructor(imports: ImportJobs, remote: RemoteData, callerOf: CallerOf) {
    this.#imports = imports
    this.#remote = remote
    this.#callerOf = callerOf
  }

  /** Cloud record, "Import". */
  readonly post = async (request: ImageRequest, reply: FastifyReply) => {
    const caller = this.#callerOf(request)
    const body = await requiredBody(request.raw)
    const source = await this.#parseSource(body)
    requireStores(memberOf(body, 'stores'))
    await this.#imports.start(caller, request.params.id, source, request.id)
    return sendEmpty(reply, 202)
  }

  /** Cloud record, "its tasks". */
  readonly ofImage = async (request: ImageRequest) => {
    const query = taskPage(paramsOf(request.url))
    const tasks = await this.#imports.listForImage(this.#callerOf(request), request.params.id, query)
    return {tasks: tasks.map(imageTaskView)}
  }

  /** Cloud record, "GET /v2/tasks". */
  readonly tasks = async (request: FastifyRequest) => {
    const params = paramsOf(request.url)
    const query = taskQuery(params)
    const tasks = await this.#imports.list(this.#callerOf(request), query)
    const last = tasks.length === query.limit ? tasks.at(-1)?.id : undefined
    const links = linksOf('/v2/tasks', params, last)
    return {tasks: tasks.map(task => taskView(task, false)), ...links, schema: '/v2/schemas/tasks'}
  }

  readonly task = async (request: ImageRequest) => {
    return taskView(await this.#imports.find(this.#callerOf(request), request.params.id), true)
  }

  async #parseSource(body: object): Promise<ImportSource> {
    const method = memberOf(body, 'method')
    if (method === undefined) throw bad("Import request requires a 'method' field.")
    if (typeof method !== 'object' || method === null) throw bad("The 'method' field must be an object.")
    const name = memberOf(method, 'name')
    if (name === undefined) throw bad("Import request requires a 'name' field.")
    if (name === 'glance-direct') return {method: name}
    if (name !== 'web-download') {
      const text = typeof name === 'string' ? name : shown(name)
      throw bad(`Unknown import method name '${text}'.`)
    }
    const uri = memberOf(method, 'uri')
    if (typeof uri !== 'string') throw filtered(shown(uri))
    if (uri.length > MAX_URI) throw bad(`The URI of an import has at most ${MAX_URI} characters.`)
    await this.#remote.check(uri).catch(error => {
      const answer = toHttpError(error, '')
      throw answer ? filtered(uri, answer.detail) : error
    })
    return {method: name, uri}
  }
}

/** The answer to a URI that is not fetched from; the detail says what can be done about it. */
function filtered(uri: string, detail = ''): HttpError {
  return new HttpError(400, {explanation: `URI for web-download does not pass filtering: ${uri}`, detail})
}

/** Cloud record: unknown stores are a conflict here. */
function requireStores(stores: unknown): void {
  if (stores === undefined) return
  if (!Array.isArray(stores) || stores.some(store => typeof store !== 'string')) {
    throw bad('Stores must be a list of names.')
  }
  const unknown = (stores as string[]).find(store => !isStore(store))
  if (unknown !== undefined)
    throw new HttpError(409, {explanation: `Store for identifier ${unknown} not found`})
}
