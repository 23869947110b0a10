/** The options and metadata that the methods of the library take, and their checks. */
import type {ServiceAddress} from '../api/service-url.js'
import type {Draft} from '../model/draft.js'
import {usageError} from '../model/errors.js'
import {type FilterValues, toFilters} from '../model/filters.js'
import {type ListQuery, type SortDirection, toSort} from '../model/list-query.js'
import {rejectUnknownKeys} from './known-keys.js'

/** The service and the connection to it. By default http://127.0.0.1:9292, without authentication. */
export interface ClientOptions extends ServiceAddress {
  /** Version of the API to use. Default: the newest that the service and this library support. */
  readonly version?: 1 | 2 | undefined
  /** Token of the caller; short for `X-Auth-Token` in `headers`. */
  readonly token?: string | undefined
  /** Headers of every request, for other kinds of authentication. They are never printed. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Path of the CA bundle for verifying the service. Default: the CAs that the system trusts. */
  readonly cacert?: string | undefined
  /** Path of the client certificate; the file may hold the key too. */
  readonly cert?: string | undefined
  /** Path of the private key of `cert`, not encrypted. */
  readonly key?: string | undefined
  /** Accept any certificate. */
  readonly insecure?: boolean | undefined
  /**
   * Seconds without receiving anything after which a request fails; 0: never. Not a limit for a whole transfer.
   * Default: 30 for the connection, 300 for the rest.
   */
  readonly timeoutSeconds?: number | undefined
  /** Number of times a temporary failure is retried, if repeating is safe. Default: 3. */
  readonly retries?: number | undefined
  /** Environment with proxies (`HTTP_PROXY`, `HTTPS_PROXY`, `NO_PROXY`) and `SSL_CERT_FILE`. Default: none is used. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
  /** Ends every request; its reason is thrown. */
  readonly signal?: AbortSignal | undefined
  /** Receives a line for every request and every reply, without secrets. */
  readonly trace?: ((line: string) => void) | undefined
}

/** Filters, order and page size of a list. */
export interface ListOptions {
  /**
   * Every one must match: name, status, container_format, disk_format, min_ram, min_disk, is_public, protected,
   * size, size_min and size_max (bytes, or `1GiB`), created_at, updated_at and changes-since (ISO 8601, or `-30d`); on
   * version 2 also id, owner, visibility, member_status, tag (several separated by commas), os_hidden, checksum and
   * os_hash_value. Sizes and times are compared by `gte:`, `gt:`, `lte:` and `lt:`; two limits are a list:
   * `{created_at: ['gte:2026-01-01', 'lt:-7d']}`.
   */
  readonly filters?: FilterValues
  /** Custom properties that must match too. */
  readonly properties?: Readonly<Record<string, string>>
  /** id, name, status, container_format, disk_format, size, created_at (the default) or updated_at. */
  readonly sortKey?: string
  /** Default: `desc`. */
  readonly sortDir?: SortDirection
  /** Instead of `sortKey`, several keys, with or without a direction: `name:asc,size:desc` (version 2 only). */
  readonly sort?: string
  /** Start after the image with this id. */
  readonly marker?: string
  /** Images per request. Default: 500. */
  readonly pageSize?: number
}

/**
 * The metadata of an image to add or change, checked as on the command line: booleans may be words (`on`, `false`, `0`).
 * Names of the wire (`disk_format`) are accepted too; any other key is refused.
 */
export type ImageMeta = Omit<Draft, 'properties' | Switch> & {
  readonly [Name in Switch]?: Draft[Name] | string | number
} & {
  /** Custom properties. */
  readonly properties?: Readonly<Record<string, string | number | boolean>>
  /** What images had before they had formats: the formats follow from it. */
  readonly type?: 'kernel' | 'machine' | 'raw' | 'ramdisk'
}

type Switch = 'isPublic' | 'protected' | 'osHidden'

/** Id of an image, or its URI; servers of 2011 have numbers as ids. */
export type ImageId = string | number

/** Keys of `ClientOptions`. */
export const CLIENT_KEYS = [
  ...['url', 'host', 'port', 'ssl', 'version', 'token', 'headers', 'cacert', 'cert', 'key', 'insecure'],
  ...['timeoutSeconds', 'retries', 'env', 'signal', 'trace'],
]

/** Keys of `AddOptions`, and those of an update. */
export const UPLOAD_KEYS = [
  ...['serverImport', 'allowEmpty', 'onStep', 'verify', 'keepFailed', 'onNote', 'onWarning', 'onUnfinished'],
  'purgeProperties',
]
const LIST_KEYS = ['filters', 'properties', 'sort', 'sortKey', 'sortDir', 'marker', 'pageSize']

/** The options of the service from the first two arguments of `Client`. */
export function toAddress(service: ClientOptions | string, port: number | undefined): ClientOptions {
  const portOption = port === undefined ? {} : {port}
  if (typeof service !== 'string') return {...service, ...portOption}
  if (!service.includes('://')) return {host: service, ...portOption}
  if (port === undefined) return {url: service}
  throw usageError('a port goes with a host, not with a URL', {advice: 'Write the port into the URL.'})
}

/** The query of a list. @throws Failure of kind `usage` for an unknown option or filter */
export function toListQuery(options: ListOptions): ListQuery {
  rejectUnknownKeys(options, LIST_KEYS, 'the options of a list')
  const {filters = {}, properties, pageSize, marker, sort, sortKey, sortDir} = options
  const direction = sortDir ?? (sortKey === undefined ? undefined : 'desc')
  return {
    ...toFilters(filters),
    properties,
    marker,
    sort: toSort({sort, sortKey, sortDir: direction}, key => key),
    limit: pageSize,
  }
}
