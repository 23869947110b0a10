/** Picks the identity that the settings ask for. */
import {anonymous, basicUser, checkedToken, tokenHolder} from './fixed.js'
import type {Identity} from './identity.js'
import {KeystoneIdentity, type KeystoneParts} from './keystone.js'
import {PLAIN_SERVICE, type Settings} from './settings.js'

/**
 * Nothing is sent, read or asked before the first `session()`.
 * @throws Failure of kind usage for settings that contradict each other, or are not enough
 */
export function openIdentity(settings: Settings, parts: KeystoneParts): Identity {
  const {authType, endpoint, values} = settings
  if (values.token) checkedToken(values.token)
  const service = endpoint ?? PLAIN_SERVICE
  switch (authType.value) {
    case 'none':
      return anonymous(service)
    case 'admin_token':
      return tokenHolder(service, settings)
    case 'http_basic':
      return basicUser(service, settings)
    default:
      return new KeystoneIdentity(settings, parts)
  }
}
