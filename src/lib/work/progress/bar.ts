/** Progress as a bar in a terminal. */
import {type Options, SingleBar} from 'cli-progress'
import type {Output} from '../../io/io.js'
import type {ProgressCounter} from './counter.js'
import {formatBar} from './format.js'
import {CountingProgress} from './progress.js'

const ERASE_TO_END = '\x1b[K'
const FRAMES_PER_SECOND = 8
const DEFAULT_WIDTH = 80

/** Columns left free: the terminal echoes Ctrl-C as ^C after the line, which must not wrap. */
const MARGIN = 3

/**
 * Redraws one line. Changes no setting of the terminal, so nothing has to be restored, however the process ends.
 */
export class ProgressBar extends CountingProgress {
  readonly #output: Output
  #bar: SingleBar | undefined
  #isEnd = false

  constructor(output: Output, now?: () => number) {
    super(now)
    this.#output = output
  }

  override hide(): void {
    if (this.#bar) this.#write(`\r${ERASE_TO_END}`)
  }

  protected override begin(counter: ProgressCounter): void {
    this.#isEnd = false
    const format = () => formatBar(counter, this.#columns - MARGIN, this.#isEnd)
    this.#bar = new SingleBar({...this.#options(), format})
    this.#bar.start(counter.task.total ?? 0, 0)
  }

  protected override end(_counter: ProgressCounter, isComplete: boolean): void {
    this.#isEnd = isComplete
    this.#bar?.stop()
    this.#bar = undefined
  }

  get #columns(): number {
    return this.#output.columns || DEFAULT_WIDTH
  }

  #write(text: string): void {
    void this.#output.write(text)
  }

  #options(): Options {
    const nothing = () => {}
    const terminal = {
      cursorSave: nothing,
      cursorRestore: nothing,
      cursor: nothing,
      cursorTo: nothing,
      lineWrapping: nothing,
      clearRight: nothing,
      clearLine: nothing,
      newline: () => this.#write('\n'),
      write: (line: string) => this.#write(`\r${line}${ERASE_TO_END}`),
      isTTY: () => true,
      getWidth: () => this.#columns,
    }
    return {terminal, fps: FRAMES_PER_SECOND, forceRedraw: true} as Options
  }
}
