/** Base class of all commands: the process, the session, and the start and end of a run. */
import {Command} from '@oclif/core/command'
import {Config} from '@oclif/core/config'
import type {Io} from '../io/io.js'
import {usageError} from '../model/errors.js'
import type {ChangeSession} from '../work/changes/change.js'
import {Consent} from '../work/consent.js'
import {chooseStyle} from '../work/output/output-style.js'
import type {RecordKind} from '../work/output/record-kinds.js'
import {CloudConnection} from './connection.js'
import type {Display} from './display.js'
import {changeGroup, confirmGroup, manualFlags} from './flags/changes.js'
import {type ConnectionOptions, commonGroup} from './flags/connection.js'
import type {FlagContext, ParsedFlags} from './flags/group.js'
import {outputGroup} from './flags/output.js'
import type {FieldUse} from './help/help-fields.js'

/** The state of a command that uses a service. */
export interface CommandSession extends ChangeSession {
  readonly io: Io
  readonly display: Display
  readonly connection: CloudConnection
}

/** The flags of a session; a command without confirmation or dry run lacks theirs. */
type SessionFlags = ParsedFlags<typeof commonGroup.flags> &
  Partial<ParsedFlags<typeof confirmGroup.flags>> &
  Partial<ParsedFlags<typeof changeGroup.flags>>

type CommandConstructor = new (argv: string[], config: Config, io: Io, display: Display) => GlanceCommand

/** A command that can be run: its declarations and `start`. */
export type CommandClass = CommandConstructor & typeof GlanceCommand

/** The end of a command: success, or the error that it threw. */
export interface RunResult {
  readonly error?: unknown
  /** Print the stack of the error. */
  readonly debug: boolean
}

/** A command with a display and, if it uses a service, a session. */
export abstract class GlanceCommand extends Command implements FlagContext {
  /** Every command takes the global options of the manual; where they mean nothing, they do nothing. */
  static override baseFlags = manualFlags
  /** The synopsis of the arguments, for help. */
  static override usage = ''
  /** The use of `field=value` arguments, for help. */
  static fieldNames: FieldUse | undefined
  /** The kind of records that it prints; undefined for a command that does not use a service. */
  static records: RecordKind | undefined
  readonly display: Display
  #io: Io
  #hasReadIds = false
  /** Print the stack of an error. */
  protected debugging = false
  /** The time of the start in milliseconds; with --verbose only, because the clock is a module of Node to load. */
  #startedAt: number | undefined
  readonly #connections: CloudConnection[] = []

  constructor(argv: string[], config: Config, io: Io, display: Display) {
    super(argv, config)
    this.#io = io
    this.display = display
  }

  get io(): Io {
    return this.#io
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
      await display.complete()
      await command.end()
      return {debug: false}
    } catch (error) {
      await command.end().catch(() => {})
      return {error, debug: command.debugging}
    }
  }

  abstract override run(): Promise<void>

  /**
   * The ids of arguments, each once. `-` stands for the lines of standard input, which counts as used up from then on. They
   * are all read before anything is done, so that a list that is still being written does not change under its reader.
   * @throws Failure of kind usage for a second `-`; see `readIds` in `lib/io`
   */
  protected async readIds(args: readonly string[]): Promise<readonly string[]> {
    const at = args.indexOf('-')
    if (at < 0) return [...new Set(args)]
    if (this.#hasReadIds || args.includes('-', at + 1))
      throw usageError("'-' is given twice", {why: 'standard input can be read only once'})
    this.#hasReadIds = true
    const {readIds, withoutInput} = await import('../io/read-ids.js')
    const read = await readIds(this.#io.stdin, this.#io.interrupted)
    this.#io = withoutInput(this.#io)
    if (read.length === 0) this.display.note('standard input has no ids')
    return [...new Set(args.toSpliced(at, 1, ...read))]
  }

  /**
   * The session that these flags describe; opens nothing until it is used.
   * @param lifeSeconds estimated duration in seconds, see `CloudConnection`
   */
  protected createSession(flags: SessionFlags, lifeSeconds = 0): CommandSession {
    if (flags.verbose) this.#startedAt ??= performance.now()
    this.debugging = flags.debug
    const connection = this.connect(commonGroup.read(flags, this))
    const {records} = this.constructor as typeof GlanceCommand
    if (records !== undefined) this.display.use(chooseStyle(outputGroup.read(flags, this), records))
    const {isForced} = confirmGroup.read({force: false, ...flags}, this)
    return {
      io: this.io,
      display: this.display,
      ...changeGroup.read({'dry-run': false, ...flags}, this),
      consent: new Consent(this.display, isForced),
      connection,
      open: async () => (await connection.service(lifeSeconds)).api,
    }
  }

  /** A connection, which is closed at the end of the command; opens nothing until it is used. */
  protected connect(options: ConnectionOptions): CloudConnection {
    const connection = new CloudConnection(options, this.io, this.display)
    this.#connections.push(connection)
    return connection
  }

  /** Closes the progress and the connections; with --verbose, prints the run time. */
  protected async end(): Promise<void> {
    this.display.endProgress()
    await Promise.all(this.#connections.map(connection => connection.close()))
    if (this.#startedAt !== undefined) {
      const seconds = (performance.now() - this.#startedAt) / 1000
      this.display.log(`Completed in ${seconds.toFixed(4)} sec.`)
    }
  }
}

/** Configuration of the framework for a tool without plugins and hooks; reads nothing from disk. */
class MinimalConfig extends Config {
  constructor() {
    super({root: import.meta.dirname})
    this.bin = 'glance'
    this.name = 'glance'
  }

  override async runHook(): ReturnType<Config['runHook']> {
    return {failures: [], successes: []}
  }
}
