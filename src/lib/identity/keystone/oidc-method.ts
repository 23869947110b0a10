/** Reads the settings of a login at an OpenID Connect provider, by the names that keystoneauth gives them. */
import {usageError} from '../../model/errors.js'
import type {OidcClient} from '../oidc/oidc-client.js'
import type {Setting, SettingName, SettingValues} from '../setting-table.js'
import type {AuthType} from '../settings/auth-type.js'
import {missingSettingError} from './missing-setting.js'

/** The names by which Keystone knows a provider. */
export interface Federation {
  readonly identityProvider: string
  readonly protocol: string
}

/** Proof of identity by a provider that Keystone trusts. */
export type OidcMethod =
  /** A person confirms the login at the provider, which then issues an access token. */
  | {readonly kind: 'oidc_device'; readonly federation: Federation; readonly client: OidcClient}
  | {readonly kind: 'oidc_token'; readonly federation: Federation; readonly accessToken: string}

type OidcAuthType = 'v3oidcdeviceauthz' | 'v3oidcaccesstoken'

/** True for the methods of this file. */
export function isOidcAuthType(authType: AuthType): authType is OidcAuthType {
  return authType === 'v3oidcdeviceauthz' || authType === 'v3oidcaccesstoken'
}

/** What keystoneauth requests by default. */
const DEFAULT_SCOPE = 'openid profile'

/** @throws Failure of kind usage for a missing or invalid setting */
export function oidcMethodFrom(
  authType: OidcAuthType,
  values: SettingValues,
  cloud: string | undefined,
): OidcMethod {
  const require = (name: SettingName, what: string): string => {
    const value = values[name]?.value
    if (value === undefined) throw missingSettingError(name, what, cloud)
    return value
  }
  const federation = {
    identityProvider: require('identityProvider', 'the name of the identity provider'),
    protocol: require('protocol', 'the protocol of the identity provider'),
  }
  if (authType === 'v3oidcaccesstoken') {
    return {kind: 'oidc_token', federation, accessToken: require('accessToken', 'an access token')}
  }
  const id = require('clientId', 'a client id')
  if (!values.deviceAuthorizationEndpoint || !values.accessTokenEndpoint) {
    require('discoveryEndpoint', 'the discovery endpoint of the identity provider')
  }
  return {kind: 'oidc_device', federation, client: clientFrom(id, values)}
}

function clientFrom(id: string, values: SettingValues): OidcClient {
  const {clientSecret, openidScope, discoveryEndpoint, deviceAuthorizationEndpoint, accessTokenEndpoint} =
    values
  return {
    id,
    secret: clientSecret?.value,
    scope: openidScope?.value ?? DEFAULT_SCOPE,
    discoveryEndpoint: parseUrl('discovery endpoint', discoveryEndpoint),
    deviceAuthorizationEndpoint: parseUrl('device authorization endpoint', deviceAuthorizationEndpoint),
    accessTokenEndpoint: parseUrl('access token endpoint', accessTokenEndpoint),
    codeChallengeMethod: parseChallengeMethod(values.codeChallengeMethod),
  }
}

function parseUrl(what: string, setting: Setting | undefined): string | undefined {
  if (!setting) return undefined
  if (URL.canParse(setting.value) && /^https?:/.test(setting.value)) return setting.value
  throw usageError(`the ${what} is not an http or https URL`, {why: `it comes from ${setting.from}`})
}

function parseChallengeMethod(setting: Setting | undefined): 'S256' | 'plain' | undefined {
  if (!setting || setting.value === 'S256' || setting.value === 'plain') return setting?.value as 'S256'
  throw usageError(`invalid code challenge method '${setting.value}': expected S256 or plain`, {
    why: `it comes from ${setting.from}`,
  })
}
