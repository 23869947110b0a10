/** Checks the options that programs pass. */
import type {ByteRange} from '../api/image-api.js'
import {usageError} from '../model/errors.js'
import {toFilters, toSort} from '../model/filters.js'
import {STATUSES} from '../model/image.js'
import {type ListQuery, SORT_KEYS} from '../model/list-query.js'
import {
  rejectUnknownKeys,
  requireCount,
  requireFunction,
  requireSeconds,
  requireSignal,
  requireText,
} from './check-values.js'
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
  StagingOptions,
  StoreWaitOptions,
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
  showDeviceLogin: true,
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
const STAGE: Keys<StagingOptions> = {
  ...REQUEST,
  onProgress: true,
  allowEmpty: true,
  decompress: true,
  strictFormat: true,
  spoolFolder: true,
}
const STORE_COPY: Keys<StoreWaitOptions> = {...REQUEST, timeoutSeconds: true}
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
const RANGE: Keys<ByteRange> = {first: true, last: true}
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

function checkShared(options: SharedOptions, keys: object, what: string): void {
  rejectUnknownKeys(options, Object.keys(keys), what)
  const {version, tls = {}, retries, timeoutSeconds, signal, logger = {}} = options
  rejectUnknownKeys(tls, Object.keys(TLS), 'the option tls')
  if (version !== undefined && version !== 1 && version !== 2)
    throw usageError(`invalid version '${version}': expected 1 or 2`)
  requireCount('retries', retries)
  requireSeconds('timeoutSeconds', timeoutSeconds)
  requireSignal(signal)
  for (const level of ['debug', 'info', 'warn'] as const) requireFunction(`logger.${level}`, logger[level])
  for (const [name, text] of Object.entries(options))
    if (TEXTS.includes(name) && text !== undefined) requireText(name, text)
}

/** The options of a service that are texts. */
const TEXTS = ['url', 'host', 'token', 'region']

/** @throws Failure of kind `usage` for anything but a signal */
export function checkRequestOptions(options: RequestOptions): void {
  checkCall(options, REQUEST, 'the options of a call')
}

/** @throws Failure of kind `usage` for an unknown option of an upload */
export function checkUploadOptions(options: UploadOptions): void {
  checkTransfer(options, UPLOAD, 'the options of an upload')
}

/** @throws Failure of kind `usage` for an unknown option */
export function checkStageOptions(options: StagingOptions): void {
  checkTransfer(options, STAGE, 'the options of stage')
}

/** @throws Failure of kind `usage` for an unknown option and for an invalid time */
export function checkStoreCopyOptions(options: StoreWaitOptions): void {
  checkCall(options, STORE_COPY, 'the options of copyToStores')
  requireSeconds('timeoutSeconds', options.timeoutSeconds)
}

/** @throws Failure of kind `usage` for an unknown option of an update */
export function checkUpdateOptions(options: ImageUpdateOptions): void {
  checkTransfer(options, UPDATE, 'the options of an update')
}

/** @throws Failure of kind `usage` for an unknown option and for an invalid range */
export function checkReadOptions(options: ReadOptions): void {
  checkTransfer(options, READ, 'the options of getImage')
  if (options.range === undefined) return
  rejectUnknownKeys(options.range, Object.keys(RANGE), 'the option range')
  const {first, last = first} = options.range
  if (first === undefined) throw usageError('invalid range: expected its first byte')
  requireCount('range.first', first)
  requireCount('range.last', last)
  if (last < first) throw usageError(`invalid range: it ends at ${last}, before its start at ${first}`)
}

/** @throws Failure of kind `usage` for an unknown option and for an invalid number of connections */
export function checkSaveOptions(options: SaveFileOptions): void {
  checkTransfer(options, SAVE, 'the options of download')
  requireCount('parallel', options.parallel, 1)
}

/** @throws Failure of kind `usage` for an unknown option or status */
export function checkWaitOptions(options: WaitForStatusOptions): void {
  checkCall(options, WAIT, 'the options of waitFor')
  const {until, timeoutSeconds} = options
  if (until !== undefined && !STATUSES.includes(until))
    throw usageError(`invalid status '${until}': expected one of ${STATUSES.join(', ')}`)
  requireSeconds('timeoutSeconds', timeoutSeconds)
}

/** The query of a list. @throws Failure of kind `usage` for an unknown option, filter or order */
export function toListQuery(options: ListOptions): ListQuery {
  checkCall(options, LIST, 'the options of a list')
  const {filters = {}, properties = {}, pageSize, sort, sortKey, sortDir, marker} = options
  for (const [name, values] of Object.entries({filters, properties}))
    rejectUnknownKeys(values, Object.keys(values ?? {}), `the option ${name}`)
  if (sort !== undefined) requireText('sort', sort)
  const keys: readonly string[] = SORT_KEYS
  if (sortKey !== undefined && !keys.includes(sortKey))
    throw usageError(`invalid sortKey '${sortKey}': expected one of ${keys.join(', ')}`)
  if (sortDir !== undefined && sortDir !== 'asc' && sortDir !== 'desc')
    throw usageError(`invalid sortDir '${sortDir}': expected asc or desc`)
  requireCount('pageSize', pageSize, 1)
  const direction = sortDir ?? (sortKey === undefined ? undefined : 'desc')
  const order = toSort({sort, sortKey, sortDir: direction}, key => key)
  return {
    ...toFilters(dropMissing(filters)),
    properties: dropMissing(properties),
    sort: order,
    marker,
    limit: pageSize,
  }
}

/** The record without the keys that have no value. @throws Failure of kind `usage` for an object as a value */
function dropMissing<T>(record: Readonly<Record<string, T>>): Readonly<Record<string, T>> {
  const entries = Object.entries(record).filter(([, value]) => value !== undefined)
  for (const [name, value] of entries)
    if (typeof value === 'object' && !Array.isArray(value))
      throw usageError(`invalid filter ${name}: expected a text, a number or a boolean`)
  return Object.fromEntries(entries)
}

function checkCall(options: RequestOptions, keys: object, what: string): void {
  rejectUnknownKeys(options, Object.keys(keys), what)
  requireSignal(options.signal)
}

function checkTransfer(options: DataOptions, keys: object, what: string): void {
  checkCall(options, keys, what)
  requireFunction('onProgress', options.onProgress)
}
