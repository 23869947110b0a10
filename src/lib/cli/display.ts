/** Output and questions of a command: as text for people or JSON for programs, cleaned in one place. */
import {setTimeout as sleep} from 'node:timers/promises'
import type {Io, Output, Question} from '../io/io.js'
import type {Failure} from '../model/errors.js'
import type {JsonObject} from '../model/json-object.js'
import type {ChangeDisplay, PlanStep} from '../work/changes/change.js'
import type {Asker} from '../work/consent.js'
import {failureRecord, jsonLine} from '../work/output/json.js'
import {escapeControls} from '../work/output/text.js'
import {type Progress, withCleanNames} from '../work/progress/progress.js'
import {Secrets} from './secrets.js'

/**
 * Results go to standard output, everything else to standard error. Control characters are escaped and secrets masked,
 * because text from outside may hold anything. A progress bar is cleared before each line.
 */
export interface Display extends ChangeDisplay, Asker {
  /** Results go to a terminal, so a list may pause after each page. */
  readonly isPaged: boolean
  /** Characters in a line of the terminal that results go to; undefined for text that is not cut. */
  readonly columns: number | undefined
  /** Prints text of the tool itself, for example help, unchanged. */
  text(text: string): Promise<void>
  /**
   * Prints a line without a prefix, for example a trace, on standard error unless another output is given. Resolves when it
   * is handed on.
   */
  log(line: string, output?: Output): Promise<void>
  /** Prints the failure that ends the command. @param trail lines of its stack */
  failure(failure: Failure, trail?: readonly string[]): Promise<void>
  /** Asks for a secret, which is masked from then on. Only where `canAsk` is true. */
  askSecret(question: string): Promise<string>
  /** Masks this text from now on. */
  conceal(secret: string): void
  /** Sets the message for a second interruption, which ends the process at once; undefined for none. */
  onForcedExit(message: string | undefined): void
  /** The same progress, cleared before each line of text, with secrets masked. */
  adopt(progress: Progress): Progress
  /** Clears an adopted progress that is not complete. */
  endProgress(): void
  /** Waits until everything is written; not for long after an interruption. */
  close(): Promise<void>
}

/** @param isJson the user gave --json */
export function createDisplay(io: Io, isJson: boolean): Display {
  return isJson ? new JsonDisplay(io) : new TextDisplay(io)
}

/** Milliseconds to wait for the reader of standard error after an interruption. */
const UNREAD_MS = 1000

/** Notes, questions and other lines, which are the same in both forms. */
abstract class BaseDisplay {
  readonly #secrets = new Secrets()
  #progress: Progress | undefined
  #logged: Promise<void> = Promise.resolve()

  constructor(protected readonly io: Io) {}

  get canAsk(): boolean {
    return this.io.stdin.kind === 'terminal'
  }

  note(text: string): void {
    this.log(`note: ${text}`)
  }

  warning(text: string): void {
    this.log(`warning: ${text}`)
  }

  log(line: string, output?: Output): Promise<void> {
    if (output !== undefined) return this.#writeLines(output, [this.clean(line)])
    this.#logged = this.printError([this.clean(line)])
    return this.#logged
  }

  text(text: string): Promise<void> {
    return this.#write(this.io.stdout, text)
  }

  ask({text, ...rest}: Question): Promise<boolean> {
    this.#progress?.hide()
    return this.io.ask({text: this.clean(text), ...rest})
  }

  async askSecret(question: string): Promise<string> {
    this.#progress?.hide()
    const secret = await this.io.askSecret(this.clean(question))
    this.conceal(secret)
    return secret
  }

  conceal(secret: string): void {
    this.#secrets.add(secret)
  }

  onForcedExit(message: string | undefined): void {
    this.io.onForcedExit(message === undefined ? undefined : this.clean(`glance: ${message}`))
  }

  adopt(progress: Progress): Progress {
    this.#progress = progress
    return withCleanNames(progress, name => this.#secrets.mask(name))
  }

  endProgress(): void {
    this.#progress?.fail()
  }

  close(): Promise<void> {
    return this.#waitForReader(this.#logged)
  }

  protected clean(text: string): string {
    return escapeControls(this.#secrets.mask(text))
  }

  protected toJson(record: JsonObject): string {
    return jsonLine(this.#secrets.maskAll(record) as JsonObject)
  }

  protected print(lines: readonly string[]): Promise<void> {
    return this.#writeLines(this.io.stdout, lines)
  }

  protected printError(lines: readonly string[]): Promise<void> {
    return this.#waitForReader(this.#writeLines(this.io.stderr, lines))
  }

  /** After an interruption, nothing waits long for a standard error that is not read. */
  #waitForReader(written: Promise<void>): Promise<void> {
    if (!this.io.interrupted.aborted) return written
    return Promise.race([written, sleep(UNREAD_MS, undefined, {ref: false})])
  }

  async #writeLines(output: Output, lines: readonly string[]): Promise<void> {
    if (lines.length > 0) await this.#write(output, `${lines.join('\n')}\n`)
  }

  #write(output: Output, text: string): Promise<void> {
    this.#progress?.hide()
    return output.write(text)
  }
}

class TextDisplay extends BaseDisplay implements Display {
  get isPaged(): boolean {
    return this.io.stdout.isTerminal
  }

  get columns(): number | undefined {
    return this.io.stdout.columns
  }

  result(_records: unknown, lines: () => readonly string[]): Promise<void> {
    return this.print(lines().map(line => this.clean(line)))
  }

  async plan(steps: Iterable<PlanStep> | AsyncIterable<PlanStep>): Promise<void> {
    await this.print(['Dry run. We would have done the following:'])
    for await (const {lines} of steps) await this.print(lines.map(line => this.clean(line)))
  }

  partialFailure({message, why}: Failure): Promise<void> {
    return this.printError([this.clean(`glance: ${message}${why === undefined ? '' : `: ${why}`}`)])
  }

  async failure({message, why, advice, requestId}: Failure, trail: readonly string[] = []): Promise<void> {
    const isTerminal = this.io.stderr.isTerminal
    const details = [why, advice, requestId && `request id: ${requestId}`].filter(Boolean)
    await this.printError([
      `${isTerminal ? await inRed('glance:') : 'glance:'} ${this.clean(message)}`,
      ...[...details.map(line => `  ${line}`), ...trail].map(line => this.clean(line)),
    ])
  }
}

class JsonDisplay extends BaseDisplay implements Display {
  readonly isPaged = false
  readonly columns = undefined

  result(records: () => readonly JsonObject[]): Promise<void> {
    return this.print(records().map(record => this.toJson(record)))
  }

  async plan(steps: Iterable<PlanStep> | AsyncIterable<PlanStep>): Promise<void> {
    for await (const {record} of steps) await this.print([this.toJson({dry_run: true, ...record})])
  }

  partialFailure(failure: Failure): Promise<void> {
    return this.failure(failure)
  }

  failure(failure: Failure, trail?: readonly string[]): Promise<void> {
    return this.printError([this.toJson({...failureRecord(failure), stack: trail})])
  }
}

async function inRed(text: string): Promise<string> {
  const {default: chalk} = await import('chalk')
  return chalk.bold.red(text)
}
