/** Identities without a login: nobody, a ready token, or name and password with every request. */
import {parseServiceBase, requireSupportedVersion} from '../http/service-base.js'
import {usageError} from '../model/errors.js'
import type {Identity, Session} from './identity.js'
import {settingAdvice} from './keystone/credentials.js'
import type {Setting} from './setting-table.js'
import type {Settings} from './settings/settings.js'

/** For services that ask nobody who he is. */
export function anonymousIdentity(endpoint: Setting): Identity {
  return staticIdentity(endpoint, {})
}

/**
 * For a token as another program got it from the Identity service.
 * @throws Failure of kind usage for what cannot be a token
 */
export function tokenIdentity(endpoint: Setting, {values, cloud}: Settings): Identity {
  const {token, projectId} = values
  if (!token) {
    throw usageError('there is no token', {
      advice: `${settingAdvice(['token'], cloud?.value)}, or give --os-auth-token.`,
    })
  }
  return staticIdentity(endpoint, {'x-auth-token': validateToken(token)}, projectId)
}

/** For services that check name and password by themselves (RFC 7617). */
export function basicAuthIdentity(endpoint: Setting, {values, cloud}: Settings): Identity {
  const {username, password, projectId} = values
  if (!username || !password) {
    throw usageError('HTTP Basic authentication takes a user name and a password', {
      advice: `${settingAdvice(['username', 'password'], cloud?.value)}.`,
    })
  }
  if (username.value.includes(':')) {
    throw usageError('the user name has a colon in it', {
      why: `HTTP Basic authentication does not allow it; it comes from ${username.from}`,
    })
  }
  const encoded = Buffer.from(`${username.value}:${password.value}`).toString('base64')
  return staticIdentity(endpoint, {authorization: `Basic ${encoded}`}, projectId)
}

/**
 * A token that can travel in a header.
 * @throws Failure of kind usage for one that cannot; it is not repeated in the message
 */
export function validateToken({value, from}: Setting): string {
  if (/^[\x21-\x7e]+$/.test(value)) return value
  throw usageError('the token cannot be used', {
    why: `it has blanks, line breaks or characters outside ASCII in it; it comes from ${from}`,
  })
}

function staticIdentity(
  endpoint: Setting,
  headers: Readonly<Record<string, string>>,
  projectId?: Setting,
): Identity {
  const {url, version} = parseServiceBase(endpoint.value, endpoint)
  let session: Session = {
    headers,
    endpoint: url,
    ...(version && {apiVersion: requireSupportedVersion(version, endpoint.value, endpoint.from)}),
    ...(projectId && {projectId: projectId.value}),
  }
  return {
    session: async () => session,
    renew: async () => undefined,
    rememberApiVersion: async apiVersion => {
      session = {apiVersion, ...session}
    },
  }
}
