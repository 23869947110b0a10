/** Every operator setting of the service, from the tables of the groups that are read where they are used. */
import type {SettingTable} from './setting.js'
import {KEYSTONE, POLICY, QUOTAS} from './tables/callers.js'
import {IMPORT_FILTERS} from './tables/imports.js'
import {NOTIFICATIONS, RABBIT} from './tables/notifications.js'
import {PROCESSES, REGISTRY, SCRUBBER} from './tables/registry.js'
import {ANY_STORE, FILE_STORE, S3_STORE, STORES, SWIFT_STORE} from './tables/stores.js'

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
  ...NOTIFICATIONS,
  ...RABBIT,
  ...IMPORT_FILTERS,
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
  oslo_messaging_notifications: {
    driver: 'notification_driver',
    topics: 'notification_topics',
    transport_url: 'notification_transport_url',
  },
  oslo_messaging_rabbit: {ssl: 'rabbit_use_ssl', ssl_ca_file: 'rabbit_ca_file'},
  import_filtering_opts: {},
}
