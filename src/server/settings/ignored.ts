/** Settings and sections of the original that mean nothing here. They are ignored, each with a line that says why. */

const OTHER_STORES = 'the stores are file, swift, s3 and http'

/** Why settings are ignored. */
const SETTINGS: readonly (readonly [name: RegExp, reason: string])[] = [
  [/^workers$/, 'the service is one process; start several on one registry in its place'],
  [/^worker_self_reference_url$/, 'services that share a registry know each other by it'],
  [
    /^(?:backlog|tcp_keepidle|client_socket_timeout|http_keepalive)$/,
    'the service decides about connections',
  ],
  [/^(?:max_header_line|max_request_id_length)$/, 'the service has limits of its own'],
  [/^(?:enable_v[12]_(?:api|registry)|data_api)$/, 'all versions of the API are served'],
  [/^enabled_import_methods$/, 'all methods are enabled; a policy forbids imports'],
  [/^show_image_direct_url$/, 'show_multiple_locations exposes locations'],
  [/^allow_additional_image_properties$/, 'images may have properties of their own'],
  [/^metadata_encryption_key$/, 'locations contain no logins'],
  [/^node_staging_uri$/, 'staged data is in the data directory, or in the default store'],
  [/^image_cache_|^cache_prefetcher_/, 'this service has no cache of images'],
  [
    /^(?:scrubber_datadir|cleanup_scrubber|wakeup_time|daemon|scrub_pool_size)$/,
    'each service scrubs by itself',
  ],
  [/^stores$/, 'default_store or enabled_backends choose the stores'],
  [/^(?:rbd_|rados_|cinder_|vmware_|rootwrap_)/, OTHER_STORES],
  [/^(?:default_swift_reference|swift_store_config_file)$/, 'swift_store_user and others are the login'],
  [/^swift_store_(?:multi_|admin_|use_trusts)/, 'all data is in one account and one container'],
  [/^(?:swift|s3).*_(?:buffer|upload_buffer)_/, 'data is not buffered on a disk'],
  [/^filesystem_store_datadirs$/, 'enabled_backends names several folders in its place'],
  [
    /^filesystem_(?:store_(?:metadata_file|file_perm|chunk_size)|thin_)/,
    'the service decides how it writes files',
  ],
  [/^(?:use_(?:syslog|journal|stderr|eventlog)|syslog_)/, 'the log goes to a file or to an output'],
  [/^(?:watch_log_file|(?:max_)?log(?:file|_rotat\w+)_?\w*)$/, 'the log file may be moved at any time'],
  [/^use_json$/, 'log_format = json asks for JSON'],
  [/^(?:logging_|instance_|default_log_levels|rate_limit_)/, 'lines of the log have a form of their own'],
  [/^flavor$/, 'it belongs to [paste_deploy]'],
  [/^(?:config_file|config_path|config_dir)$/, 'there are no pipelines of filters'],
  [/^memcache/, 'each service remembers tokens by itself'],
  [/^(?:auth_type|auth_version|region_name)$/, 'Keystone is asked at auth_url, by its API v3'],
  [/^(?:enforce_scope|enforce_new_defaults|enforce_secure_rbac)$/, 'the rules are those of the new defaults'],
]

const NO_SETTINGS = 'this service has no such settings'

/** Why whole sections are ignored. */
const SECTIONS: readonly (readonly [name: RegExp, reason: string])[] = [
  [
    /^(?:pipeline|app|filter|composite):/,
    'there are no pipelines of filters; flavor = keystone in [paste_deploy] asks for authentication',
  ],
  [/^glance\.store\./, 'settings of stores belong to [DEFAULT], or to the section of a store'],
  [/^(?:cinder|file|rbd|swift|s3|vmware)$/, 'enabled_backends names no such store'],
  [
    /^(?:barbican|barbican_service_user|key_manager|os_brick|privsep|profiler|service_user|vault)$/,
    NO_SETTINGS,
  ],
  [/^oslo_(?:concurrency|limit|reports|messaging_(?:amqp|kafka))$/, NO_SETTINGS],
  [/^(?:store_type_location_strategy|task|taskflow_executor|wsgi)$/, NO_SETTINGS],
]

/** Why a setting is ignored; undefined for one that is not known. */
export function explainIgnoredSetting(name: string): string | undefined {
  return SETTINGS.find(([pattern]) => pattern.test(name))?.[1]
}

/** Why a section is ignored; undefined for one that is not known. */
export function explainIgnoredSection(name: string): string | undefined {
  return SECTIONS.find(([pattern]) => pattern.test(name))?.[1]
}
