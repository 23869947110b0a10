/** Streams whose bytes can be read into memory of the reader: fresh memory for every chunk costs more than a copy. */
import type {Readable} from 'node:stream'

/** Read it as any stream, or from some point on with `readInto` only. */
export interface DirectStream extends Readable {
  /**
   * Reads the next bytes, at least one unless the stream ends. One call at a time; destroy the stream in the end.
   * @returns the number of bytes; 0 at the end
   * @throws the error of the source
   */
  readInto(target: Uint8Array): Promise<number>
}

/** True if the bytes can be read with `readInto`. */
export function isDirect(stream: Readable): stream is DirectStream {
  return 'readInto' in stream
}

/**
 * Moves bytes that the stream has received, but that were not read, to the target.
 * @returns the number of bytes; 0 if there are none
 */
export function takeReceived(stream: Readable, target: Uint8Array): number {
  const length = Math.min(stream.readableLength, target.length)
  const bytes: Buffer | null = length > 0 ? stream.read(length) : null
  if (bytes === null) return 0
  target.set(bytes)
  return length
}
