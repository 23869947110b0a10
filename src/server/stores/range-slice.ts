/** Cuts a range out of a stream, for sources that do not support ranges. */
import {Transform, type TransformCallback} from 'node:stream'
import type {ByteRange} from './store.js'

/** Passes the bytes of a range on, and ends after the last of them. */
export class RangeSlice extends Transform {
  #skip: number
  #left: number

  constructor({first, last}: ByteRange) {
    super()
    this.#skip = first
    this.#left = last - first + 1
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    const part = chunk.subarray(this.#skip, this.#skip + this.#left)
    this.#skip = Math.max(0, this.#skip - chunk.length)
    this.#left -= part.length
    if (part.length > 0) this.push(part)
    if (this.#left === 0) this.push(null)
    done()
  }
}
