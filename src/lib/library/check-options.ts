/** Checks the options that programs pass: plain JavaScript has no compiler that does. */
import {usageError} from '../model/errors.js'
import {toFilters} from '../model/filters.js'
import {STATUSES} from '../model/image.js'
import {type ListQuery, SORT_KEYS, toSort} from '../model/list-query.js'
import {rejectUnknownKeys} from './known-keys.js'
import type {
  ClientOptions,
  CloudOptions,
  DataOptions,
  ImageUpdateOptions,
  ListOptions,
  ReadOptions,
  RequestOptions,
  SaveFileOptions,
  SharedOptions,
  TlsFiles,
  UploadOptions,
  WaitForStatusOptions,
} from './options.js'

/** The keys of an options type: the compiler requires all of them, and no others. */
type Keys<T> = Record<keyof T, true>

const REQUEST: Keys<RequestOptions> = {signal: true}
const DATA: Keys<DataOptions> = {...REQUEST, onProgress: true, verify: true}
const SHARED: Keys<SharedOptions> = {
  version: true,
  tls: true,
  timeoutSeconds: true,
  retries: true,
  signal: true,
  logger: true,
}
const CLIENT: Keys<ClientOptions> = {...SHARED, url: true, host: true, port: true, ssl: true, token: true}
const CLOUD: Keys<CloudOptions> = {
  ...SHARED,
  url: true,
  region: true,
  env: true,
  tokenCache: true,
  askSecret: true,
}
const TLS: Keys<TlsFiles> = {ca: true, cert: true, key: true, insecure: true}
const UPLOAD: Keys<UploadOptions> = {
  ...DATA,
  allowEmpty: true,
  keepFailed: true,
  decompress: true,
  strictFormat: true,
  spoolFolder: true,
  serverImport: true,
}
const LIST: Keys<ListOptions> = {
  ...REQUEST,
  filters: true,
  properties: true,
  sort: true,
  sortKey: true,
  sortDir: true,
  marker: true,
  pageSize: true,
}
const UPDATE: Keys<ImageUpdateOptions> = {...UPLOAD, data: true, purgeProperties: true, unset: true}
const READ: Keys<ReadOptions> = {...DATA, range: true}
const SAVE: Keys<SaveFileOptions> = {
  ...DATA,
  overwrite: true,
  resume: true,
  parallel: true,
  keepFailed: true,
}
const WAIT: Keys<WaitForStatusOptions> = {...REQUEST, until: true, timeoutSeconds: true}

/** @throws Failure of kind `usage` for an option of `Client` that is unknown or has an invalid value */
export function checkClientOptions(options: ClientOptions): void {
  checkShared(options, CLIENT, 'the options of Client')
}

/** As `checkClientOptions`, for a client of a cloud. */
export function checkCloudOptions(options: CloudOptions): void {
  checkShared(options, CLOUD, 'the options of a cloud')
}

function checkShared({version, tls = {}, ...options}: SharedOptions, keys: object, what: string): void {
  rejectUnknownKeys({...options}, Object.keys(keys), what)
  rejectUnknownKeys(tls, Object.keys(TLS), 'the option tls')
  if (version !== undefined && version !== 1 && version !== 2)
    throw usageError(`invalid version '${version}': expected 1 or 2`)
  requireCount('retries', options.retries)
  requireNumber('timeoutSeconds', options.timeoutSeconds)
}

/** @throws Failure of kind `usage` for anything but a signal */
export function checkRequestOptions(options: RequestOptions): void {
  checkCall(options, REQUEST, 'the options of a call')
}

/** @throws Failure of kind `usage` for an unknown option of an upload */
export function checkUploadOptions(options: UploadOptions): void {
  checkCall(options, UPLOAD, 'the options of an upload')
}

/** @throws Failure of kind `usage` for an unknown option of an update */
export function checkUpdateOptions(options: ImageUpdateOptions): void {
  checkCall(options, UPDATE, 'the options of an update')
}

/** @throws Failure of kind `usage` for an unknown option and for an invalid range */
export function checkReadOptions(options: ReadOptions): void {
  checkCall(options, READ, 'the options of getImage')
  const {first = 0, last = first} = options.range ?? {}
  requireCount('range.first', first)
  requireCount('range.last', last)
  if (last < first) throw usageError(`invalid range: it ends at ${last}, before its start at ${first}`)
}

/** @throws Failure of kind `usage` for an unknown option and for an invalid number of connections */
export function checkSaveOptions(options: SaveFileOptions): void {
  checkCall(options, SAVE, 'the options of download')
  requireCount('parallel', options.parallel, 1)
}

/** @throws Failure of kind `usage` for an unknown option or status */
export function checkWaitOptions(options: WaitForStatusOptions): void {
  checkCall(options, WAIT, 'the options of waitFor')
  const {until, timeoutSeconds} = options
  if (until !== undefined && !STATUSES.includes(until))
    throw usageError(`invalid status '${until}': expected one of ${STATUSES.join(', ')}`)
  requireNumber('timeoutSeconds', timeoutSeconds)
}

/** The query of a list. @throws Failure of kind `usage` for an unknown option, filter or order */
export function toListQuery(options: ListOptions): ListQuery {
  checkCall(options, LIST, 'the options of a list')
  const {filters = {}, properties, pageSize, sort, sortKey, sortDir, marker} = options
  const keys: readonly string[] = SORT_KEYS
  if (sortKey !== undefined && !keys.includes(sortKey))
    throw usageError(`invalid sortKey '${sortKey}': expected one of ${keys.join(', ')}`)
  if (sortDir !== undefined && sortDir !== 'asc' && sortDir !== 'desc')
    throw usageError(`invalid sortDir '${sortDir}': expected asc or desc`)
  requireCount('pageSize', pageSize, 1)
  const direction = sortDir ?? (sortKey === undefined ? undefined : 'desc')
  const order = toSort({sort, sortKey, sortDir: direction}, key => key)
  return {...toFilters(filters), properties, sort: order, marker, limit: pageSize}
}

function checkCall(options: RequestOptions, keys: object, what: string): void {
  rejectUnknownKeys(options, Object.keys(keys), what)
  const {signal} = options
  if (signal !== undefined && !(signal instanceof AbortSignal))
    throw usageError('invalid signal: expected an AbortSignal')
}

function requireCount(name: string, value: number | undefined, least = 0): void {
  if (value === undefined || (Number.isSafeInteger(value) && value >= least)) return
  throw usageError(`invalid ${name} '${value}': expected a whole number of at least ${least}`)
}

function requireNumber(name: string, value: number | undefined): void {
  if (value === undefined || (typeof value === 'number' && value >= 0)) return
  throw usageError(`invalid ${name} '${value}': expected a number of seconds`)
}
