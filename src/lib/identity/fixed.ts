/** Identities without a login: nobody, a ready token, or name and password with every request. */
import {serviceBase, spoken} from '../http/service-base.js'
import {usageError} from '../model/errors.js'
import {howToSet} from './credentials.js'
import type {Identity, Session} from './identity.js'
import type {Setting} from './setting-table.js'
import type {Settings} from './settings.js'

/** For services that ask nobody who he is. */
export function anonymous(endpoint: Setting): Identity {
  return fixed(endpoint, {})
}

/**
 * For a token as another program got it from the Identity service.
 * @throws Failure of kind usage for what cannot be a token
 */
export function tokenHolder(endpoint: Setting, {values, cloud}: Settings): Identity {
  const {token, projectId} = values
  if (!token) {
    throw usageError('there is no token', {
      advice: `${howToSet(['token'], cloud?.value)}, or give --os-auth-token.`,
    })
  }
  return fixed(endpoint, {'x-auth-token': checkedToken(token)}, projectId)
}

/** For services that check name and password by themselves (RFC 7617). */
export function basicUser(endpoint: Setting, {values, cloud}: Settings): Identity {
  const {username, password, projectId} = values
  if (!username || !password) {
    throw usageError('HTTP Basic authentication takes a user name and a password', {
      advice: `${howToSet(['username', 'password'], cloud?.value)}.`,
    })
  }
  if (username.value.includes(':')) {
    throw usageError('the user name has a colon in it', {
      why: `HTTP Basic authentication does not allow it; it comes from ${username.from}`,
    })
  }
  const proof = Buffer.from(`${username.value}:${password.value}`).toString('base64')
  return fixed(endpoint, {authorization: `Basic ${proof}`}, projectId)
}

/**
 * A token that can travel in a header.
 * @throws Failure of kind usage for one that cannot; it is not repeated in the message
 */
export function checkedToken({value, from}: Setting): string {
  if (/^[\x21-\x7e]+$/.test(value)) return value
  throw usageError('the token cannot be used', {
    why: `it has blanks, line breaks or characters outside ASCII in it; it comes from ${from}`,
  })
}

function fixed(endpoint: Setting, headers: Readonly<Record<string, string>>, projectId?: Setting): Identity {
  const {url, version} = serviceBase(endpoint.value, endpoint)
  let session: Session = {
    headers,
    endpoint: url,
    ...(version && {apiVersion: spoken(version, endpoint.value, endpoint.from)}),
    ...(projectId && {projectId: projectId.value}),
  }
  return {
    session: async () => session,
    renew: async () => undefined,
    remember: async apiVersion => {
      session = {apiVersion, ...session}
    },
  }
}
