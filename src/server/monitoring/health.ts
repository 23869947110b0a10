/** The health of the service: whether the registry, the stores and the disk can be used, and whether it is drained. */

/** Something that the service needs. */
export interface Probe {
  readonly name: string
  /** Rejects while it cannot be used. */
  readonly run: () => Promise<unknown>
}

/** The result of a probe. */
export interface ProbeResult {
  readonly name: string
  /** Why it cannot be used; absent: it can. */
  readonly problem?: string | undefined
}

/** How the health is checked. */
export interface HealthParts {
  readonly probes: readonly Probe[]
  /** True while the service takes no requests for the time being, because an operator said so. */
  readonly isDrained: () => Promise<boolean>
  /** The text of an error of a probe. */
  readonly describe: (error: unknown) => string
  /** Milliseconds after which a probe has failed. */
  readonly timeout?: number
  /** Milliseconds for which results are used again. */
  readonly keep?: number
}

/** Milliseconds for a probe: less than load balancers wait. */
const TIMEOUT = 3000
const KEEP = 1000

/** Checks the health, at most once a second, however often it is asked for. */
export class Health {
  readonly #parts: HealthParts
  /** Probes that have not ended, which are not started once more. */
  readonly #running = new Map<Probe, Promise<string | undefined>>()
  #results: Promise<readonly ProbeResult[]> | undefined

  constructor(parts: HealthParts) {
    this.#parts = parts
  }

  /** The results of all probes, or that the service is drained. Never rejects. */
  async check(): Promise<readonly ProbeResult[] | 'drained'> {
    if (await this.#parts.isDrained()) return 'drained'
    this.#results ??= this.#runAll()
    return this.#results
  }

  async #runAll(): Promise<readonly ProbeResult[]> {
    const results = await Promise.all(this.#parts.probes.map(probe => this.#run(probe)))
    const forget = () => {
      this.#results = undefined
    }
    setTimeout(forget, this.#parts.keep ?? KEEP).unref()
    return results
  }

  async #run(probe: Probe): Promise<ProbeResult> {
    const {timeout = TIMEOUT} = this.#parts
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<string>(resolve => {
      timer = setTimeout(resolve, timeout, `no answer within ${timeout / 1000} seconds`)
    })
    const problem = await Promise.race([this.#running.get(probe) ?? this.#start(probe), late])
    clearTimeout(timer)
    return {name: probe.name, problem}
  }

  #start(probe: Probe): Promise<string | undefined> {
    const running = probe
      .run()
      .then(() => undefined, this.#parts.describe)
      .finally(() => this.#running.delete(probe))
    this.#running.set(probe, running)
    return running
  }
}
