/** Every operator setting of the service, from the tables of the groups that are read where they are used. */
import type {SettingTable} from './setting.js'
import {KEYSTONE, POLICY, PROTECTIONS, QUOTAS} from './tables/callers.js'
import {CORS, FRONT, SERVER_TLS} from './tables/front.js'
import {CONVERSION, IMPORT_FILTERS, IMPORT_PLUGINS, INJECTION, SIGNATURES} from './tables/imports.js'
import {MONITORING} from './tables/monitoring.js'
import {PROCESSES, REGISTRY, SCRUBBER} from './tables/registry.js'
import {REGISTRY_CLIENT, REGISTRY_TOKEN} from './tables/registry-server.js'
import {API, LOGS, SERVICE} from './tables/service.js'
import {ANY_STORE, FILE_STORE, S3_STORE, STORES, SWIFT_STORE} from './tables/stores.js'

/** Settings that belong together, in the order of samples and of help. */
export interface SettingGroup {
  /** Heading. */
  readonly title: string
  readonly settings: SettingTable
  /** Section of files that they are in, and that `SECTION_ALIASES` has; absent: `DEFAULT`. */
  readonly section?: string
  /** The registry server has them too. */
  readonly isForRegistry?: boolean
}

/** All groups: the names are unique. */
export const SETTING_GROUPS: readonly SettingGroup[] = [
  {title: 'The service', settings: SERVICE, isForRegistry: true},
  {title: 'The log', settings: LOGS, isForRegistry: true},
  {title: 'The API', settings: API},
  {title: 'Proxies and host names', settings: FRONT, isForRegistry: true},
  {title: 'TLS', settings: SERVER_TLS, isForRegistry: true},
  {title: 'Pages of other origins', section: 'cors', settings: CORS},
  {title: 'Health and metrics', settings: MONITORING},
  {title: 'The registry', settings: REGISTRY, isForRegistry: true},
  {title: 'The registry server in place of a database', settings: REGISTRY_CLIENT},
  {title: 'The registry server and its API servers', settings: REGISTRY_TOKEN, isForRegistry: true},
  {title: 'Processes that share a registry', settings: PROCESSES},
  {title: 'Deleted images', settings: SCRUBBER},
  {title: 'Stores', settings: STORES},
  {title: 'Any store', settings: ANY_STORE},
  {title: 'A store in a folder', settings: FILE_STORE},
  {title: 'A store in Swift', settings: SWIFT_STORE},
  {title: 'A store in S3', settings: S3_STORE},
  {title: 'Keystone', section: 'keystone_authtoken', settings: KEYSTONE},
  {title: 'Rights', settings: POLICY},
  {title: 'Protected properties', settings: PROTECTIONS},
  {title: 'Quotas', settings: QUOTAS},
  {title: 'URLs fetched for callers', section: 'import_filtering_opts', settings: IMPORT_FILTERS},
  {title: 'Signatures of images', settings: SIGNATURES},
  {title: 'Steps of imports', section: 'image_import_opts', settings: IMPORT_PLUGINS},
  {title: 'Conversion of imported images', section: 'image_conversion', settings: CONVERSION},
  {title: 'Properties of imported images', section: 'inject_metadata_properties', settings: INJECTION},
]

/** All settings by name. */
export const ALL_SETTINGS: SettingTable = Object.assign({}, ...SETTING_GROUPS.map(({settings}) => settings))

/** Sections of files whose settings may also stand in [DEFAULT], under the same or another name. */
export const SECTION_ALIASES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  DEFAULT: {log_config_append: 'log_config', logdir: 'log_dir', logfile: 'log_file'},
  database: {connection: 'sql_connection', max_pool_size: 'sql_pool_size'},
  keystone_authtoken: {
    username: 'service_user',
    password: 'service_password',
    project_name: 'service_project',
    user_domain_name: 'service_user_domain',
    project_domain_name: 'service_project_domain',
  },
  glance_store: {},
  image_format: {require_image_format_match: 'check_content'},
  oslo_policy: {},
  healthcheck: {detailed: 'healthcheck_detailed'},
  cors: {
    allowed_origin: 'cors_allowed_origin',
    allow_credentials: 'cors_allow_credentials',
    allow_methods: 'cors_allow_methods',
    allow_headers: 'cors_allow_headers',
    expose_headers: 'cors_expose_headers',
    max_age: 'cors_max_age',
  },
  paste_deploy: {flavor: 'auth'},
  image_conversion: {},
  image_import_opts: {},
  import_filtering_opts: {},
  inject_metadata_properties: {},
  oslo_messaging_notifications: {},
  oslo_messaging_rabbit: {},
  oslo_middleware: {},
}
