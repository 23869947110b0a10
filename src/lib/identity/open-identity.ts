/** Creates the identity that the settings require. */

import type {Identity} from './identity.js'
import {KeystoneIdentity, type KeystoneOptions} from './keystone/keystone-identity.js'
import {DEFAULT_ENDPOINT, type Settings} from './settings/settings.js'
import {anonymousIdentity, basicAuthIdentity, tokenIdentity, validateToken} from './static-identity.js'

/**
 * Creates an identity, which sends, reads and asks nothing before the first `session()`.
 * @throws Failure of kind usage for contradictory or incomplete settings
 */
export function openIdentity(settings: Settings, options: KeystoneOptions): Identity {
  const {authType, endpoint, values} = settings
  if (values.token) validateToken(values.token)
  if (values.accessToken) validateToken(values.accessToken)
  const serviceEndpoint = endpoint ?? DEFAULT_ENDPOINT
  switch (authType.value) {
    case 'none':
      return anonymousIdentity(serviceEndpoint)
    case 'admin_token':
      return tokenIdentity(serviceEndpoint, settings)
    case 'http_basic':
      return basicAuthIdentity(serviceEndpoint, settings)
    default:
      return new KeystoneIdentity(settings, options)
  }
}
