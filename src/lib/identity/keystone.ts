/** The identity of someone who logs in to Keystone, and keeps the token as long as it is good. */
import type {Send} from '../http/message.js'
import {serviceBase, spoken} from '../http/service-base.js'
import {usageError} from '../model/errors.js'
import {attemptOf} from './attempt.js'
import {endpointIn} from './catalog.js'
import {type Credentials, credentialsOf, howToSet, type Method} from './credentials.js'
import type {ApiVersion, Identity, Session, SessionNeed} from './identity.js'
import {loginV2} from './keystone-v2.js'
import {loginV3} from './keystone-v3.js'
import type {Login} from './login.js'
import type {Settings} from './settings.js'
import {type CachedToken, cacheKey, type TokenCache} from './token-cache.js'

export interface KeystoneParts {
  /** To the Identity service. */
  readonly send: Send
  readonly cache: TokenCache
  /** Asks for a password that is not set; absent when nobody can be asked. Undefined when nobody answers. */
  readonly askSecret?: ((question: string) => Promise<string | undefined>) | undefined
  /** The time in milliseconds, for tests. */
  readonly now?: (() => number) | undefined
}

/** A token with less to live is not used any more: it could end on the way. */
const LEAST_SECONDS = 120

/** Unless it is nearly new: a cloud with shorter lives than that has no better ones. */
const NEARLY_NEW = 0.9

/** A token, which is never kept in a file when it has no known end. */
type Held = Omit<CachedToken, 'expiresAt'> & {readonly expiresAt?: Date}

export class KeystoneIdentity implements Identity {
  readonly #settings: Settings
  readonly #credentials: Credentials
  readonly #parts: KeystoneParts
  readonly #key: () => string
  #held: Held | undefined
  /** No longer believed by the service: not used again, even where no file can be removed. */
  #refused: Held | undefined
  #opening: Promise<Held> | undefined

  /** @throws Failure of kind usage for settings nobody can log in with */
  constructor(settings: Settings, parts: KeystoneParts) {
    this.#settings = settings
    this.#credentials = credentialsOf(settings)
    this.#parts = parts
    let key: string | undefined
    this.#key = () => (key ??= keyOf(settings, this.#credentials))
  }

  async session({lifeSeconds = 0}: SessionNeed = {}): Promise<Session> {
    const seconds = Math.max(lifeSeconds, LEAST_SECONDS)
    if (this.#held && this.#lives(this.#held, seconds)) return sessionOf(this.#held)
    this.#opening ??= this.#open(seconds).finally(() => {
      this.#opening = undefined
    })
    return sessionOf(await this.#opening)
  }

  async renew(): Promise<Session> {
    this.#refused = this.#held ?? this.#refused
    this.#held = undefined
    await this.#parts.cache.drop(this.#key(), this.#refused?.token ?? '')
    return this.session()
  }

  async remember(apiVersion: ApiVersion): Promise<void> {
    if (!this.#held || this.#held.apiVersion) return
    this.#held = {...this.#held, apiVersion}
    await this.#keep(this.#held)
  }

  async #open(seconds: number): Promise<Held> {
    const cached = await this.#parts.cache.load(this.#key())
    if (cached && cached.token !== this.#refused?.token && this.#lives(cached, seconds)) {
      this.#held = cached
      return cached
    }
    const login = await this.#login()
    const place = this.#place(login)
    const known = this.#refused?.endpoint === place.endpoint ? this.#refused.apiVersion : undefined
    this.#held = {
      ...(known && {apiVersion: known}),
      ...place,
      ...withoutCatalog(login),
      obtainedAt: new Date(this.#now()),
    }
    await this.#keep(this.#held)
    return this.#held
  }

  async #login(): Promise<Login> {
    const credentials = {...this.#credentials, method: await this.#complete(this.#credentials.method)}
    const login = credentials.version === 2 ? loginV2 : loginV3
    return login(this.#parts.send, credentials, attemptOf(this.#settings, credentials))
  }

  async #complete(method: Method): Promise<Method> {
    if (method.kind !== 'password' || method.password !== undefined) return method
    const user = 'id' in method.user ? method.user.id : method.user.name
    const password = await this.#parts.askSecret?.(`Password of user '${user}'`)
    if (password) return {...method, password}
    throw usageError(`there is no password for user '${user}'`, {
      advice: `${howToSet(['password'], this.#settings.cloud?.value)}, or type it at a terminal when asked.`,
    })
  }

  #place({catalog, projectId}: Login): {readonly endpoint: string; readonly apiVersion?: ApiVersion} {
    const {endpoint, values, interfaces} = this.#settings
    if (endpoint) {
      const {url, version} = serviceBase(endpoint.value, {from: endpoint.from, projectId})
      return {endpoint: url, ...(version && {apiVersion: spoken(version, endpoint.value, endpoint.from)})}
    }
    const {serviceType, region} = values
    const address = endpointIn(catalog, {serviceType, interfaces, region, projectId})
    const {url, version} = serviceBase(address, {from: 'the catalog of the cloud', projectId})
    // Old catalogs name v1 although the service has v2 as well, so only a v2 tells something.
    return version === 2 ? {endpoint: url, apiVersion: 2} : {endpoint: url}
  }

  async #keep({expiresAt, ...held}: Held): Promise<void> {
    if (expiresAt) await this.#parts.cache.store(this.#key(), {...held, expiresAt})
  }

  #now(): number {
    return (this.#parts.now ?? Date.now)()
  }

  #lives({expiresAt, obtainedAt}: Held, seconds: number): boolean {
    if (!expiresAt) return true
    const left = expiresAt.getTime() - this.#now()
    return (
      left >= seconds * 1000 ||
      (left > 0 && left >= NEARLY_NEW * (expiresAt.getTime() - obtainedAt.getTime()))
    )
  }
}

function keyOf({values, interfaces, endpoint}: Settings, credentials: Credentials): string {
  const {method, ...rest} = credentials
  const {secret, proof} = parted(method)
  const target = [values.serviceType?.value, interfaces.value, values.region?.value, endpoint?.value]
  return cacheKey({...rest, proof, target}, secret)
}

function parted(method: Method): {secret: string | undefined; proof: object} {
  switch (method.kind) {
    case 'password':
      return {secret: method.password, proof: method.user}
    case 'token':
      return {secret: method.token, proof: ['token']}
    default: {
      const {secret, ...proof} = method
      return {secret, proof}
    }
  }
}

function withoutCatalog({catalog: _, ...login}: Login): Omit<Login, 'catalog'> {
  return login
}

function sessionOf({token, obtainedAt: _, ...held}: Held): Session {
  return {...held, headers: {'x-auth-token': token}}
}
