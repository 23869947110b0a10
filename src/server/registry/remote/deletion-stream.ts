/** Hears from a registry server of images that are deleted while their data arrives. */
import {setTimeout as wait} from 'node:timers/promises'
import type {RegistryConnection} from './connection.js'

/** Milliseconds until a stream that broke is opened again. What it misses is found after the next heartbeat. */
const RETRY_INTERVAL = 5000

/** Milliseconds without a line, of which the server sends one every ten seconds, after which the server is gone. */
const MAX_SILENCE = 30_000

/** A stream with an image id in each line, opened again when it breaks. */
export class DeletionStream {
  readonly #connection: RegistryConnection
  readonly #closed = new AbortController()

  constructor(connection: RegistryConnection) {
    this.#connection = connection
  }

  /** Calls `hear` with the id of each image until `close`. */
  open(hear: (id: string) => void): void {
    void this.#listen(hear)
  }

  close(): void {
    this.#closed.abort()
  }

  /** Never rejects. */
  async #listen(hear: (id: string) => void): Promise<void> {
    const {signal} = this.#closed
    while (!signal.aborted) {
      await this.#read(hear).catch(() => {})
      await wait(RETRY_INTERVAL, undefined, {signal, ref: false}).catch(() => {})
    }
  }

  /** Reads one stream to its end. @throws any error, also for silence */
  async #read(hear: (id: string) => void): Promise<void> {
    const silence = new AbortController()
    const timer = setTimeout(() => silence.abort(), MAX_SILENCE).unref()
    try {
      const reply = await this.#connection.listen(AbortSignal.any([this.#closed.signal, silence.signal]))
      let rest = ''
      for await (const chunk of reply.body.setEncoding('utf8') as AsyncIterable<string>) {
        timer.refresh()
        const lines = (rest + chunk).split('\n')
        rest = lines.pop() ?? ''
        for (const line of lines) if (line !== '') hear(JSON.parse(line) as string)
      }
    } finally {
      clearTimeout(timer)
    }
  }
}
