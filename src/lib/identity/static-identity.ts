/** Identities without a login: anonymous, a ready token, or user name and password with every request. */
import {parseServiceBase, requireSupportedVersion} from '../http/service-base.js'
import {usageError} from '../model/errors.js'
import type {Identity, Session} from './identity.js'
import {settingAdvice} from './keystone/missing-setting.js'
import type {Setting} from './setting-table.js'
import type {Settings} from './settings/settings.js'

/** Identity for services without authentication. */
export function anonymousIdentity(endpoint: Setting): Identity {
  return staticIdentity(endpoint, {})
}

/**
 * Identity with a token that another program obtained from the Identity service.
 * @throws Failure of kind usage for a missing or invalid token
 */
export function tokenIdentity(endpoint: Setting, {values, cloud}: Settings): Identity {
  const {token, projectId} = values
  if (!token) {
    throw usageError('a token is required', {
      advice: `${settingAdvice(['token'], cloud?.value)}, or give --os-auth-token.`,
    })
  }
  return staticIdentity(endpoint, {'x-auth-token': validateToken(token)}, projectId)
}

/**
 * Identity for services that check user name and password themselves (RFC 7617).
 * @throws Failure of kind usage for a missing user name or password, and for a user name with a colon
 */
export function basicAuthIdentity(endpoint: Setting, {values, cloud}: Settings): Identity {
  const {username, password, projectId} = values
  if (!username || !password) {
    throw usageError('HTTP Basic authentication requires a user name and a password', {
      advice: `${settingAdvice(['username', 'password'], cloud?.value)}.`,
    })
  }
  if (username.value.includes(':')) {
    throw usageError('the user name contains a colon', {
      why: `HTTP Basic authentication does not allow it; it comes from ${username.from}`,
    })
  }
  const encoded = Buffer.from(`${username.value}:${password.value}`).toString('base64')
  return staticIdentity(endpoint, {authorization: `Basic ${encoded}`}, projectId)
}

/**
 * Returns a token that can be sent in a header.
 * @throws Failure of kind usage for any other; the message does not repeat it
 */
export function validateToken({value, from}: Setting): string {
  if (/^[\x21-\x7e]+$/.test(value)) return value
  throw usageError('invalid token', {
    why: `it contains blanks, line breaks or characters outside ASCII; it comes from ${from}`,
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
    findProject: async () => ({kind: 'as-given'}),
    rememberApiVersion: async (apiVersion, apiMinor) => {
      if (session.apiVersion === undefined)
        session = {...session, apiVersion, ...(apiMinor !== undefined && {apiMinor})}
    },
  }
}
