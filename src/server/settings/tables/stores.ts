/** Settings of the stores of data. */
import {
  oneOf,
  type Setting,
  type SettingTable,
  secret,
  text,
  textWithDefault,
  whole,
  yesNo,
} from '../setting.js'
import {type ListedStore, parseStoreList} from '../store-list.js'

const ENABLED: Setting<readonly ListedStore[]> = {
  help: 'Stores by name, each with its kind: fast:file, archive:swift',
  default: [],
  expected: 'a list of NAME:KIND, separated by commas',
  parse: parseStoreList,
}

/** Which stores there are. */
export const STORES = {
  default_store: oneOf('Kind of the store when there is only one', ['file', 'swift', 's3'], 'file'),
  enabled_backends: ENABLED,
  default_backend: text('Name of the store for images whose store is not named'),
  hashing_algorithm: oneOf('Algorithm of os_hash_value', ['sha256', 'sha384', 'sha512'], 'sha512'),
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
