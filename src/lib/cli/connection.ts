/** Connects to the service that flags, a named cloud and the environment describe. */
import type {ClosableImageApi, ImageApiOptions} from '../api/open-api.js'
import {RetryPolicy} from '../http/retry/retry-policy.js'
import type {Identity, Session} from '../identity/identity.js'
import {SETTING_NAMES, settingRow} from '../identity/setting-table.js'
import type {Settings} from '../identity/settings/settings.js'
import {cacheFolder} from '../io/cache-folder.js'
import type {Io} from '../io/io.js'
import {type AskSecret, promptOnce} from '../io/prompt-once.js'
import type {Caller} from '../work/changes/caller.js'
import type {Display} from './display.js'
import type {ConnectionOptions} from './flags/connection.js'

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

/** Resolves settings, identity and API lazily, each at most once. */
export class CloudConnection {
  readonly #options: ConnectionOptions
  readonly #io: Io
  readonly #display: Display
  readonly #askSecret: AskSecret | undefined
  readonly #retryPolicy: RetryPolicy
  #settings: Promise<Settings> | undefined
  #identity: Promise<Identity> | undefined
  #service: Promise<Service> | undefined
  /** Awaited on close, so that the file is written completely. */
  #pendingVersionWrite: Promise<void> | undefined

  constructor(options: ConnectionOptions, io: Io, display: Display) {
    this.#options = options
    this.#io = io
    this.#display = display
    this.#retryPolicy = new RetryPolicy({retries: options.retries})
    // Never if standard input is the image data.
    if (display.canAsk) this.#askSecret = promptOnce(question => display.askSecret(question))
  }

  /** The settings in effect; the first call prints notes on them. */
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

  /** The caller and the place of a change, for questions; opens the service. */
  async caller(): Promise<Caller> {
    const {api, ...caller} = await this.service()
    const {cloud} = await this.settings()
    return {...caller, cloud: cloud?.value, url: api.url}
  }

  /**
   * Container format that a dry run shows. Asks the service for its version if that needs no login.
   * @param given by the user, who thus needs no default
   */
  async guessContainer(given?: string): Promise<string> {
    const {imageApiVersion, endpoint, values} = await this.settings()
    if (given !== undefined) return given
    const [, urlVersion] = /\/v(\d)[^/]*\/*$/.exec(endpoint?.value ?? '') ?? []
    const version = imageApiVersion?.value ?? (urlVersion && Number(urlVersion))
    if (version) return version === 1 ? 'ovf' : 'bare'
    if (values.authUrl !== undefined) return 'bare'
    const once = new CloudConnection({...this.#options, retries: 0}, this.#io, this.#display)
    once.#settings = this.#settings
    const service = await once.service().catch(() => undefined)
    await once.close()
    return service?.api.defaultContainer ?? 'bare'
  }

  /** Closes the connections, and waits until the cache is written. */
  async close(): Promise<void> {
    const service = await this.#service?.catch(() => undefined)
    await Promise.all([service?.api.close(), this.#pendingVersionWrite])
  }

  async #resolveSettings(): Promise<Settings> {
    const {resolveSettings} = await import('../identity/settings/settings.js')
    const settings = await resolveSettings({
      flags: await this.#options.settingFlags(),
      environment: this.#io,
    })
    for (const secret of collectSecrets(settings)) this.#display.conceal(secret)
    for (const note of settings.notes) this.#display.note(note)
    return settings
  }

  async #openIdentity(): Promise<Identity> {
    const settings = await this.settings()
    const {openIdentity} = await import('../identity/open-identity.js')
    const [{createTransport}, {withRetry}, {withTrace, withSignal}, {fileTokenCache, noTokenCache}] =
      await Promise.all([
        import('../http/send.js'),
        import('../http/retry/with-retry.js'),
        import('../http/wrappers.js'),
        import('../identity/token-cache.js'),
      ])
    const {send} = createTransport({
      ...this.#transportOptions(settings),
      service: 'the Identity service',
      addressFrom: settings.values.authUrl?.from,
    })
    const cache = this.#options.usesTokenCache ? cacheFolder(this.#io) : undefined
    const trace = this.#createTrace()
    return openIdentity(settings, {
      send: withSignal(
        withRetry(trace === undefined ? send : withTrace(send, trace), this.#retryPolicy, trace),
        this.#io.interrupted,
      ),
      cache: cache === undefined ? noTokenCache : fileTokenCache(cache),
      askSecret: this.#askSecret,
    })
  }

  async #openService(lifeSeconds: number): Promise<Service> {
    const [settings, identity] = await Promise.all([this.settings(), this.identity()])
    const session = this.#keepSessionSecrets(await identity.session({lifeSeconds}))
    this.#warnIfTokenExpires(session, lifeSeconds)
    const [{openImageApi}, {serviceAdvice}] = await Promise.all([
      import('../api/open-api.js'),
      import('../identity/advice.js'),
    ])
    const api = await openImageApi({
      ...this.#transportOptions(settings),
      ...serviceAdvice(settings),
      note: text => this.#display.note(text),
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
        return renewed && this.#keepSessionSecrets(renewed).headers
      },
      retryPolicy: this.#retryPolicy,
      trace: this.#createTrace(),
      signal: this.#io.interrupted,
    })
    return {
      api,
      project: session.projectId,
      projectName: session.projectName ?? settings.values.projectName?.value,
      authenticated: Object.keys(session.headers).length > 0,
    }
  }

  #keepSessionSecrets(session: Session): Session {
    for (const value of Object.values(session.headers)) this.#display.conceal(value.replace(/^Basic /, ''))
    return session
  }

  #transportOptions({tls}: Settings) {
    return {
      insecure: tls.insecure.value,
      cacert: tls.cacert,
      cert: tls.cert,
      key: tls.key,
      askSecret: this.#askSecret,
      env: this.#io.env,
      timeoutSeconds: this.#options.timeoutSeconds,
      shortLived: true,
    }
  }

  #createTrace(): ((line: string) => void) | undefined {
    if (!this.#options.isTraced) return undefined
    return line => this.#display.log(line)
  }

  #warnIfTokenExpires({expiresAt}: Session, lifeSeconds: number): void {
    const isLongEnough = expiresAt === undefined || expiresAt.getTime() - Date.now() >= lifeSeconds * 1000
    if (lifeSeconds === 0 || isLongEnough) return
    const end = expiresAt.toISOString().slice(11, 16)
    this.#display.note(`the token expires at ${end} UTC; an upload that lasts longer may be refused`)
  }
}

/** A version from the catalog or the cache needs no detection; one in a URL may. */
function knownVersion({apiVersion, apiMinor}: Session, {endpoint}: Settings): Partial<ImageApiOptions> {
  if (apiVersion === undefined) return {}
  return endpoint ? {preferred: apiVersion} : {known: {major: apiVersion, minor: apiMinor}}
}

function collectSecrets({values}: Settings): string[] {
  return SETTING_NAMES.filter(name => settingRow(name).secret).flatMap(name => values[name]?.value ?? [])
}
