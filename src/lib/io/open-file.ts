/** Reads an open file repeatedly without closing it. */
import {createReadStream, open, read} from 'node:fs'
import type {Readable} from 'node:stream'

const MIB = 1024 * 1024

/** Keeps a destroyed stream from closing the file, which it does even without `autoClose`. */
const FS_WITHOUT_CLOSE = {open, read, close: (_fd: number, done: (error?: null) => void) => done(null)}

/**
 * Streams the file to its end.
 * @param start position in bytes; without it, the current offset of the file
 */
export function readOpenFile(fd: number, start?: number): Readable {
  const options = {fd, autoClose: false, highWaterMark: MIB, fs: FS_WITHOUT_CLOSE}
  return createReadStream('', start === undefined ? options : {...options, start})
}
