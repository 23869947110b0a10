/** A terminal in memory: records the visible lines, and notes when a line was too long for it. */
import type {Output} from '../../src/lib/io/io.js'

export class FakeTerminal implements Output {
  readonly isTerminal = true
  /** All written text, with control sequences. */
  written = ''
  /** The visible lines. */
  lines: string[] = ['']
  /** True if a line was ever so long that the terminal would have wrapped it. */
  hasWrapped = false

  constructor(public columns: number) {}

  async write(data: string | Uint8Array): Promise<void> {
    const text = String(data)
    this.written += text
    let rest = text
    while (rest !== '') {
      const [found = ''] = /^(\r|\n|\x1b\[K|[^\r\n\x1b]+)/.exec(rest) ?? []
      if (found === '') throw new Error(`not understood: ${JSON.stringify(rest)}`)
      this.#take(found)
      rest = rest.slice(found.length)
    }
  }

  #column = 0

  #take(part: string): void {
    const last = this.lines.length - 1
    const line = this.lines[last] ?? ''
    if (part === '\r') this.#column = 0
    else if (part === '\n') {
      this.lines.push('')
      this.#column = 0
    } else if (part === '\x1b[K') this.lines[last] = line.slice(0, this.#column)
    else {
      this.lines[last] =
        line.slice(0, this.#column).padEnd(this.#column) + part + line.slice(this.#column + part.length)
      this.#column += part.length
      this.hasWrapped ||= this.#column >= this.columns
    }
  }
}
