/** What an import asks for, and how its task records it. */
import {randomUUID} from 'node:crypto'
import {type ErrorFacts, ServiceError} from '../images/errors.js'
import type {Caller} from '../images/policy.js'
import {requirePossibleFormats} from '../images/rules.js'
import type {ImageRecord, NewTask} from '../registry/registry.js'
import type {StoreSet} from '../stores/set/store-set.js'
import type {Targets} from './store-filler.js'

/** The source of an import: staged data, the data that the image has, or a URL that `RemoteData.check` accepted. */
export type ImportSource =
  | {readonly method: 'glance-direct' | 'copy-image'}
  | {readonly method: 'web-download'; readonly uri: string}

/** An import, and the stores that receive the data. */
export interface ImportRequest extends Targets {
  readonly source: ImportSource
  /** All stores are meant, without being named. */
  readonly isAll: boolean
  /** Steps of imports that do not apply to the caller. */
  readonly skipped?: readonly string[]
}

/** The task of an import, whose input is all that a process needs to carry it out. */
export function toNewTask(
  {project, user}: Caller,
  {id}: ImageRecord,
  {source, stores, allMustSucceed, skipped = []}: ImportRequest,
  requestId: string,
): NewTask {
  const input = {
    image_id: id,
    import_req: {method: {name: source.method, ...source}, all_stores_must_succeed: allMustSucceed},
    backend: stores.map(({name}) => name),
    ...(skipped.length > 0 && {skipped_plugins: skipped}),
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
  const {
    import_req: request,
    backend: names = [],
    skipped_plugins: skipped = [],
  } = JSON.parse(input) as {
    import_req?: {method?: {name?: string; uri?: string}; all_stores_must_succeed?: boolean}
    backend?: readonly string[]
    skipped_plugins?: readonly string[]
  }
  const source = parseSource(request?.method ?? {})
  const targets = names.flatMap(name => stores.writable.filter(store => store.name === name))
  if (source === undefined || names.length === 0 || targets.length < names.length) return undefined
  return {
    source,
    stores: targets,
    skipped,
    isAll: false,
    allMustSucceed: request?.all_stores_must_succeed ?? true,
  }
}

function parseSource({name, uri}: {name?: string; uri?: string}): ImportSource | undefined {
  if (name === 'glance-direct' || name === 'copy-image') return {method: name}
  return name === 'web-download' && uri !== undefined ? {method: name, uri} : undefined
}

/** Checks the conditions of an import in the order of the real service (wire/glance-25.md#import). */
export function requireReady(
  {status, location, containerFormat, diskFormat}: ImageRecord,
  {method}: ImportSource,
): void {
  if (method === 'copy-image' && status !== 'active') throw notImportable('not active')
  if (method !== 'copy-image' && status === 'active') throw notImportable('active')
  if (method === 'web-download' && status !== 'queued') throw notImportable('not queued')
  if (method === 'glance-direct' && (status !== 'uploading' || location === null)) {
    throw notImportable('not staged')
  }
  if (containerFormat === null) throw notImportable('no container format')
  if (diskFormat === null) throw notImportable('no disk format')
  requirePossibleFormats(diskFormat, containerFormat)
}

function notImportable(problem: ErrorFacts['not-importable']['problem']): ServiceError {
  return new ServiceError('not-importable', {problem})
}
