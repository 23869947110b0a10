/** Reaches the service that flags, a named cloud and the environment describe: settings, identity, API. */
import type {ClosableImageApi} from '../api/open-api.js'
import {serviceUrl} from '../api/service-url.js'
import {RetryPolicy} from '../http/retry/retry-policy.js'
import type {Identity, Session} from '../identity/identity.js'
import {SETTING_NAMES, settingRow} from '../identity/setting-table.js'
import type {Settings} from '../identity/settings/settings.js'
import {cacheFolder} from '../io/cache-folder.js'
import type {Io} from '../io/io.js'
import {type AskSecret, promptOnce} from '../io/prompt-once.js'
import type {Display} from './display.js'

/** The flags that every command has; those of the identity are read by their names in SETTINGS. */
export interface ConnectionFlags {
  readonly debug: boolean
  readonly host?: string | undefined
  readonly port?: number | undefined
  readonly url?: string | undefined
  readonly ssl: boolean
  readonly timeout?: number | undefined
  readonly retries?: number | undefined
  readonly 'no-token-cache': boolean
}

/** The service, and what it knows of the caller. */
export interface Service {
  readonly api: ClosableImageApi
  /** Id of the caller's project, where it is known. */
  readonly project: string | undefined
  /** Whether the service is told who is calling. */
  readonly authenticated: boolean
}

/** The way to the service; each part of it is gone once, when it is first needed. */
export class CloudConnection {
  readonly #flags: ConnectionFlags
  readonly #io: Io
  readonly #display: Display
  readonly #askSecret: AskSecret | undefined
  readonly #retryPolicy: RetryPolicy
  #settings: Promise<Settings> | undefined
  #identity: Promise<Identity> | undefined
  #service: Promise<Service> | undefined
  /** A process that ended sooner would leave it half-written. */
  #pendingVersionWrite: Promise<void> | undefined

  constructor(flags: ConnectionFlags, io: Io, display: Display) {
    this.#flags = flags
    this.#io = io
    this.#display = display
    this.#retryPolicy = new RetryPolicy({retries: flags.retries})
    // Never when standard input is the image.
    if (display.canAsk) this.#askSecret = promptOnce(question => display.askSecret(question))
  }

  /** The settings in force; the first call prints notes on them. */
  settings(): Promise<Settings> {
    this.#settings ??= this.#resolveSettings()
    return this.#settings
  }

  async identity(): Promise<Identity> {
    this.#identity ??= this.#openIdentity()
    return this.#identity
  }

  /** @param lifeSeconds how long the token should live, for work that cannot be repeated */
  service(lifeSeconds = 0): Promise<Service> {
    this.#service ??= this.#openService(lifeSeconds)
    return this.#service
  }

  /** Container format that a dry run shows: it may not ask the service which version it speaks. */
  async guessContainer(): Promise<'ovf' | 'bare'> {
    const {imageApiVersion, endpoint} = await this.settings()
    const [, urlVersion] = /\/v(\d)[^/]*\/*$/.exec(endpoint?.value ?? '') ?? []
    const version = imageApiVersion?.value ?? Number(urlVersion ?? 2)
    return version === 1 ? 'ovf' : 'bare'
  }

  async close(): Promise<void> {
    const service = await this.#service?.catch(() => undefined)
    await Promise.all([service?.api.close(), this.#pendingVersionWrite])
  }

  async #resolveSettings(): Promise<Settings> {
    const {resolveSettings} = await import('../identity/settings/settings.js')
    const settings = await resolveSettings({
      flags: {...this.#flags, url: this.#addressFromFlags()},
      environment: this.#io,
    })
    for (const secret of collectSecrets(settings)) this.#display.conceal(secret)
    for (const note of settings.notes) this.#display.note(note)
    return settings
  }

  /** `--url`, or the address that `--host`, `--port` and `--ssl` make; undefined when none of them is given. */
  #addressFromFlags() {
    const {url, host, port, ssl} = this.#flags
    const flagNames = [
      host === undefined ? '' : '--host',
      port === undefined ? '' : '--port',
      ssl ? '--ssl' : '',
    ]
    const from = url === undefined ? flagNames.filter(Boolean).join(', ') : '--url'
    return from === '' ? undefined : {value: url ?? serviceUrl({host, port, ssl}).url, from}
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
    const trace = this.#createTrace()
    return openIdentity(settings, {
      send: withSignal(
        withRetry(trace === undefined ? send : withTrace(send, trace), this.#retryPolicy, trace),
        this.#io.interrupted,
      ),
      cache: this.#flags['no-token-cache'] ? noTokenCache : fileTokenCache(cacheFolder(this.#io)),
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
      // What a catalog says of v2, or what was found out before, needs no asking; a version in a URL may.
      version: settings.imageApiVersion?.value ?? (settings.endpoint ? undefined : session.apiVersion),
      preferred: session.apiVersion,
      rememberVersion: version => {
        this.#pendingVersionWrite = identity.rememberApiVersion(version)
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
    return {api, project: session.projectId, authenticated: Object.keys(session.headers).length > 0}
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
      timeoutSeconds: this.#flags.timeout,
      shortLived: true,
    }
  }

  #createTrace(): ((line: string) => void) | undefined {
    if (!this.#flags.debug) return undefined
    return line => this.#display.log(line)
  }

  #warnIfTokenExpires({expiresAt}: Session, lifeSeconds: number): void {
    const isLongEnough = expiresAt === undefined || expiresAt.getTime() - Date.now() >= lifeSeconds * 1000
    if (lifeSeconds === 0 || isLongEnough) return
    const end = expiresAt.toISOString().slice(11, 16)
    this.#display.note(`the token expires at ${end} UTC; an upload that lasts longer may be refused`)
  }
}

function collectSecrets({values}: Settings): string[] {
  return SETTING_NAMES.filter(name => settingRow(name).secret).flatMap(name => values[name]?.value ?? [])
}
