/** Selects the authentication method. */
import {usageError} from '../../model/errors.js'
import type {Setting, SettingName, SettingValues} from '../setting-table.js'

/** Authentication methods by their names in OpenStack. */
export type AuthType =
  | 'none'
  | 'admin_token'
  | 'http_basic'
  | 'v2password'
  | 'v2token'
  | 'v3password'
  | 'v3token'
  | 'v3totp'
  | 'v3oidcdeviceauthz'
  | 'v3oidcaccesstoken'
  | 'v3applicationcredential'

/** Methods by the names that the settings accept; `password` and `token` leave the version of Keystone open. */
const AUTH_TYPE_NAMES: Readonly<Record<string, AuthType | 'password' | 'token'>> = {
  none: 'none',
  noauth: 'none',
  admin_token: 'admin_token',
  token_endpoint: 'admin_token',
  http_basic: 'http_basic',
  password: 'password',
  keystone: 'password',
  v2password: 'v2password',
  v3password: 'v3password',
  token: 'token',
  v2token: 'v2token',
  v3token: 'v3token',
  v3totp: 'v3totp',
  totp: 'v3totp',
  v3oidcdeviceauthz: 'v3oidcdeviceauthz',
  v3oidcaccesstoken: 'v3oidcaccesstoken',
  v3applicationcredential: 'v3applicationcredential',
  application_credential: 'v3applicationcredential',
}

const DOMAIN_SETTINGS: readonly SettingName[] = [
  'userDomainName',
  'userDomainId',
  'projectDomainName',
  'projectDomainId',
  'domainName',
  'domainId',
  'systemScope',
]

/**
 * The method that the settings name, else the one that fits their other values, else `none`.
 * @param isCloudNamed a cloud is named, so that there is a service to log in to
 * @throws Failure of kind usage for an unsupported method
 */
export function chooseAuthType(values: SettingValues, isCloudNamed: boolean): Setting<AuthType> {
  const {value, from} = chooseMethod(values, isCloudNamed)
  if (value !== 'password' && value !== 'token') return {value, from}
  return {value: `${isKeystoneV2(values) ? 'v2' : 'v3'}${value}`, from}
}

function chooseMethod(
  values: SettingValues,
  isCloudNamed: boolean,
): Setting<AuthType | 'password' | 'token'> {
  const {authType, authStrategy, applicationCredentialId, applicationCredentialName, token, authUrl} = values
  if (authType) return {value: parseAuthType(authType), from: authType.from}
  if (authStrategy?.from.startsWith('--') && parseAuthType(authStrategy) === 'none') {
    return {value: 'none', from: authStrategy.from}
  }
  const credential = applicationCredentialId ?? applicationCredentialName
  if (credential) return {value: 'v3applicationcredential', from: credential.from}
  if (token) return {value: canLogIn(values) ? 'token' : 'admin_token', from: token.from}
  if (authUrl) return {value: 'password', from: authUrl.from}
  if (authStrategy) return {value: parseAuthType(authStrategy), from: authStrategy.from}
  return {value: isCloudNamed ? 'password' : 'none', from: 'default'}
}

/** False if the address of the Image service is given, because a token then needs no login. */
function canLogIn({authUrl, endpointOverride, endpoint}: SettingValues): boolean {
  return authUrl !== undefined && !endpointOverride && !endpoint
}

function parseAuthType({value, from}: Setting): AuthType | 'password' | 'token' {
  const type = AUTH_TYPE_NAMES[value.toLowerCase()]
  if (type) return type
  throw usageError(`unsupported authentication method '${value}'`, {
    why: `it comes from ${from}`,
    advice: `Choose from ${Object.keys(AUTH_TYPE_NAMES).join(', ')}.`,
  })
}

/** Domains exist since version 3, so one that is given overrides an old URL. */
function isKeystoneV2(values: SettingValues): boolean {
  const url = values.authUrl?.value.replace(/\/+$/, '') ?? ''
  if (url.endsWith('/v3')) return false
  if (values.identityApiVersion) return /^v?2/.test(values.identityApiVersion.value)
  return url.endsWith('/v2.0') && !DOMAIN_SETTINGS.some(name => values[name])
}
