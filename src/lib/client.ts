/** The entry of the library: what `import ... from 'glance-cli'` gives. */
export type {ByteRange, ImageData} from './api/image-api.js'
export type {QuotaUsage, ServiceStore, ServiceTask} from './api/service-operations.js'
export type {DeviceLogin} from './identity/oidc/oidc-client.js'
export {Client} from './library/client.js'
export type {Data} from './library/data-input.js'
export type {ImageList} from './library/image-list.js'
export type {Operations} from './library/operations/operations.js'
export type {
  ClientOptions,
  CloudOptions,
  DataOptions,
  ImageMeta,
  ImageRef,
  ImageUpdateOptions,
  ListOptions,
  Logger,
  NewMember,
  ReadOptions,
  RequestOptions,
  SaveFileOptions,
  SharedOptions,
  StagingOptions,
  StoreWaitOptions,
  TlsFiles,
  TransferState,
  UploadOptions,
  WaitForStatusOptions,
} from './library/options.js'
export type {ImageWithData} from './library/read.js'
export type {Draft} from './model/draft.js'
export {Failure, type FailureCode, type FailureKind, isFailure} from './model/errors.js'
export type {
  Image,
  ImageSummary,
  ImportSource,
  Member,
  MemberStatus,
  Page,
  RemoteImage,
  SharedImage,
} from './model/image.js'
export type {SortDirection, SortKey} from './model/list-query.js'
export type {ReachedState} from './work/changes/wait.js'
