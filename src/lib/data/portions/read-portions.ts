/** Reads a source in portions for a request, in memory that is used again if the source allows it. */
import type {Readable} from 'node:stream'
import {type DirectStream, isDirect} from '../../io/streams/direct-stream.js'
import {type Slot, SlotRing} from './slots.js'

/** Consecutive bytes of a source. */
export interface Portion {
  readonly bytes: Buffer
  /** The memory of the bytes if it is used again: the receiver must release it. */
  readonly slot?: Slot
}

/** Bytes. A socket may accept fewer before it has written earlier ones, so they get memory of their own. */
const MIN_SLOT_BYTES = 64 * 1024

/** Yields all bytes of the source, and destroys it. */
export async function* readPortions(source: Readable): AsyncGenerator<Portion> {
  if (isDirect(source)) yield* readSlots(source)
  else for await (const bytes of source as AsyncIterable<Buffer>) yield {bytes}
}

async function* readSlots(source: DirectStream): AsyncGenerator<Portion> {
  const ring = new SlotRing()
  source.on('error', () => {})
  try {
    for (;;) {
      const slot = await ring.take()
      const length = await source.readInto(slot.bytes)
      if (length === 0) return
      const bytes = slot.bytes.subarray(0, length)
      if (length >= MIN_SLOT_BYTES) {
        yield {bytes, slot}
      } else {
        slot.release()
        yield {bytes: Buffer.from(bytes)}
      }
    }
  } finally {
    source.destroy()
  }
}
