/** Prints the results of a command on standard output, in the style that its flags choose. */
import type {JsonObject} from '../../model/json-object.js'
import type {FormatterSink, RecordFormatter} from './formats/record-formatter.js'
import {isDocument} from './output-formats.js'
import type {OutputStyle} from './output-style.js'

/** The output of a printer. */
export interface ResultSink extends FormatterSink {
  print(text: string): Promise<void>
  /** A line without secrets and control characters. */
  clean(line: string): string
}

/** Records of a document that are written at a time: their text is short for the engine, and readers get it sooner. */
const WRITTEN_RECORDS = 100

/** A result in its two forms; without lines, people get a table. */
export interface PrintableResult {
  readonly records: () => readonly JsonObject[]
  readonly lines?: (() => readonly string[]) | undefined
}

/**
 * Prints results as they come, and ends the list when all are printed. A list that is not ended is incomplete: its JSON
 * array stays open.
 */
export class ResultPrinter {
  readonly #sink: ResultSink
  #style: OutputStyle
  #formatter: Promise<RecordFormatter> | undefined
  #isEnded = false

  constructor(sink: ResultSink, style: OutputStyle) {
    this.#sink = sink
    this.#style = style
  }

  /** The style from now on. */
  set style(style: OutputStyle) {
    this.#style = style
  }

  get style(): OutputStyle {
    return this.#style
  }

  async print({records, lines}: PrintableResult): Promise<void> {
    if (this.#isEnded) return
    if (this.#style.format === 'text' && lines !== undefined) return this.#printLines(lines())
    const formatter = await this.#open()
    const all = records()
    const step = isDocument(this.#style.format) ? WRITTEN_RECORDS : all.length || 1
    for (let start = 0; start < all.length; start += step)
      await this.#write(formatter.format(all.slice(start, start + step)))
  }

  /** Prints the steps of a dry run: as records in JSON and YAML, otherwise as text. */
  async printPlan(steps: Iterable<PrintableStep> | AsyncIterable<PrintableStep>): Promise<void> {
    const isText = !isDocument(this.#style.format)
    this.#isEnded = false
    this.#style = isText ? {format: 'text'} : {format: this.#style.format}
    if (isText) await this.#printLines(['Dry run. We would have done the following:'])
    for await (const {record, lines} of steps)
      await this.print({records: () => [{dry_run: true, ...record}], lines: () => lines})
    await this.end()
  }

  /** Ends the list: an empty one too. Later results are not printed. */
  async end(): Promise<void> {
    if (this.#isEnded) return
    this.#isEnded = true
    if (this.#style.format === 'text' && this.#formatter === undefined) return
    await this.#write((await this.#open()).end())
  }

  /** Prints no results, because standard output carries other data, except in a dry run. */
  disable(): void {
    this.#isEnded = true
  }

  #open(): Promise<RecordFormatter> {
    this.#formatter ??= this.#load()
    return this.#formatter
  }

  /** Only commands that print records load the formats. */
  async #load(): Promise<RecordFormatter> {
    const {createFormatter} = await import('./formats/open-formatter.js')
    return createFormatter(this.#style, this.#sink)
  }

  async #printLines(lines: readonly string[]): Promise<void> {
    const {clean, traits} = this.#sink
    const cleaned = lines.map(line => clean(line))
    if (!traits.hasColour) return this.#write(cleaned.map(line => `${line}\n`).join(''))
    const {loadPaint, paintStatusLine} = await import('./formats/paint.js')
    const paint = await loadPaint(true)
    await this.#write(cleaned.map(line => `${paintStatusLine(line, paint)}\n`).join(''))
  }

  async #write(text: string): Promise<void> {
    if (text !== '') await this.#sink.print(text)
  }
}

/** A step of a dry run in its two forms. */
export interface PrintableStep {
  readonly record: JsonObject
  readonly lines: readonly string[]
}
