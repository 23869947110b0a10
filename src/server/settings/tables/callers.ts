/** Settings of the callers: who they are, what they may do, and how much. */
import {
  bytes,
  list,
  oneOf,
  reloaded,
  type SettingTable,
  seconds,
  secret,
  text,
  textWithDefault,
  whole,
  yesNo,
} from '../setting.js'

/** Where callers are authenticated. */
export const KEYSTONE = reloaded({
  www_authenticate_uri: text('URL of Keystone for callers, in WWW-Authenticate'),
  auth_url: text('URL of Keystone for the service'),
  service_user: text('User of the service, which allows expired tokens of service requests'),
  service_password: secret('Password of that user'),
  service_project: textWithDefault('Project of that user', 'service'),
  service_user_domain: textWithDefault('Domain of that user', 'Default'),
  service_project_domain: textWithDefault('Domain of that project', 'Default'),
  service_token_roles: list('Roles that make a token a service token', ['service']),
  token_cache_time: whole('Seconds for which a validated token is not validated again', 300, {min: -1}),
  http_connect_timeout: seconds('Seconds to wait for Keystone', 5),
  delay_auth_decision: yesNo('Answer 401 in place of 503 when Keystone cannot be reached', false),
  cafile: text('File with certificates of authorities to trust'),
  insecure: yesNo('Do not verify certificates of Keystone', false),
} satisfies SettingTable)

/** What callers may do. */
export const POLICY = reloaded({
  admin_role: textWithDefault('Role that makes a caller an administrator', 'admin'),
  owner_is_tenant: yesNo('Images belong to projects; false: to users', true),
  policy_file: text('File with rules in place of those of the service'),
} satisfies SettingTable)

/** What callers may do with properties of images. */
export const PROTECTIONS = reloaded({
  property_protection_file: text('File that says who may create, read, update and delete properties'),
  property_protection_rule_format: oneOf('What that file names', ['roles', 'policies'], 'roles'),
} satisfies SettingTable)

/** How much callers may store. */
export const QUOTAS = reloaded({
  image_size_cap: bytes('Largest size of an image in bytes; 0: without limit', 1024 ** 4),
  user_storage_quota: bytes('Bytes that a project may store, also as 10GB; 0: without limit', 0),
  image_count_total: whole('Images that a project may have; 0: without limit', 0),
  image_count_uploading: whole('Uploads that a project may have at a time; 0: without limit', 0),
} satisfies SettingTable)
