/** Receives the bytes of a download in memory that is used again. */
import {type Slot, SlotRing} from '../../data/portions/slots.js'
import type {RangeReader} from './stream.js'

/** Milliseconds after which a slot is passed on although there is room in it: a slow connection needs as little as a fast one. */
const FILL_MS = 100

/** Consecutive bytes in a slot, which the receiver must release. */
export interface FilledSlot {
  readonly slot: Slot
  readonly bytes: Buffer
}

/**
 * Yields all bytes of the reader, and closes it. After a failure, what arrived before it is yielded first.
 * @param onBytes called with the number of bytes as soon as they arrive; may throw
 */
export async function* readSlots(
  reader: RangeReader,
  onBytes: (length: number) => void,
): AsyncGenerator<FilledSlot> {
  const ring = new SlotRing()
  try {
    for (let isLast = false; !isLast; ) {
      const slot = await ring.take()
      const {length, end} = await fillSlot(slot.bytes, reader, onBytes)
      if (length > 0) yield {slot, bytes: slot.bytes.subarray(0, length)}
      else slot.release()
      if (end?.failure) throw end.failure
      isLast = end !== undefined
    }
  } finally {
    reader.close()
  }
}

/** @returns the number of bytes; the end of the data, if it was reached, with the failure that caused it */
async function fillSlot(
  memory: Buffer,
  reader: RangeReader,
  onBytes: (length: number) => void,
): Promise<{readonly length: number; readonly end?: {readonly failure?: unknown}}> {
  const start = performance.now()
  let filled = 0
  try {
    while (filled < memory.length && performance.now() - start < FILL_MS) {
      const length = await reader.readInto(memory.subarray(filled))
      if (length === 0) return {length: filled, end: {}}
      onBytes(length)
      filled += length
    }
    return {length: filled}
  } catch (failure) {
    return {length: filled, end: {failure}}
  }
}
