/** Image data from the sources of bytes that programs have. */
import type {FileHandle} from 'node:fs/promises'
import {Readable} from 'node:stream'
import type {ReadableStream as WebStream} from 'node:stream/web'
import type {ImageData} from '../data/image-data.js'
import {peek, toReadFailure} from '../data/peek.js'
import {readOpenFile} from '../io/streams/open-file.js'
import {Failure, usageError} from '../model/errors.js'
import {describeType} from './check-values.js'

type Chunks = Iterable<unknown> | AsyncIterable<unknown>

/** A source that can be opened, a stream, an open file, bytes, or an iterable of bytes. A text is not data. */
export type Data =
  | ImageData
  | Readable
  | FileHandle
  | Blob
  | WebStream
  | ArrayBuffer
  | ArrayBufferView
  | Iterable<Uint8Array>
  | AsyncIterable<Uint8Array | string>

/**
 * The data of a program as a source of the library. A stream gets a listener for errors at once: it may fail before it
 * is read.
 * @throws Failure of kind `usage` for anything that is not a source of bytes
 */
export async function toImageData(data: Data): Promise<ImageData> {
  if (data instanceof Readable) return fromStream(data)
  if (data instanceof ArrayBuffer) return fromBytes(Buffer.from(data))
  if (ArrayBuffer.isView(data)) return fromBytes(Buffer.from(data.buffer, data.byteOffset, data.byteLength))
  if (data instanceof Blob) return fromBlob(data)
  if (typeof data === 'object' && data !== null) {
    if ('open' in data && typeof data.open === 'function') return data
    if ('fd' in data && 'createReadStream' in data) return fromFile(data)
    if ('getReader' in data) return fromStream(fromWebStream(data))
    if (Symbol.asyncIterator in data || Symbol.iterator in data) return fromChunks(data as Chunks)
  }
  throw usageError(`invalid image data: expected a source of bytes, not ${describeType(data)}`, {
    advice: 'Pass createReadStream(path) for a file, and Buffer.from(text) for a text.',
  })
}

function fromBytes(bytes: Buffer): ImageData {
  const open = () => Readable.from([bytes], {objectMode: false})
  return {size: bytes.length, repeatable: true, open}
}

function fromBlob(blob: Blob): ImageData {
  return {size: blob.size, repeatable: true, open: () => Readable.fromWeb(blob.stream() as WebStream)}
}

/** A regular file is read from its start, as often as needed, and stays open. */
async function fromFile(file: FileHandle): Promise<ImageData> {
  const stats = await file.stat()
  if (!stats.isFile()) return fromStream(file.createReadStream({autoClose: false}))
  return {size: stats.size, repeatable: true, open: () => readOpenFile(file.fd, 0)}
}

function fromStream(stream: Readable): ImageData {
  stream.on('error', () => {})
  if (stream.readableObjectMode || stream.readableEncoding !== null) return fromChunks(stream)
  return {repeatable: false, open: () => stream}
}

function fromWebStream(stream: WebStream): Readable {
  if (stream.locked) throw usageError('invalid image data: the stream is being read already')
  return Readable.fromWeb(stream)
}

function fromChunks(chunks: Chunks): ImageData {
  const stream = Readable.from(toBuffers(chunks), {objectMode: false})
  stream.on('error', () => {})
  return {repeatable: false, open: () => stream}
}

async function* toBuffers(chunks: Chunks): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    if (typeof chunk === 'string') yield Buffer.from(chunk)
    else if (ArrayBuffer.isView(chunk)) yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    else if (chunk instanceof ArrayBuffer) yield Buffer.from(chunk)
    else throw usageError(`invalid image data: expected chunks of bytes, not ${describeType(chunk)}`)
  }
}

/**
 * The data, once it is known to have a byte.
 * @throws Failure for a source that is empty or cannot be read
 */
export async function requireBytes(data: ImageData, what: string): Promise<ImageData> {
  const peeked = await peek(data, () => false).catch(error => {
    throw toReadFailure(error)
  })
  if (peeked.head.length > 0) return peeked.data
  throw new Failure('failed', what, {
    why: 'the data is empty',
    advice: 'Leave out the data to register an image without any, or set allowEmpty for one of 0 bytes.',
  })
}
