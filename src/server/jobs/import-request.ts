/** What an import asks for, and how its task records it. */
import {randomUUID} from 'node:crypto'
import type {Caller} from '../images/policy.js'
import type {ImageRecord, NewTask} from '../registry/registry.js'
import type {StoreSet, WritableStore} from '../stores/set/store-set.js'

/** The source of an import: staged data, or a URL that `RemoteData.check` accepted. */
export type ImportSource =
  | {readonly method: 'glance-direct'}
  | {readonly method: 'web-download'; readonly uri: string}

/** An import, and the store that receives the data. */
export interface ImportRequest {
  readonly source: ImportSource
  readonly store: WritableStore
}

/** The task of an import, whose input is all that a process needs to carry it out. */
export function toNewTask(
  {project, user}: Caller,
  {id}: ImageRecord,
  {source, store}: ImportRequest,
  requestId: string,
): NewTask {
  const input = {
    image_id: id,
    import_req: {method: {name: source.method, ...source}},
    backend: [store.name],
  }
  return {
    id: randomUUID(),
    imageId: id,
    type: 'api_image_import',
    owner: project,
    userId: user,
    requestId,
    input: JSON.stringify(input),
  }
}

/** What the input of a task asks for; undefined for what this release or its settings do not know, or cannot read. */
export function parseRequest(input: string, stores: StoreSet): ImportRequest | undefined {
  try {
    return parseInput(input, stores)
  } catch {
    return undefined
  }
}

function parseInput(input: string, stores: StoreSet): ImportRequest | undefined {
  const {import_req: request, backend: [name = ''] = []} = JSON.parse(input) as {
    import_req?: {method?: {name?: string; uri?: string}}
    backend?: readonly string[]
  }
  const source = parseSource(request?.method ?? {})
  const store = stores.writable.find(one => one.name === name)
  return source && store && {source, store}
}

function parseSource({name, uri}: {name?: string; uri?: string}): ImportSource | undefined {
  if (name === 'glance-direct') return {method: name}
  return name === 'web-download' && uri !== undefined ? {method: name, uri} : undefined
}
