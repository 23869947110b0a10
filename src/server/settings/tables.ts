/** Every operator setting of the service, in groups that are read where they are used. */
import {
  bytes,
  list,
  oneOf,
  type SettingTable,
  secret,
  text,
  textWithDefault,
  whole,
  yesNo,
} from './setting.js'

/** Which stores there are. */
export const STORES = {
  default_store: oneOf('Kind of the store when there is only one', ['file', 'swift', 's3'], 'file'),
  enabled_backends: list('Stores by name, each with its kind: fast:file, archive:swift'),
  default_backend: text('Name of the store for images whose store is not named'),
} satisfies SettingTable

/** Any store. */
export const ANY_STORE = {
  store_description: text('Description of the store for clients'),
} satisfies SettingTable

/** A store in a folder. */
export const FILE_STORE = {
  filesystem_store_datadir: text('Absolute path of the folder of the data'),
} satisfies SettingTable

/** A store in Swift. */
export const SWIFT_STORE = {
  swift_store_auth_version: textWithDefault('Version of the authentication: 1, 2 or 3', '3'),
  swift_store_auth_address: text('URL of the authentication service'),
  swift_store_user: text('User, as ACCOUNT:USER or PROJECT:USER'),
  swift_store_key: secret('Password or key of the user'),
  swift_store_user_domain_name: textWithDefault('Domain of the user', 'Default'),
  swift_store_project_domain_name: textWithDefault('Domain of the project', 'Default'),
  swift_store_region: text('Region of the endpoint'),
  swift_store_endpoint_type: textWithDefault('Interface of the endpoint in the catalog', 'publicURL'),
  swift_store_endpoint: text('URL of the storage account, in place of the one that the login returns'),
  swift_store_container: textWithDefault('Container of the data', 'glance'),
  swift_store_create_container_on_put: yesNo('Create the container if it does not exist', false),
  swift_store_large_object_size: whole('Size in MiB from which data is stored in segments', 5120, {min: 1}),
  swift_store_large_object_chunk_size: whole('Size in MiB of a segment', 200, {min: 1}),
  swift_store_cacert: text('File with certificates of authorities to trust'),
  swift_store_auth_insecure: yesNo('Do not verify certificates', false),
  swift_store_retry_get_count: whole('Number of times that a download which broke is continued', 5),
} satisfies SettingTable

/** A store in S3, or in a service that is compatible with it. */
export const S3_STORE = {
  s3_store_host: text('URL of the service'),
  s3_store_region_name: textWithDefault('Region', 'us-east-1'),
  s3_store_access_key: secret('Access key'),
  s3_store_secret_key: secret('Secret key'),
  s3_store_bucket: text('Bucket of the data'),
  s3_store_create_bucket_on_put: yesNo('Create the bucket if it does not exist', false),
  s3_store_bucket_url_format: oneOf('How requests name the bucket', ['auto', 'virtual', 'path'], 'auto'),
  s3_store_large_object_size: whole('Size in MiB from which data is sent in parts; above 12 as 12', 12, {
    min: 5,
  }),
  s3_store_large_object_chunk_size: whole('Size in MiB of a part; above 12 as 12', 10, {min: 5}),
  s3_store_cacert: text('File with certificates of authorities to trust'),
} satisfies SettingTable

/** Where callers are authenticated. */
export const KEYSTONE = {
  www_authenticate_uri: text('URL of Keystone for callers, in WWW-Authenticate'),
  auth_url: text('URL of Keystone for the service'),
  service_user: text('User of the service, which allows expired tokens of service requests'),
  service_password: secret('Password of that user'),
  service_project: textWithDefault('Project of that user', 'service'),
  service_user_domain: textWithDefault('Domain of that user', 'Default'),
  service_project_domain: textWithDefault('Domain of that project', 'Default'),
  service_token_roles: list('Roles that make a token a service token', ['service']),
  token_cache_time: whole('Seconds for which a validated token is not validated again', 300, {min: -1}),
  http_connect_timeout: whole('Seconds to wait for Keystone', 5, {min: 1}),
  delay_auth_decision: yesNo('Answer 401 in place of 503 when Keystone cannot be reached', false),
  cafile: text('File with certificates of authorities to trust'),
  insecure: yesNo('Do not verify certificates of Keystone', false),
} satisfies SettingTable

/** What callers may do. */
export const POLICY = {
  admin_role: textWithDefault('Role that makes a caller an administrator', 'admin'),
  owner_is_tenant: yesNo('Images belong to projects; false: to users', true),
  policy_file: text('File with rules in place of those of the service'),
} satisfies SettingTable

/** How much callers may store. */
export const QUOTAS = {
  image_size_cap: bytes('Largest size of an image in bytes; 0: without limit', 1024 ** 4),
  user_storage_quota: bytes('Bytes that a project may store, also as 10GB; 0: without limit', 0),
  image_count_total: whole('Images that a project may have; 0: without limit', 0),
  image_count_uploading: whole('Uploads that a project may have at a time; 0: without limit', 0),
} satisfies SettingTable

/** The database of the registry. */
export const REGISTRY = {
  sql_connection: secret('URL of the registry: sqlite:FILE or postgres://USER:PASSWORD@HOST/DATABASE'),
  sql_timeout: whole('Seconds to wait for the database', 5, {min: 1}),
  sql_pool_size: whole('Largest number of connections', 10, {min: 1}),
} satisfies SettingTable

/** Processes that share a registry. */
export const PROCESSES = {
  process_heartbeat: whole('Seconds between the heartbeats of a process', 5, {min: 1}),
  process_timeout: whole('Seconds without a heartbeat after which a process is dead', 30, {min: 2}),
} satisfies SettingTable

/** When data of deleted images is deleted. */
export const SCRUBBER = {
  delayed_delete: yesNo('Keep the data of deleted images for scrub_time', false),
  scrub_time: whole('Seconds for which the data of deleted images is kept', 0),
} satisfies SettingTable

/** All tables: the names are unique. */
export const ALL_SETTINGS: SettingTable = {
  ...STORES,
  ...ANY_STORE,
  ...FILE_STORE,
  ...SWIFT_STORE,
  ...S3_STORE,
  ...KEYSTONE,
  ...POLICY,
  ...QUOTAS,
  ...REGISTRY,
  ...PROCESSES,
  ...SCRUBBER,
}

/** Sections of files whose settings may also stand in [DEFAULT], under the same or another name. */
export const SECTION_ALIASES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  database: {connection: 'sql_connection', max_pool_size: 'sql_pool_size'},
  keystone_authtoken: {
    username: 'service_user',
    password: 'service_password',
    project_name: 'service_project',
    user_domain_name: 'service_user_domain',
    project_domain_name: 'service_project_domain',
  },
  glance_store: {},
  oslo_policy: {},
}
