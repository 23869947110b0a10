/** Progress as a bar in a terminal. */
import {type Options, SingleBar} from 'cli-progress'
import type {Output} from '../../io/io.js'
import type {ProgressCounter} from './counter.js'
import {formatBar} from './format.js'
import {CountingProgress} from './progress.js'

const ERASE_TO_END = '\x1b[K'
const FRAMES_PER_SECOND = 8
const DEFAULT_WIDTH = 80

/** Columns that stay free: the terminal shows Ctrl-C as ^C behind the line, which must not break it. */
const MARGIN = 3

/**
 * Draws over one line, and changes no setting of the terminal: neither the cursor nor the wrapping of lines has to be
 * brought back, however the process ends.
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
