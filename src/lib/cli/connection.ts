/** Connects to the service that flags, a named cloud and the environment describe. */
import type {DeviceLogin} from '../identity/oidc/oidc-client.js'
import type {Io} from '../io/io.js'
import {promptOnce} from '../io/prompt-once.js'
import type {Caller} from '../work/changes/caller.js'
import type {Project} from '../work/changes/sharing.js'
import {ServiceConnection} from '../work/connection.js'
import type {Display} from './display.js'
import type {ConnectionOptions} from './flags/connection.js'

/** The connection of a command, which reports to the display and asks on the terminal. */
export class CloudConnection extends ServiceConnection {
  readonly #display: Display
  readonly #projects = new Map<string, Promise<Project>>()

  constructor({isTraced, cloudToAskFor, ...options}: ConnectionOptions, io: Io, display: Display) {
    const place = cloudToAskFor === undefined ? '' : ` in ${cloudToAskFor}`
    super({
      ...options,
      surroundings: io,
      shortLived: true,
      // Read when the connection is used: a dry run listens for no signals.
      get signal() {
        return io.interrupted
      },
      // Never if standard input is the image data.
      askSecret: display.canAsk ? promptOnce(question => display.askSecret(question + place)) : undefined,
      showDeviceLogin: io.isUnattended ? undefined : login => display.note(describeDeviceLogin(login)),
      note: text => display.note(text),
      trace: isTraced ? line => display.log(line) : undefined,
      conceal: secret => display.conceal(secret),
    })
    this.#display = display
  }

  /**
   * A project, looked up once by its name where the cloud allows it; a note tells what was found. Its id is the text itself
   * if it was not looked up, or not found.
   * @throws Failure of kind ambiguous if several projects have the name
   */
  readonly findProject = (nameOrId: string): Promise<Project> => {
    const project = this.#projects.get(nameOrId) ?? this.#findProject(nameOrId)
    this.#projects.set(nameOrId, project)
    return project
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
    const once = this.withRetries(0)
    const service = await once.service().catch(() => undefined)
    await once.close()
    return service?.api.defaultContainer ?? 'bare'
  }

  async #findProject(nameOrId: string): Promise<Project> {
    const found = await (await this.identity()).findProject(nameOrId)
    if (found.kind === 'unknown') this.#display.note(found.why)
    if (found.kind !== 'name') return {id: nameOrId, isKnown: found.kind === 'id'}
    this.#display.note(`'${nameOrId}' is the project ${found.id}`)
    return {id: found.id, isKnown: true}
  }
}

/** Also with the page that needs no typing: the code is still needed, to compare it with the one that the page shows. */
function describeDeviceLogin({url, code, urlWithCode, expiresAt}: DeviceLogin): string {
  const direct = urlWithCode === undefined ? '' : `, or open ${urlWithCode}`
  const end = expiresAt.toISOString().slice(11, 16)
  return `to log in, enter the code ${code} at ${url}${direct} (waiting until ${end} UTC)`
}
