/** Connects to the service that settings describe: from the settings to the identity, and from there to the API. */
import type {ClosableImageApi, ImageApiOptions} from '../api/open-api.js'
import type {Send} from '../http/message.js'
import {RetryPolicy} from '../http/retry/retry-policy.js'
import type {Transport} from '../http/send.js'
import type {Environment} from '../identity/clouds/config-files.js'
import type {Identity, Session} from '../identity/identity.js'
import type {DeviceLogin} from '../identity/oidc/oidc-client.js'
import {SETTING_NAMES, settingRow} from '../identity/setting-table.js'
import type {FlagValues, SettingVariables} from '../identity/settings/layers.js'
import type {Settings} from '../identity/settings/settings.js'
import {cacheFolder} from '../io/cache-folder.js'
import type {AskSecret} from '../io/prompt-once.js'

/** The service, and the caller as it knows them. */
export interface Service {
  readonly api: ClosableImageApi
  /** ID of the caller's project, if known. */
  readonly project: string | undefined
  /** Name of that project, if known. */
  readonly projectName: string | undefined
  /** Requests carry credentials. */
  readonly authenticated: boolean
}

/** What a connection is made from, and what it reports to. */
export interface ConnectionSources {
  /** Settings that take precedence, by the names of their flags. */
  readonly settingFlags: () => Promise<FlagValues>
  /** Variables and folders; read when the settings are resolved. */
  readonly surroundings: Environment
  /** The variables that may hold settings. Default: those of the surroundings. */
  readonly readVariables?: () => Promise<SettingVariables>
  /** Longest time without receiving anything, in seconds. */
  readonly timeoutSeconds: number | undefined
  readonly retries: number | undefined
  readonly usesTokenCache: boolean
  /** The process ends after a few requests. */
  readonly shortLived: boolean
  /** Ends every exchange; its reason is thrown. */
  readonly signal: AbortSignal | undefined
  /** Asks for a missing password or passphrase; without it, a missing one is an error. */
  readonly askSecret: AskSecret | undefined
  /** Shows the user how to confirm a login in a browser; without it, a login of this kind is an error. */
  readonly showDeviceLogin: ((login: DeviceLogin) => void) | undefined
  /** Receives a note for the user. */
  readonly note: (text: string) => void
  /** Receives a line for every request and every reply, without secrets. */
  readonly trace: ((line: string) => void) | undefined
  /** Receives every secret in use, which must not be shown. */
  readonly conceal: (secret: string) => void
}

/** Resolves settings, identity and API lazily, each at most once. */
export class ServiceConnection {
  readonly #sources: ConnectionSources
  readonly #retryPolicy: RetryPolicy
  #settings: Promise<Settings> | undefined
  #identity: Promise<Identity> | undefined
  #service: Promise<Service> | undefined
  readonly #transports: Transport[] = []
  /** Awaited on close, so that the file is written completely. */
  #pendingVersionWrite: Promise<void> | undefined

  constructor(sources: ConnectionSources) {
    this.#sources = sources
    this.#retryPolicy = new RetryPolicy({retries: sources.retries})
  }

  /** The settings in effect; the first call reports notes on them. */
  settings(): Promise<Settings> {
    this.#settings ??= this.#resolveSettings()
    return this.#settings
  }

  /** The source of credentials. */
  async identity(): Promise<Identity> {
    this.#identity ??= this.#openIdentity()
    return this.#identity
  }

  /**
   * The service, after a login if one is required.
   * @param lifeSeconds validity that the token should have, in seconds
   */
  service(lifeSeconds = 0): Promise<Service> {
    this.#service ??= this.#openService(lifeSeconds)
    return this.#service
  }

  /** Another connection with the same settings. */
  withRetries(retries: number): ServiceConnection {
    const copy = new ServiceConnection({...this.#sources, retries})
    copy.#settings = this.#settings
    return copy
  }

  /** Closes the connections, and waits until the cache is written. */
  async close(): Promise<void> {
    const service = await this.#service?.catch(() => undefined)
    await Promise.all([
      service?.api.close(),
      ...this.#transports.map(each => each.close()),
      this.#pendingVersionWrite,
    ])
  }

  async #resolveSettings(): Promise<Settings> {
    const {settingFlags, conceal, note} = this.#sources
    const {resolveSettings} = await import('../identity/settings/settings.js')
    const settings = await resolveSettings({
      flags: await settingFlags(),
      environment: await this.#readEnvironment(),
    })
    for (const secret of collectSecrets(settings)) conceal(secret)
    for (const text of settings.notes) note(text)
    return settings
  }

  async #readEnvironment(): Promise<Environment> {
    const {surroundings, readVariables} = this.#sources
    if (readVariables === undefined) return surroundings
    const {home, platform} = surroundings
    return {
      env: await readVariables(),
      home,
      platform,
      // Fails for a folder that was deleted, so it is read only when it is used.
      get cwd() {
        return surroundings.cwd
      },
    }
  }

  async #openIdentity(): Promise<Identity> {
    const {usesTokenCache, surroundings, askSecret, showDeviceLogin, signal} = this.#sources
    const settings = await this.settings()
    const [{openIdentity}, {fileTokenCache, noTokenCache}] = await Promise.all([
      import('../identity/open-identity.js'),
      import('../identity/token-cache.js'),
    ])
    const cache = usesTokenCache ? cacheFolder(surroundings) : undefined
    const {authUrl, discoveryEndpoint, deviceAuthorizationEndpoint} = settings.values
    const provider = discoveryEndpoint ?? deviceAuthorizationEndpoint
    return openIdentity(settings, {
      send: await this.#openSend(settings, 'the Identity service', authUrl?.from),
      cache: cache === undefined ? noTokenCache : fileTokenCache(cache),
      askSecret,
      deviceLogins: {
        openProvider: () => this.#openSend(settings, 'the identity provider', provider?.from),
        showDeviceLogin,
        signal,
      },
    })
  }

  async #openSend(settings: Settings, service: string, addressFrom: string | undefined): Promise<Send> {
    const {createTransport} = await import('../http/send.js')
    const transport = createTransport({...this.#transportOptions(settings), service, addressFrom})
    this.#transports.push(transport)
    return this.#wrapSend(transport.send)
  }

  async #wrapSend(send: Send): Promise<Send> {
    const {trace, signal} = this.#sources
    const [{withRetry}, {withTrace, withSignal}] = await Promise.all([
      import('../http/retry/with-retry.js'),
      import('../http/wrappers.js'),
    ])
    const tracedSend = trace === undefined ? send : withTrace(send, trace)
    const retryingSend = withRetry(tracedSend, this.#retryPolicy, trace)
    return signal === undefined ? retryingSend : withSignal(retryingSend, signal)
  }

  async #openService(lifeSeconds: number): Promise<Service> {
    const {note, trace, signal} = this.#sources
    const [settings, identity] = await Promise.all([this.settings(), this.identity()])
    const session = this.#concealSecrets(await identity.session({lifeSeconds}))
    this.#noteEarlyExpiry(session, lifeSeconds)
    const [{openImageApi}, {serviceAdvice}] = await Promise.all([
      import('../api/open-api.js'),
      import('../identity/advice.js'),
    ])
    const api = await openImageApi({
      ...this.#transportOptions(settings),
      ...serviceAdvice(settings),
      note,
      url: session.endpoint,
      version: settings.imageApiVersion?.value,
      ...knownVersion(session, settings),
      rememberVersion: ({major, minor}) => {
        this.#pendingVersionWrite = identity.rememberApiVersion(major, minor)
      },
      project: session.projectId,
      headers: session.headers,
      renewHeaders: async () => {
        const renewed = await identity.renew()
        return renewed && this.#concealSecrets(renewed).headers
      },
      retryPolicy: this.#retryPolicy,
      trace,
      signal,
    })
    return {
      api,
      project: session.projectId,
      projectName: session.projectName ?? settings.values.projectName?.value,
      authenticated: Object.keys(session.headers).length > 0,
    }
  }

  #concealSecrets(session: Session): Session {
    for (const value of Object.values(session.headers)) this.#sources.conceal(value.replace(/^Basic /, ''))
    return session
  }

  #transportOptions({tls}: Settings) {
    const {askSecret, surroundings, timeoutSeconds, shortLived} = this.#sources
    return {
      insecure: tls.insecure.value,
      cacert: tls.cacert,
      cert: tls.cert,
      key: tls.key,
      askSecret,
      env: surroundings.env,
      timeoutSeconds,
      shortLived,
    }
  }

  #noteEarlyExpiry({expiresAt}: Session, lifeSeconds: number): void {
    const isLongEnough = expiresAt === undefined || expiresAt.getTime() - Date.now() >= lifeSeconds * 1000
    if (lifeSeconds === 0 || isLongEnough) return
    const end = expiresAt.toISOString().slice(11, 16)
    this.#sources.note(`the token expires at ${end} UTC; an upload that lasts longer may be refused`)
  }
}

/** A version from the catalog or the cache needs no detection; one in a URL may. Only a detected one has a minor version. */
function knownVersion({apiVersion, apiMinor}: Session, {endpoint}: Settings): Partial<ImageApiOptions> {
  if (apiVersion === undefined) return {}
  const isFromUrl = endpoint !== undefined && apiMinor === undefined
  return isFromUrl ? {preferred: apiVersion} : {known: {major: apiVersion, minor: apiMinor}}
}

function collectSecrets({values}: Settings): string[] {
  return SETTING_NAMES.filter(name => settingRow(name).secret).flatMap(name => values[name]?.value ?? [])
}
