/** Image data for tests: from a pipe of unknown length, and from a file. */
import {Readable} from 'node:stream'
import type {ImageData} from '../../src/lib/api/image-api.js'

export function pipe(...parts: string[]): ImageData {
  return {repeatable: false, open: () => Readable.from(parts.map(part => Buffer.from(part)))}
}

export function file(text: string): ImageData {
  return {size: Buffer.byteLength(text), repeatable: true, open: () => Readable.from([Buffer.from(text)])}
}
