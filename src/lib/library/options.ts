/** The options and metadata that programs pass to the library. */
import type {ByteRange} from '../api/image-api.js'
import type {DeviceLogin} from '../identity/oidc/oidc-client.js'
import type {Draft} from '../model/draft.js'
import type {FilterValues} from '../model/filters.js'
import type {ImportSource} from '../model/image.js'
import type {SortDirection, SortKey} from '../model/list-query.js'
import type {Data} from './data-input.js'

/** Options that every client has, however it finds its service. */
export interface SharedOptions {
  /** Version of the API: no other is used, and none is detected. Default: the newest that both sides support. */
  readonly version?: 1 | 2 | undefined
  /** Verification of the service, and the certificate of the program. */
  readonly tls?: TlsFiles | undefined
  /**
   * Seconds without receiving anything after which a request fails; 0: never. Not a limit for a whole transfer.
   * Default: 30 for the connection, 300 for the rest.
   */
  readonly timeoutSeconds?: number | undefined
  /** Number of times a temporary failure is retried, if repeating is safe. Default: 3. */
  readonly retries?: number | undefined
  /** Ends everything that the client does; its reason is thrown. */
  readonly signal?: AbortSignal | undefined
  /** Receives what the tool would print on standard error, for example `console`. Default: nothing is printed. */
  readonly logger?: Logger | undefined
}

/** The service and the connection to it. By default http://127.0.0.1:9292, without authentication. */
export interface ClientOptions extends SharedOptions {
  /** URL of the service; overrides `host`, `port` and `ssl`. May end in a version of the API. */
  readonly url?: string | undefined
  /** Host name or address. Default: 127.0.0.1. */
  readonly host?: string | undefined
  /** Default: 9292. */
  readonly port?: number | undefined
  /** Use https. */
  readonly ssl?: boolean | undefined
  /** Token of the Identity service. `Client.fromCloud` and `Client.fromEnvironment` log in by themselves. */
  readonly token?: string | undefined
}

/** Settings in place of those of the cloud and the environment, and what surrounds the program. */
export interface CloudOptions extends SharedOptions {
  /** URL of the Image service, in place of the one in the catalog. */
  readonly url?: string | undefined
  /** Region of the cloud. */
  readonly region?: string | undefined
  /** Variables, in place of those of the process: `{...process.env, OS_PROJECT_NAME: 'demo'}`. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
  /** Read and write the token cache of the tool. Default: true. */
  readonly tokenCache?: boolean | undefined
  /**
   * Called for a password or passphrase that is missing; returns undefined if there is none. Without it, a missing
   * password is an error: the library never prompts.
   */
  readonly askSecret?: ((question: string) => Promise<string | undefined>) | undefined
  /**
   * Called for a login that a person has to confirm in a browser (`auth_type: v3oidcdeviceauthz`): show them the page and
   * the code. The call that needs the login waits until it is confirmed. Without it, a login of this kind is an error.
   */
  readonly showDeviceLogin?: ((login: DeviceLogin) => void) | undefined
}

/** Paths of PEM files. */
export interface TlsFiles {
  /** CA bundle, or folder of certificates. Default: the authorities of the system. */
  readonly ca?: string | undefined
  /** Client certificate; the file may hold the key too. */
  readonly cert?: string | undefined
  /** Private key of `cert`, not encrypted. */
  readonly key?: string | undefined
  /** Accept any certificate. */
  readonly insecure?: boolean | undefined
}

/** Receives lines of text without secrets; `console` is one. */
export interface Logger {
  /** A request or a reply. */
  readonly debug?: ((text: string) => void) | undefined
  /** A fact worth knowing: an assumption, or a step done differently than asked for. */
  readonly info?: ((text: string) => void) | undefined
  /** A probable mistake, or data that could not be verified. */
  readonly warn?: ((text: string) => void) | undefined
}

/** Options of every call. */
export interface RequestOptions {
  /** Ends the call; its reason is thrown. What an upload has left at the service is deleted first. */
  readonly signal?: AbortSignal | undefined
}

/** The state of a transfer, in bytes. */
export interface TransferState {
  /** Bytes that were transferred, including those of an earlier attempt; less again if data must be sent again. */
  readonly bytes: number
  /** Bytes in all, if that is known. */
  readonly total: number | undefined
}

/** Options of every call that transfers image data. */
export interface DataOptions extends RequestOptions {
  /** Called for each chunk; must not throw. */
  readonly onProgress?: ((state: TransferState) => void) | undefined
  /** Compare the data with the size and the digests of the image. Default: true. */
  readonly verify?: boolean | undefined
}

/** Options of `addImage`. */
export interface UploadOptions extends DataOptions {
  /** Accept data of 0 bytes, which otherwise is an error. */
  readonly allowEmpty?: boolean | undefined
  /** Keep the record of a failed upload, which otherwise is deleted. */
  readonly keepFailed?: boolean | undefined
  /** Decompress the data, if it is compressed, before it is sent. */
  readonly decompress?: boolean | undefined
  /** Refuse data that does not look like its `diskFormat`, instead of warning. */
  readonly strictFormat?: boolean | undefined
  /** Folder for a copy of a stream, which then can be sent again when a connection breaks. */
  readonly spoolFolder?: string | undefined
  /**
   * Let the service fetch the URL of `copyFrom` (`true`), and wait until it is done. Otherwise version 2 of the API has the
   * data sent by this library. On version 1 the service always fetches it, and nothing waits. Version 2 has other methods:
   * `{method: 'glance-direct'}` stages the data, so that the service checks and converts it, and an update without data
   * imports what was staged; `{method: 'glance-download', remote}` fetches an image of another Glance.
   */
  readonly serverImport?: boolean | ImportSource | undefined
}

/** Options of `operations.stage`. */
export interface StagingOptions extends Omit<UploadOptions, 'keepFailed' | 'serverImport' | 'verify'> {}

/** Options of `operations.copyToStores`. */
export interface StoreWaitOptions extends RequestOptions {
  /** Seconds to wait until the data is there. Default: no limit. */
  readonly timeoutSeconds?: number | undefined
}

/** Options of `updateImage`. */
export interface ImageUpdateOptions extends UploadOptions {
  /** Data of an image that is queued. */
  readonly data?: Data | undefined
  /** Remove the custom properties that the metadata does not name. */
  readonly purgeProperties?: boolean | undefined
  /** Names of custom properties to remove; others are kept. */
  readonly unset?: readonly string[] | undefined
}

/** Options of `getImage`. */
export interface ReadOptions extends DataOptions {
  /** Part of the data, which is not verified. Default: all of it. */
  readonly range?: ByteRange | undefined
}

/** Options of `download`. */
export interface SaveFileOptions extends DataOptions {
  /** Replace an existing file, which otherwise is an error of kind `conflict`. */
  readonly overwrite?: boolean | undefined
  /** Continue a download that ended early; a file that is complete already is kept. */
  readonly resume?: boolean | undefined
  /** Number of connections at the same time. Default: 1. */
  readonly parallel?: number | undefined
  /** Keep data that does not match the image, in `PATH.part`. */
  readonly keepFailed?: boolean | undefined
}

/** Options of `waitFor`. */
export interface WaitForStatusOptions extends RequestOptions {
  /** Status to wait for. Default: `active`. */
  readonly until?: string | undefined
  /** Seconds to wait. Default: no limit. */
  readonly timeoutSeconds?: number | undefined
}

/** Filters, order and page size of a list. */
export interface ListOptions extends RequestOptions {
  /**
   * Every one must match: name, status, container_format, disk_format, min_ram, min_disk, is_public, protected,
   * size, size_min and size_max (bytes, or `1GiB`), created_at, updated_at and changes-since (ISO 8601, or `-30d`); on
   * version 2 also id, owner, visibility, member_status, tag (several separated by commas), os_hidden, checksum and
   * os_hash_value. Sizes and times are compared by `gte:`, `gt:`, `lte:` and `lt:`; two limits are a list:
   * `{created_at: ['gte:2026-01-01', 'lt:-7d']}`.
   */
  readonly filters?: FilterValues | undefined
  /** Custom properties that must match too. */
  readonly properties?: Readonly<Record<string, string>> | undefined
  /** Attribute to sort by. Default: `created_at`. */
  readonly sortKey?: SortKey | undefined
  /** Default: `desc`. */
  readonly sortDir?: SortDirection | undefined
  /** Instead of `sortKey`, several keys, with or without a direction: `name:asc,size:desc` (version 2 only). */
  readonly sort?: string | undefined
  /** Start after the image with this id. */
  readonly marker?: string | undefined
  /** Images per request. Default: 500. */
  readonly pageSize?: number | undefined
}

/**
 * The metadata of an image to add or change, checked as on the command line: booleans may be words (`on`, `false`, `0`).
 * Names of the wire (`disk_format`) are accepted too; any other key is refused.
 */
export type ImageMeta = Omit<Draft, 'properties' | Switch> & {
  readonly [Name in Switch]?: Draft[Name] | string | number
} & {
  readonly [Name in Attribute as Exclude<SnakeCase<Name>, Name>]?: Draft[Name] | string | number
} & {
  /** Custom properties. */
  readonly properties?: Readonly<Record<string, string | number | boolean>>
  /** What images had before they had formats: the formats follow from it. */
  readonly type?: 'kernel' | 'machine' | 'raw' | 'ramdisk'
}

type Switch = 'isPublic' | 'protected' | 'osHidden'
type Attribute = Exclude<keyof Draft, 'properties'>

/** `diskFormat` as `disk_format`. */
type SnakeCase<Text extends string> = Text extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `_${Lowercase<First>}`}${SnakeCase<Rest>}`
  : ''

/** An image by its id, its name or its `uri`; servers of 2011 have numbers as ids. */
export type ImageRef = string | number

/** A member to add: its id, or an object. Without `canShare`, an existing member keeps its own, and a new one may not. */
export type NewMember =
  | string
  | {readonly memberId: string; readonly canShare?: boolean | undefined}
  | {readonly member_id: string; readonly can_share?: boolean | undefined}
