/** Output and questions of a command: as text for people or JSON for programs, cleaned in one place. */
import {setTimeout as sleep} from 'node:timers/promises'
import type {Io, Output, Question} from '../io/io.js'
import {inspectOutput} from '../io/output-traits.js'
import type {Failure} from '../model/errors.js'
import type {JsonObject} from '../model/json-object.js'
import type {ChangeDisplay, PlanStep} from '../work/changes/change.js'
import type {Asker} from '../work/consent.js'
import {failureLines, partialFailureLine} from '../work/output/failure-view.js'
import {loadColours} from '../work/output/formats/paint.js'
import {failureRecord, jsonLine} from '../work/output/json.js'
import type {OutputStyle} from '../work/output/output-style.js'
import {ResultPrinter} from '../work/output/result-printer.js'
import {charactersToEscape, escapeControls} from '../work/output/text.js'
import {type Progress, withCleanNames} from '../work/progress/progress.js'
import {Secrets} from './secrets.js'

/**
 * Results go to standard output, everything else to standard error. Control characters are escaped and secrets masked,
 * because text from outside may hold anything. A progress bar is cleared before each line.
 */
export interface Display extends ChangeDisplay, Asker {
  /** Results go to a terminal for people, so a list may pause after each page. */
  readonly isPaged: boolean
  /** Characters in a line of the terminal that results go to; undefined for text that is not cut. */
  readonly columns: number | undefined
  /** Sets the form of results. */
  use(style: OutputStyle): void
  /** True if the form of results needs a field besides these. */
  needsMoreThan(fields: readonly string[]): boolean
  /** Prints no results from now on, because standard output carries the data of an image. */
  leaveOutResults(): void
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

/** @param format `json` or `ndjson` if the command line asks for it: failures are then JSON too */
export function createDisplay(io: Io, format?: 'json' | 'ndjson'): Display {
  return new OutputDisplay(io, format)
}

/** Milliseconds to wait for the reader of standard error after an interruption. */
const UNREAD_MS = 1000

class OutputDisplay implements Display {
  readonly #secrets = new Secrets()
  #progress: Progress | undefined
  #logged: Promise<void> | undefined
  readonly #io: Io
  readonly #isJson: boolean
  readonly #results: ResultPrinter

  constructor(io: Io, format: 'json' | 'ndjson' | undefined) {
    this.#io = io
    this.#isJson = format !== undefined
    const sink = {
      get traits() {
        return inspectOutput(io.stdout, io.env)
      },
      print: (text: string) => this.#write(io.stdout, text),
      mask: (record: JsonObject) => this.#secrets.maskAll(record) as JsonObject,
      isClean: (json: string) => this.#secrets.isCleanJson(json),
      clean: (line: string) => this.#clean(line, io.stdout),
    }
    this.#results = new ResultPrinter(sink, {format: format ?? 'text'})
  }

  get isPaged(): boolean {
    const {format} = this.#results.style
    return this.#io.stdout.isTerminal && (format === 'text' || format === 'table')
  }

  get columns(): number | undefined {
    return this.#io.stdout.columns
  }

  use(style: OutputStyle): void {
    this.#results.style = style
  }

  needsMoreThan(fields: readonly string[]): boolean {
    const {format, columns} = this.#results.style
    if (columns === undefined) return format !== 'text' && format !== 'table'
    return columns.some(column => !fields.includes(column))
  }

  leaveOutResults(): void {
    this.#results.disable()
  }

  result(records: () => readonly JsonObject[], lines?: () => readonly string[]): Promise<void> {
    return this.#results.print({records, lines})
  }

  plan(steps: Iterable<PlanStep> | AsyncIterable<PlanStep>): Promise<void> {
    return this.#results.printPlan(steps)
  }

  complete(): Promise<void> {
    return this.#results.end()
  }

  partialFailure(failure: Failure): Promise<void> {
    if (this.#isJson) return this.failure(failure)
    return this.#printError([this.#clean(partialFailureLine(failure))])
  }

  async failure(failure: Failure, trail: readonly string[] = []): Promise<void> {
    if (this.#isJson) {
      const record = {...failureRecord(failure), ...(trail.length > 0 && {stack: trail})}
      return this.#printError([jsonLine(this.#secrets.maskAll(record))])
    }
    const [message, ...details] = failureLines(failure, trail).map(line => this.#clean(line))
    const {hasColour} = inspectOutput(this.#io.stderr, this.#io.env)
    const name = hasColour ? (await loadColours()).bold.red('glance:') : 'glance:'
    await this.#printError([`${name} ${message}`, ...details])
  }

  get canAsk(): boolean {
    return this.#io.stdin.kind === 'terminal'
  }

  note(text: string): void {
    this.log(`note: ${text}`)
  }

  warning(text: string): void {
    this.log(`warning: ${text}`)
  }

  log(line: string, output?: Output): Promise<void> {
    if (output !== undefined) return this.#writeLines(output, [this.#clean(line)])
    this.#logged = this.#printError([this.#clean(line)])
    return this.#logged
  }

  text(text: string): Promise<void> {
    return this.#write(this.#io.stdout, text)
  }

  ask({text, ...rest}: Question): Promise<boolean> {
    this.#progress?.hide()
    return this.#io.ask({text: this.#clean(text), ...rest})
  }

  async askSecret(question: string): Promise<string> {
    this.#progress?.hide()
    const secret = await this.#io.askSecret(this.#clean(question))
    this.conceal(secret)
    return secret
  }

  conceal(secret: string): void {
    this.#secrets.add(secret)
  }

  onForcedExit(message: string | undefined): void {
    this.#io.onForcedExit(message === undefined ? undefined : this.#clean(`glance: ${message}`))
  }

  adopt(progress: Progress): Progress {
    this.#progress = progress
    const {isUnicode} = inspectOutput(this.#io.stderr, this.#io.env)
    return withCleanNames(progress, name => (isUnicode ? this.#secrets.mask(name) : this.#clean(name)))
  }

  endProgress(): void {
    this.#progress?.fail()
  }

  async close(): Promise<void> {
    if (this.#logged) await this.#waitForReader(this.#logged)
  }

  #clean(text: string, output = this.#io.stderr): string {
    const {isUnicode} = inspectOutput(output, this.#io.env)
    return escapeControls(this.#secrets.mask(text), charactersToEscape(isUnicode))
  }

  #printError(lines: readonly string[]): Promise<void> {
    return this.#waitForReader(this.#writeLines(this.#io.stderr, lines))
  }

  /** After an interruption, nothing waits long for a standard error that is not read. */
  #waitForReader(written: Promise<void>): Promise<void> {
    if (!this.#io.interrupted.aborted) return written
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
