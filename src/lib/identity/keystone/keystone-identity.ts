/** Identity of a user who logs in to Keystone, and reuses the token while it is valid. */
import type {Send} from '../../http/message.js'
import {parseServiceBase, requireSupportedVersion} from '../../http/service-base.js'
import {usageError} from '../../model/errors.js'
import type {ApiVersion, Identity, ProjectLookup, Session, SessionOptions} from '../identity.js'
import type {DeviceLoginOptions} from '../oidc/oidc-client.js'
import type {Settings} from '../settings/settings.js'
import {type CachedToken, cacheKey, type TokenCache} from '../token-cache.js'
import {selectEndpoint} from './catalog.js'
import {type AuthMethod, type Credentials, credentialsFrom, type EntityRef} from './credentials.js'
import {describeLogin, describeProvider} from './describe-login.js'
import type {Login} from './login.js'
import {logInFederated} from './login-federated.js'
import {logInV2} from './login-v2.js'
import {logInV3} from './login-v3.js'
import {settingAdvice} from './missing-setting.js'
import type {OidcMethod} from './oidc-method.js'

/** Dependencies of the identity. */
export interface KeystoneOptions {
  /** Sends requests to the Identity service. */
  readonly send: Send
  readonly cache: TokenCache
  /** Asks for a password that is not set; absent without a terminal. Returns undefined for no answer. */
  readonly askSecret?: ((question: string) => Promise<string | undefined>) | undefined
  /** For logins that a person confirms in a browser. */
  readonly deviceLogins?: DeviceLoginOptions | undefined
  /** The time in milliseconds, for tests. */
  readonly now?: (() => number) | undefined
}

/** A token with less time left is not used any more: it could expire in transit. */
const MIN_REMAINING_SECONDS = 120

/** Part of its lifetime with which a token is used in any case: the cloud issues none that live longer. */
const FRESH_FRACTION = 0.9

/** A method with its secret. */
type ProvenMethod = Exclude<AuthMethod, OidcMethod & {readonly kind: 'oidc_device'}>

/** A token, which is never cached in a file if its expiry is unknown. */
type HeldToken = Omit<CachedToken, 'expiresAt'> & {readonly expiresAt?: Date}

/** An identity with one token at a time; concurrent calls share one login. */
export class KeystoneIdentity implements Identity {
  readonly #settings: Settings
  readonly #credentials: Credentials<AuthMethod>
  readonly #options: KeystoneOptions
  readonly #cacheKey: () => string
  #current: HeldToken | undefined
  /** Rejected by the service: not used again, even if its file cannot be removed. */
  #rejected: HeldToken | undefined
  #pending: Promise<HeldToken> | undefined

  /** @throws Failure of kind usage for settings that do not suffice to log in */
  constructor(settings: Settings, options: KeystoneOptions) {
    this.#settings = settings
    this.#credentials = credentialsFrom(settings)
    this.#options = options
    let key: string | undefined
    this.#cacheKey = () => (key ??= toCacheKey(settings, this.#credentials))
  }

  async session({lifeSeconds = 0}: SessionOptions = {}): Promise<Session> {
    const seconds = Math.max(lifeSeconds, MIN_REMAINING_SECONDS)
    if (this.#current && this.#isUsable(this.#current, seconds)) return toSession(this.#current)
    this.#pending ??= this.#obtainToken(seconds).finally(() => {
      this.#pending = undefined
    })
    return toSession(await this.#pending)
  }

  async renew(): Promise<Session> {
    this.#rejected = this.#current ?? this.#rejected
    this.#current = undefined
    await this.#options.cache.drop(this.#cacheKey(), this.#rejected?.token ?? '')
    return this.session()
  }

  async findProject(nameOrId: string): Promise<ProjectLookup> {
    const {authUrl, version} = this.#credentials
    if (version === 2) return {kind: 'as-given'}
    const {findProject} = await import('./projects.js')
    const login = describeLogin(this.#settings, this.#credentials)
    return findProject(nameOrId, {identity: this, send: this.#options.send, authUrl, login})
  }

  async rememberApiVersion(apiVersion: ApiVersion, apiMinor?: number): Promise<void> {
    if (!this.#current || this.#current.apiVersion) return
    this.#current = {...this.#current, apiVersion, ...(apiMinor !== undefined && {apiMinor})}
    await this.#saveToCache(this.#current)
  }

  async #obtainToken(seconds: number): Promise<HeldToken> {
    const cached = await this.#options.cache.load(this.#cacheKey())
    if (cached && cached.token !== this.#rejected?.token && this.#isUsable(cached, seconds)) {
      this.#current = cached
      return cached
    }
    const login = await this.#logIn()
    const location = this.#locateService(login)
    const {apiVersion, apiMinor} = this.#rejected?.endpoint === location.endpoint ? this.#rejected : {}
    this.#current = {
      ...(apiVersion && {apiVersion}),
      ...(apiMinor !== undefined && {apiMinor}),
      ...location,
      ...omitCatalog(login),
      obtainedAt: new Date(this.#now()),
    }
    await this.#saveToCache(this.#current)
    return this.#current
  }

  async #logIn(): Promise<Login> {
    const {send} = this.#options
    const method = await this.#ensureSecret(this.#credentials.method)
    const description = describeLogin(this.#settings, {...this.#credentials, method})
    if (method.kind === 'oidc_token') return logInFederated(send, {...this.#credentials, method}, description)
    const logIn = this.#credentials.version === 2 ? logInV2 : logInV3
    return logIn(send, {...this.#credentials, method}, description)
  }

  async #ensureSecret(method: AuthMethod): Promise<ProvenMethod> {
    if (method.kind === 'password' && method.password === undefined)
      return {...method, password: await this.#ask('password', method.user)}
    if (method.kind === 'totp' && method.passcode === undefined)
      return {...method, passcode: await this.#ask('passcode', method.user)}
    return method.kind === 'oidc_device' ? this.#logInByDevice(method) : method
  }

  async #logInByDevice({federation, client}: OidcMethod & {readonly kind: 'oidc_device'}) {
    const {logInByDevice} = await import('../oidc/device-login.js')
    const {deviceLogins} = this.#options
    const accessToken = await logInByDevice(client, deviceLogins, describeProvider(this.#settings))
    return {kind: 'oidc_token', federation, accessToken} as const
  }

  async #ask(name: 'password' | 'passcode', ref: EntityRef): Promise<string> {
    const user = 'id' in ref ? ref.id : ref.name
    const title = name === 'password' ? 'Password' : 'Passcode'
    const answer = await this.#options.askSecret?.(`${title} of user '${user}'`)
    if (answer) return answer
    throw usageError(`a ${name} is required for user '${user}'`, {
      advice: `${settingAdvice([name], this.#settings.cloud?.value)}, or type it at a terminal when asked.`,
    })
  }

  #locateService({catalog, projectId}: Login): {readonly endpoint: string; readonly apiVersion?: ApiVersion} {
    const {endpoint, values, interfaces} = this.#settings
    if (endpoint) {
      const {url, version} = parseServiceBase(endpoint.value, {from: endpoint.from, projectId})
      return {
        endpoint: url,
        ...(version && {apiVersion: requireSupportedVersion(version, endpoint.value, endpoint.from)}),
      }
    }
    const {serviceType, region} = values
    const address = selectEndpoint(catalog, {serviceType, interfaces, region, projectId})
    const {url, version} = parseServiceBase(address, {from: 'the catalog of the cloud', projectId})
    // Old catalogs name v1 although the service has v2 as well, so only v2 is conclusive.
    return version === 2 ? {endpoint: url, apiVersion: 2} : {endpoint: url}
  }

  async #saveToCache({expiresAt, ...held}: HeldToken): Promise<void> {
    if (expiresAt) await this.#options.cache.store(this.#cacheKey(), {...held, expiresAt})
  }

  #now(): number {
    return (this.#options.now ?? Date.now)()
  }

  #isUsable({expiresAt, obtainedAt}: HeldToken, seconds: number): boolean {
    if (!expiresAt) return true
    const left = expiresAt.getTime() - this.#now()
    return (
      left >= seconds * 1000 ||
      (left > 0 && left >= FRESH_FRACTION * (expiresAt.getTime() - obtainedAt.getTime()))
    )
  }
}

function toCacheKey({values, interfaces, endpoint}: Settings, credentials: Credentials<AuthMethod>): string {
  const {method, ...rest} = credentials
  const {secret, proof} = splitSecret(method)
  const target = [values.serviceType?.value, interfaces.value, values.region?.value, endpoint?.value]
  return cacheKey({...rest, proof, target}, secret)
}

function splitSecret(method: AuthMethod): {secret: string | undefined; proof: object} {
  switch (method.kind) {
    case 'password':
      return {secret: method.password, proof: method.user}
    // A passcode counts once: the token is found again without it.
    case 'totp':
      return {secret: undefined, proof: ['totp', method.user]}
    case 'oidc_device': {
      const {secret, ...client} = method.client
      return {secret, proof: ['oidc_device', method.federation, client]}
    }
    case 'oidc_token':
      return {secret: method.accessToken, proof: ['oidc_token', method.federation]}
    case 'token':
      return {secret: method.token, proof: ['token']}
    default: {
      const {secret, ...proof} = method
      return {secret, proof}
    }
  }
}

function omitCatalog({catalog: _, ...login}: Login): Omit<Login, 'catalog'> {
  return login
}

function toSession({token, obtainedAt: _, ...held}: HeldToken): Session {
  return {...held, headers: {'x-auth-token': token}}
}
