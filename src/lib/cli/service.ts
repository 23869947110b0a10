/** Reaches the service that flags, a named cloud and the environment describe: settings, identity, API. */
import type {OpenApi} from '../api/open-api.js'
import {serviceUrl} from '../api/service-url.js'
import {type AskSecret, askedOnce} from '../http/asked-once.js'
import type {Identity, Session} from '../identity/identity.js'
import {rowOf, SETTING_NAMES} from '../identity/setting-table.js'
import type {Settings} from '../identity/settings.js'
import {cacheFolder} from '../io/cache-folder.js'
import type {Io} from '../io/io.js'
import type {Display} from './display.js'

/** The flags that every command has; those of the identity are read by their names in SETTINGS. */
export interface ServiceFlags {
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
  readonly api: OpenApi
  /** Id of the caller's project, where it is known. */
  readonly project: string | undefined
  /** Whether the service is told who is calling. */
  readonly authenticated: boolean
}

/** The way to the service; each part of it is gone once, when it is first needed. */
export class Door {
  readonly #flags: ServiceFlags
  readonly #io: Io
  readonly #display: Display
  readonly #askSecret: AskSecret | undefined
  #settings: Promise<Settings> | undefined
  #identity: Promise<Identity> | undefined
  #service: Promise<Service> | undefined
  /** A process that ended sooner would leave it half-written. */
  #remembering: Promise<void> | undefined

  constructor(flags: ServiceFlags, io: Io, display: Display) {
    this.#flags = flags
    this.#io = io
    this.#display = display
    // Never when standard input is the image.
    if (display.canAsk) this.#askSecret = askedOnce(question => display.askSecret(question))
  }

  /** The settings in force; the first call prints notes on them. */
  settings(): Promise<Settings> {
    this.#settings ??= this.#resolve()
    return this.#settings
  }

  async identity(): Promise<Identity> {
    this.#identity ??= this.#identify()
    return this.#identity
  }

  /** @param lifeSeconds how long the token should live, for work that cannot be repeated */
  service(lifeSeconds = 0): Promise<Service> {
    this.#service ??= this.#reach(lifeSeconds)
    return this.#service
  }

  /** Container format that a dry run shows: it may not ask the service which version it speaks. */
  async assumedContainer(): Promise<'ovf' | 'bare'> {
    const {imageApiVersion, endpoint} = await this.settings()
    const [, named] = /\/v(\d)[^/]*\/*$/.exec(endpoint?.value ?? '') ?? []
    const version = imageApiVersion?.value ?? Number(named ?? 2)
    return version === 1 ? 'ovf' : 'bare'
  }

  async close(): Promise<void> {
    const service = await this.#service?.catch(() => undefined)
    await Promise.all([service?.api.close(), this.#remembering])
  }

  async #resolve(): Promise<Settings> {
    const {resolveSettings} = await import('../identity/settings.js')
    const settings = await resolveSettings({flags: {...this.#flags, url: this.#address()}, place: this.#io})
    for (const secret of secretsOf(settings)) this.#display.conceal(secret)
    for (const note of settings.notes) this.#display.note(note)
    return settings
  }

  /** `--url`, or the address that `--host`, `--port` and `--ssl` make; undefined when none of them is given. */
  #address() {
    const {url, host, port, ssl} = this.#flags
    const spoken = [
      host === undefined ? '' : '--host',
      port === undefined ? '' : '--port',
      ssl ? '--ssl' : '',
    ]
    const from = url === undefined ? spoken.filter(Boolean).join(', ') : '--url'
    return from === '' ? undefined : {value: url ?? serviceUrl({host, port, ssl}).url, from}
  }

  async #identify(): Promise<Identity> {
    const settings = await this.settings()
    const {openIdentity} = await import('../identity/open-identity.js')
    const [{createTransport}, {retried}, {traced, withSignal}, {fileTokenCache, noTokenCache}] =
      await Promise.all([
        import('../http/send.js'),
        import('../http/retry.js'),
        import('../http/wrappers.js'),
        import('../identity/token-cache.js'),
      ])
    const {send} = createTransport({
      ...this.#transport(settings),
      service: 'the Identity service',
      addressFrom: settings.values.authUrl?.from,
    })
    const trace = this.#trace()
    return openIdentity(settings, {
      send: withSignal(
        retried(trace === undefined ? send : traced(send, trace), {retries: this.#flags.retries, trace}),
        this.#io.interrupted,
      ),
      cache: this.#flags['no-token-cache'] ? noTokenCache : fileTokenCache(cacheFolder(this.#io)),
      askSecret: this.#askSecret,
    })
  }

  async #reach(lifeSeconds: number): Promise<Service> {
    const [settings, identity] = await Promise.all([this.settings(), this.identity()])
    const session = this.#withSecrets(await identity.session({lifeSeconds}))
    this.#warnOfShortLife(session, lifeSeconds)
    const [{openApi}, {serviceAdvice}] = await Promise.all([
      import('../api/open-api.js'),
      import('../identity/advice.js'),
    ])
    const api = await openApi({
      ...this.#transport(settings),
      ...serviceAdvice(settings),
      note: text => this.#display.note(text),
      url: session.endpoint,
      // What a catalog says of v2, or what was found out before, needs no asking; a version in a URL may.
      version: settings.imageApiVersion?.value ?? (settings.endpoint ? undefined : session.apiVersion),
      preferred: session.apiVersion,
      rememberVersion: version => {
        this.#remembering = identity.remember(version)
      },
      project: session.projectId,
      headers: session.headers,
      renewHeaders: async () => {
        const renewed = await identity.renew()
        return renewed && this.#withSecrets(renewed).headers
      },
      retries: this.#flags.retries,
      trace: this.#trace(),
      signal: this.#io.interrupted,
    })
    return {api, project: session.projectId, authenticated: Object.keys(session.headers).length > 0}
  }

  #withSecrets(session: Session): Session {
    for (const value of Object.values(session.headers)) this.#display.conceal(value.replace(/^Basic /, ''))
    return session
  }

  #transport({tls}: Settings) {
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

  #trace(): ((line: string) => void) | undefined {
    if (!this.#flags.debug) return undefined
    return line => this.#display.log(line)
  }

  #warnOfShortLife({expiresAt}: Session, lifeSeconds: number): void {
    const isLongEnough = expiresAt === undefined || expiresAt.getTime() - Date.now() >= lifeSeconds * 1000
    if (lifeSeconds === 0 || isLongEnough) return
    const end = expiresAt.toISOString().slice(11, 16)
    this.#display.note(`the token expires at ${end} UTC; an upload that lasts longer may be refused`)
  }
}

function secretsOf({values}: Settings): string[] {
  return SETTING_NAMES.filter(name => rowOf(name).secret).flatMap(name => values[name]?.value ?? [])
}
