/** Tells API servers of the images that are deleted while their data arrives, in streams that stay open. */
import {PassThrough} from 'node:stream'
import type {Deletion} from '../../registry/registry.js'

/** Milliseconds between empty lines, by which both sides find out that the other one is gone. */
const LINE_INTERVAL = 10_000

/** Bytes that a listener does not take, after which its stream ends. */
const MAX_WAITING = 64 * 1024

/** The streams of all listeners. */
export class Deletions {
  readonly #streams = new Set<PassThrough>()
  readonly #timer: NodeJS.Timeout

  constructor() {
    this.#timer = setInterval(() => this.#write('\n'), LINE_INTERVAL).unref()
  }

  /** A stream with the id of each image in a line of JSON. */
  open(): PassThrough {
    const stream = new PassThrough()
    this.#streams.add(stream)
    stream.once('close', () => this.#streams.delete(stream)).on('error', () => {})
    // The headers of the response are sent together with the first bytes.
    stream.write('\n')
    return stream
  }

  /** Tells of a deletion, if data arrived. */
  note(deletion: Deletion | undefined): void {
    if (deletion && deletion.image.arriving !== null) this.announce(deletion.image.id)
  }

  announce(id: string): void {
    this.#write(`${JSON.stringify(id)}\n`)
  }

  /** Ends all streams. */
  close(): void {
    clearInterval(this.#timer)
    for (const stream of this.#streams) stream.end()
  }

  #write(line: string): void {
    for (const stream of this.#streams) {
      if (stream.writableLength > MAX_WAITING) stream.destroy()
      else stream.write(line)
    }
  }
}
