/**
 * Reads a body from its connection into given memory, past the parser of Node, which copies each part into new memory. That
 * makes the garbage collector run. Uses internals of Node's sockets; the parser still sees each byte.
 */
import type {Socket} from 'node:net'

/** Memory that takes a body. */
export interface BodyMemory {
  /** Called when there may be memory again. */
  onFree: () => void
  /** Memory for the next bytes; undefined while there is none. */
  lend(): Uint8Array | undefined
  /** Takes the first bytes of the memory that was lent last. */
  fill(length: number): void
  /** Copies bytes, also while there is no memory. */
  append(bytes: Uint8Array): void
}

/** The use of memory for a body. */
export interface DirectReading {
  /** Takes bytes of the body that the parser has passed on nevertheless, because it had them already. */
  append(bytes: Uint8Array): void
  /** Ends the use of the memory at once. */
  stop(): void
}

/** Bytes that are read at a time while there is no memory. */
const SPARE_BYTES = 64 * 1024

/** Properties of a socket that Node does not document; any may be absent in another release. */
interface PrivateParts {
  readonly _handle?: Internals['handle'] | null
  readonly _paused?: boolean
  readonly parser?: Internals['parser'] & {readonly constructor: {readonly kOnBody?: number}}
}

/** What is used of Node: the symbols by which a socket reads into a buffer (option `onread`), its handle, and its parser. */
interface Internals {
  readonly buffer: symbol
  readonly callback: symbol
  readonly generator: symbol
  readonly handle: {useUserBuffer(buffer: Uint8Array): void}
  readonly parser: Record<number, unknown>
  /** Key of the function of the parser that receives copies of the parts of a body. */
  readonly onBody: number
}

/** Sockets that read into buffers; they do so until they are closed. */
const readers = new WeakMap<Socket, DirectReader>()

/**
 * Puts the next bytes of a connection into memory, as the rest of a body.
 * @param length bytes of the rest
 * @returns undefined if this release of Node cannot do it
 */
export function readDirectly(socket: Socket, length: number, memory: BodyMemory): DirectReading | undefined {
  const reader = readers.get(socket) ?? openReader(socket)
  return reader?.begin(length, memory)
}

function openReader(socket: Socket): DirectReader | undefined {
  const internals = findInternals(socket)
  if (internals === undefined) return undefined
  const reader = new DirectReader(socket, internals)
  readers.set(socket, reader)
  return reader
}

/**
 * Undefined if anything differs from what is known, with TLS, which decrypts into memory of its own, or if the connection
 * waits for the reader of earlier responses.
 */
function findInternals(socket: Socket): Internals | undefined {
  if ('encrypted' in socket) return undefined
  const symbols = Object.getOwnPropertySymbols(socket)
  const [buffer, callback, generator] = ['kBuffer', 'kBufferCb', 'kBufferGen'].map(name =>
    symbols.find(({description}) => description === name),
  )
  const {_handle: handle, parser, _paused: isPaused} = socket as Socket & PrivateParts
  const onBody = parser?.constructor.kOnBody
  if (!buffer || !callback || !generator || !parser || isPaused || onBody === undefined) return undefined
  if (typeof handle?.useUserBuffer !== 'function' || typeof parser[onBody] !== 'function') return undefined
  return {buffer, callback, generator, handle, parser, onBody}
}

class DirectReader {
  readonly #socket: Socket & Record<symbol, unknown>
  readonly #internals: Internals
  readonly #spare = Buffer.allocUnsafeSlow(SPARE_BYTES)
  #memory: BodyMemory | undefined
  #left = 0

  constructor(socket: Socket, internals: Internals) {
    this.#socket = socket as Socket & Record<symbol, unknown>
    this.#internals = internals
    // A listener for data makes Node's server read the connection in JavaScript.
    const listener = () => {}
    socket.on('data', listener).off('data', listener)
    this.#socket[internals.callback] = this.#onRead
    this.#socket[internals.generator] = this.#chooseBuffer
    this.#readIntoSpare()
  }

  begin(length: number, memory: BodyMemory): DirectReading {
    this.#left = length
    this.#memory = memory
    memory.onFree = () => {
      if (this.#memory === memory) this.#socket.resume()
    }
    memory.onFree()
    return {
      append: bytes => {
        if (this.#memory !== memory) return
        this.#count(bytes.length)
        memory.append(bytes)
      },
      stop: () => {
        if (this.#memory !== memory) return
        this.#memory = undefined
        this.#readIntoSpare()
        this.#socket.resume()
      },
    }
  }

  #count(bytes: number): void {
    this.#left -= bytes
    if (this.#left === 0) this.#memory = undefined
  }

  /** Takes effect at once: no later byte reaches the memory that was read into before. */
  #readIntoSpare(): void {
    this.#socket[this.#internals.buffer] = this.#spare
    if (!this.#socket.destroyed) this.#internals.handle.useUserBuffer(this.#spare)
  }

  /** @returns false if nothing shall be read until there is memory */
  readonly #onRead = (length: number, buffer: Uint8Array): boolean => {
    const memory = this.#memory
    const bytes = memory ? Math.min(length, this.#left) : 0
    if (memory && bytes > 0) {
      this.#count(bytes)
      if (buffer === this.#spare) memory.append(buffer.subarray(0, bytes))
      else memory.fill(bytes)
      this.#parseWithoutBody(buffer.subarray(0, bytes))
    }
    if (length > bytes && !this.#socket.destroyed) this.#socket.emit('data', buffer.subarray(bytes, length))
    return this.#memory === undefined || this.#memory.lend() !== undefined
  }

  readonly #chooseBuffer = (): Uint8Array => this.#memory?.lend() ?? this.#spare

  #parseWithoutBody(bytes: Uint8Array): void {
    const {parser, onBody} = this.#internals
    const passBody = parser[onBody]
    parser[onBody] = undefined
    try {
      this.#socket.emit('data', bytes)
    } finally {
      parser[onBody] = passBody
    }
  }
}
