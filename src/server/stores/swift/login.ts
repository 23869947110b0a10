/** Logs in to Swift: with its own authentication (version 1), or with Keystone (versions 2 and 3). */
import type {Send} from '../../../lib/http/message.js'
import type {Catalog} from '../../../lib/identity/keystone/catalog.js'
import type {Credentials, EntityRef} from '../../../lib/identity/keystone/credentials.js'
import type {LoginDescription} from '../../../lib/identity/keystone/describe-login.js'
import {Failure, isFailure, usageError} from '../../../lib/model/errors.js'

/** A token, and the URL of the account. */
export interface SwiftLogin {
  readonly token: string
  readonly url: string
}

/** Who logs in, and where. */
export interface SwiftCredentials {
  readonly version: 1 | 2 | 3
  /** URL of the authentication service. */
  readonly address: string
  /** `ACCOUNT:USER`, or `PROJECT:USER`. */
  readonly user: string
  readonly key: string
  /** Names, for version 3. */
  readonly userDomain: string
  readonly projectDomain: string
  readonly region: string | undefined
  /** `publicURL`, or `public`. */
  readonly interface: string
  /** URL of the account, in place of the one that the login returns. */
  readonly endpoint: string | undefined
}

const CHECK_USER = 'Check swift_store_user and swift_store_key (GLANCE_SWIFT_STORE_KEY).'
const CHECK_ADDRESS =
  'Check swift_store_auth_address (http:// or https:// too) and swift_store_auth_version (3 and 2: Keystone, 1: Swift itself).'

/**
 * Logs in.
 * @param send without a token
 * @throws Failure `denied` for a wrong user or key, `unavailable` when the service does not answer, `usage` for a wrong
 *   address, and when the user has no account
 */
export async function logIn(send: Send, credentials: SwiftCredentials): Promise<SwiftLogin> {
  const run = credentials.version === 1 ? logInV1 : logInKeystone
  const {token, url} = await run(send, credentials).catch(error => {
    throw needsAdvice(error) ? error.with({advice: CHECK_ADDRESS}) : error
  })
  const account = credentials.endpoint ?? url
  if (account && URL.canParse(account)) return {token, url: account.replace(/\/+$/, '')}
  throw usageError('the login to Swift returned no URL of an account', {advice: CHECK_ADDRESS})
}

/** True where the server may be another one: it breaks off, or does not answer as this version of Keystone does. */
function needsAdvice(error: unknown): error is Failure {
  return isFailure(error, 'usage') || (isFailure(error) && error.advice === undefined)
}

type LoginResult = {readonly token: string; readonly url: string | undefined}

async function logInV1(send: Send, {address, user, key}: SwiftCredentials): Promise<LoginResult> {
  const headers = {'x-auth-user': user, 'x-auth-key': key}
  const reply = await send({method: 'GET', url: address, headers})
  await reply.discard()
  const {status} = reply
  if (status === 401 || status === 403) {
    throw new Failure('denied', `Swift rejected user '${user}'`, {
      why: `it answered ${status}`,
      advice: CHECK_USER,
    })
  }
  const token = reply.headers.get('x-auth-token')
  if (status >= 200 && status < 300 && token) return {token, url: reply.headers.get('x-storage-url')}
  const kind = status >= 500 ? 'unavailable' : 'usage'
  throw new Failure(kind, `cannot log in to Swift at ${address}`, {
    why: `it answered ${status}${status < 300 ? ' without a token' : ''}`,
    advice: CHECK_ADDRESS,
  })
}

async function logInKeystone(send: Send, credentials: SwiftCredentials): Promise<LoginResult> {
  const {version, address, user, key, userDomain, projectDomain} = credentials
  const [, project = '', name = ''] = /^([^:]+):(.+)$/.exec(user) ?? []
  const refer = (entity: string, domain: string): EntityRef => ({name: entity, domain: {name: domain}})
  const login: Credentials = {
    authUrl: address,
    version: version === 2 ? 2 : 3,
    method: {kind: 'password', user: refer(name, userDomain), password: key},
    scope: {kind: 'project', project: refer(project, projectDomain)},
  }
  const description: LoginDescription = {
    subject: `user '${name}' for project '${project}'`,
    hint: `${CHECK_USER} Check swift_store_user_domain_name and swift_store_project_domain_name.`,
    authUrlFrom: 'swift_store_auth_address',
    method: 'password',
    secrets: [key],
  }
  const {token, catalog} = await loadLogin(version).then(run => run(send, login, description))
  return {token, url: credentials.endpoint ?? findAccount(catalog, credentials)}
}

async function loadLogin(version: number) {
  if (version === 2) return (await import('../../../lib/identity/keystone/login-v2.js')).logInV2
  return (await import('../../../lib/identity/keystone/login-v3.js')).logInV3
}

/** @throws Failure `usage` when the catalog has no account of Swift for the user, or several */
function findAccount(catalog: Catalog, {region, interface: name}: SwiftCredentials): string {
  const wanted = name.replace(/URL$/, '')
  const endpoints = catalog.filter(({type}) => type === 'object-store')
  const matches = endpoints.filter(
    endpoint => endpoint.interface === wanted && (region === undefined || endpoint.region === region),
  )
  const [first] = matches
  if (first && matches.every(({url}) => url === first.url)) return first.url
  const choices = endpoints.map(endpoint => `${endpoint.interface} in ${endpoint.region || '(no region)'}`)
  throw usageError(
    first ? 'Swift is in several regions' : `Keystone has no endpoint '${wanted}' of Swift for the user`,
    {
      why: `its endpoints of type object-store are: ${choices.join(', ') || 'none'}`,
      advice: 'Set swift_store_region, swift_store_endpoint_type or swift_store_endpoint.',
    },
  )
}
