/** What every command of the tool has: the streams it was given, its settings, and one way to run and to end. */
import {Command} from '@oclif/core/command'
import type {Config} from '@oclif/core/config'
import type {Io} from '../io/io.js'
import {usageError} from '../model/errors.js'
import type {ChangeSession} from '../work/change.js'
import {Consent} from '../work/consent.js'
import type {Progress} from '../work/progress.js'
import type {Display} from './display.js'
import type {FieldUse} from './help.js'
import {LoneConfig} from './lone-config.js'
import {chosenProgress, type ProgressFlags} from './progress.js'
import {Door, type ServiceFlags} from './service.js'

/** A command in the middle of its work. */
export interface Session extends ChangeSession {
  readonly io: Io
  readonly display: Display
  readonly verbose: boolean
  readonly door: Door
}

interface SessionFlags extends ServiceFlags {
  readonly verbose: boolean
  readonly force?: boolean
  readonly 'dry-run'?: boolean
}

type Construct = new (argv: string[], config: Config, io: Io, display: Display) => GlanceCommand

/** A command that can be run: its declarations and `start`. */
export type CommandClass = Construct & typeof GlanceCommand

/** How a command ended: well, or with the error that it threw. */
export interface Ending {
  readonly error?: unknown
  /** The user wants to see where an error comes from. */
  readonly debug: boolean
}

export abstract class GlanceCommand extends Command {
  /** How the words behind the command are written, for its help. */
  static words = ''
  /** Which names `field=value` words can have, for its help. */
  static fieldNames: FieldUse | undefined
  protected readonly io: Io
  protected readonly display: Display
  /** Whether the user wants to see where an error comes from. */
  protected debugging = false
  readonly #started = performance.now()
  #flags: SessionFlags | undefined
  #door: Door | undefined
  #progress: Progress | undefined

  constructor(argv: string[], config: Config, io: Io, display: Display) {
    super(argv, config)
    this.io = io
    this.display = display
  }

  /** Runs a command with these arguments. Never throws. */
  static async start(this: Construct, argv: readonly string[], io: Io, display: Display): Promise<Ending> {
    const command = new this([...argv], new LoneConfig(), io, display)
    try {
      await command.run()
      await command.end()
      return {debug: false}
    } catch (error) {
      await command.end().catch(() => {})
      return {error, debug: command.debugging}
    }
  }

  abstract override run(): Promise<void>

  /**
   * The session that these flags describe; nothing is looked up or reached before it is needed.
   * @param lifeSeconds how long the work may take, see `Door`
   */
  protected session(flags: SessionFlags, lifeSeconds = 0): Session {
    this.#flags = flags
    this.debugging = flags.debug
    this.#door ??= new Door(flags, this.io, this.display)
    const door = this.#door
    return {
      io: this.io,
      display: this.display,
      verbose: flags.verbose,
      dryRun: flags['dry-run'] === true,
      consent: new Consent(this.display, flags.force === true),
      door,
      open: async () => (await door.service(lifeSeconds)).api,
    }
  }

  /** The progress of this command, in the form that these flags ask for. */
  protected async progress(flags: ProgressFlags): Promise<Progress> {
    this.#progress ??= this.display.adopt(await chosenProgress(flags, this.io))
    return this.#progress
  }

  /** Lets go of the terminal and of the service; with --verbose, prints how long it took. */
  protected async end(): Promise<void> {
    this.#progress?.fail()
    await this.#door?.close()
    if (this.#flags?.verbose) {
      const seconds = (performance.now() - this.#started) / 1000
      this.display.log(`Completed in ${seconds.toFixed(4)} sec.`)
    }
  }
}

/** A word that a command cannot do without. */
export function required(word: string | undefined, message: string, example: string): string {
  if (word !== undefined && word !== '') return word
  throw usageError(message, {advice: `Example: ${example}`})
}

/** The image and the member that the commands of sharing cannot do without. */
export function requiredPair(
  id: string | undefined,
  member: string | undefined,
  example: string,
): [string, string] {
  const missing = 'Please specify the image ID and the member name'
  return [required(id, missing, example), required(member, missing, example)]
}
