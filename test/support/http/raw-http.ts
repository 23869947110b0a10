/** An HTTP client that sends exactly the given bytes, and reads the response without interpreting it. */
import net from 'node:net'

/** A raw response: names in lower case, values as Latin-1 characters. */
export interface RawAnswer {
  readonly status: number
  readonly title: string
  readonly headers: ReadonlyMap<string, string>
  readonly body: Buffer
}

/** A connection on which a test writes bytes at any time. */
export class RawConnection {
  readonly socket: net.Socket
  #chunks: Buffer[] = []
  #size = 0
  #closed = false
  #failure: Error | undefined
  #wake: () => void = () => {}

  constructor(port: number, host = '127.0.0.1') {
    this.socket = net.connect({port, host, allowHalfOpen: true})
    this.socket.on('data', chunk => {
      this.#chunks.push(chunk)
      this.#size += chunk.length
      this.#wake()
    })
    this.socket.on('end', () => this.#end())
    this.socket.on('close', () => this.#end())
    this.socket.on('error', error => {
      this.#failure = error
    })
  }

  /** Writes the characters as Latin-1 bytes; resolves when the system has accepted them. */
  write(bytes: string | Buffer): Promise<void> {
    const data = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes
    return new Promise((resolve, reject) => {
      this.socket.write(data, error => (error ? reject(error) : resolve()))
    })
  }

  /** The next response; undefined when the connection is closed without one. Interim ones (100) are responses too. */
  async answer({toHead = false} = {}): Promise<RawAnswer | undefined> {
    const head = await this.#until(() => this.#received().indexOf('\r\n\r\n'))
    if (head < 0) return undefined
    const [first = '', ...lines] = this.#take(head + 4)
      .toString('latin1')
      .trimEnd()
      .split('\r\n')
    const [, status = '', title = ''] = /^HTTP\/1\.[01] (\d{3}) (.*)$/.exec(first) ?? []
    const headers = new Map(lines.map(line => parseField(line)))
    const bodiless = toHead || /^(1..|204|304)$/.test(status)
    const body = bodiless ? Buffer.alloc(0) : await this.#body(headers)
    return {status: Number(status), title, headers, body}
  }

  /** Resolves when the other side has closed. */
  async waitUntilClosed(): Promise<Error | undefined> {
    await this.#until(() => -1)
    return this.#failure
  }

  close(): void {
    this.socket.destroy()
  }

  async #body(headers: ReadonlyMap<string, string>): Promise<Buffer> {
    const length = headers.get('content-length')
    if (headers.get('transfer-encoding') === 'chunked') return this.#chunkedBody()
    const size = Number(length ?? Number.POSITIVE_INFINITY)
    await this.#until(() => (this.#size >= size ? size : -1))
    return this.#take(Math.min(size, this.#size))
  }

  async #chunkedBody(): Promise<Buffer> {
    const parts: Buffer[] = []
    for (;;) {
      const line = await this.#until(() => this.#received().indexOf('\r\n'))
      if (line < 0) return Buffer.concat(parts)
      const size = Number.parseInt(this.#take(line + 2).toString('latin1'), 16)
      await this.#until(() => (this.#size >= size + 2 ? 0 : -1))
      parts.push(this.#take(size + 2).subarray(0, size))
      if (size === 0) return Buffer.concat(parts)
    }
  }

  #take(size: number): Buffer {
    const received = this.#received()
    this.#chunks = [received.subarray(size)]
    this.#size = received.length - size
    return received.subarray(0, size)
  }

  #received(): Buffer {
    const all = Buffer.concat(this.#chunks)
    this.#chunks = [all]
    return all
  }

  async #until(found: () => number): Promise<number> {
    for (;;) {
      const at = found()
      if (at >= 0 || this.#closed) return at
      await new Promise<void>(resolve => {
        this.#wake = resolve
      })
    }
  }

  #end(): void {
    this.#closed = true
    this.#wake()
  }
}

function parseField(line: string): readonly [string, string] {
  const colon = line.indexOf(':')
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
}

/** Sends one request on a new connection, and returns its last response: a `100 Continue` before it is skipped. */
export async function exchange(port: number, request: string, {toHead = false} = {}): Promise<RawAnswer> {
  const connection = new RawConnection(port)
  try {
    await connection.write(request)
    let answer = await connection.answer({toHead})
    if (answer?.status === 100) answer = await connection.answer({toHead})
    if (!answer) throw new Error('the connection was closed without an answer')
    return answer
  } finally {
    connection.close()
  }
}
