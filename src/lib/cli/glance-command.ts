/** What every command of the tool has: the streams it was given, its settings, and one way to run and to end. */
import {Command} from '@oclif/core/command'
import type {Config} from '@oclif/core/config'
import type {Io} from '../io/io.js'
import {usageError} from '../model/errors.js'
import type {ChangeSession} from '../work/changes/change.js'
import {Consent} from '../work/consent.js'
import type {Progress} from '../work/progress/progress.js'
import {CloudConnection, type ConnectionFlags} from './connection.js'
import type {Display} from './display.js'
import {chooseProgress, type ProgressFlags} from './flags/progress.js'
import type {FieldUse} from './help.js'
import {MinimalConfig} from './lone-config.js'

/** A command in the middle of its work. */
export interface CommandSession extends ChangeSession {
  readonly io: Io
  readonly display: Display
  readonly verbose: boolean
  readonly connection: CloudConnection
}

interface SessionFlags extends ConnectionFlags {
  readonly verbose: boolean
  readonly force?: boolean
  readonly 'dry-run'?: boolean
}

type CommandConstructor = new (argv: string[], config: Config, io: Io, display: Display) => GlanceCommand

/** A command that can be run: its declarations and `start`. */
export type CommandClass = CommandConstructor & typeof GlanceCommand

/** How a command ended: well, or with the error that it threw. */
export interface RunResult {
  readonly error?: unknown
  /** The user wants to see where an error comes from. */
  readonly debug: boolean
}

export abstract class GlanceCommand extends Command {
  /** How the words behind the command are written, for its help. */
  static override usage = ''
  /** Which names `field=value` words can have, for its help. */
  static fieldNames: FieldUse | undefined
  protected readonly io: Io
  protected readonly display: Display
  /** Whether the user wants to see where an error comes from. */
  protected debugging = false
  readonly #startedAt = performance.now()
  #flags: SessionFlags | undefined
  #connection: CloudConnection | undefined
  #progress: Progress | undefined

  constructor(argv: string[], config: Config, io: Io, display: Display) {
    super(argv, config)
    this.io = io
    this.display = display
  }

  /** Runs a command with these arguments. Never throws. */
  static async start(
    this: CommandConstructor,
    argv: readonly string[],
    io: Io,
    display: Display,
  ): Promise<RunResult> {
    const command = new this([...argv], new MinimalConfig(), io, display)
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
  protected createSession(flags: SessionFlags, lifeSeconds = 0): CommandSession {
    this.#flags = flags
    this.debugging = flags.debug
    this.#connection ??= new CloudConnection(flags, this.io, this.display)
    const connection = this.#connection
    return {
      io: this.io,
      display: this.display,
      verbose: flags.verbose,
      dryRun: flags['dry-run'] === true,
      consent: new Consent(this.display, flags.force === true),
      connection,
      open: async () => (await connection.service(lifeSeconds)).api,
    }
  }

  /** The progress of this command, in the form that these flags ask for. */
  protected async createProgress(flags: ProgressFlags): Promise<Progress> {
    this.#progress ??= this.display.adopt(await chooseProgress(flags, this.io))
    return this.#progress
  }

  /** Lets go of the terminal and of the service; with --verbose, prints how long it took. */
  protected async end(): Promise<void> {
    this.#progress?.fail()
    await this.#connection?.close()
    if (this.#flags?.verbose) {
      const seconds = (performance.now() - this.#startedAt) / 1000
      this.display.log(`Completed in ${seconds.toFixed(4)} sec.`)
    }
  }
}

/** A word that a command cannot do without. */
export function requireArg(value: string | undefined, message: string, example: string): string {
  if (value !== undefined && value !== '') return value
  throw usageError(message, {advice: `Example: ${example}`})
}

/** The image and the member that the commands of sharing cannot do without. */
export function requireImageAndMember(
  nameOrId: string | undefined,
  member: string | undefined,
  example: string,
): [string, string] {
  const message = 'Please specify the image ID and the member name'
  return [requireArg(nameOrId, message, example), requireArg(member, message, example)]
}
