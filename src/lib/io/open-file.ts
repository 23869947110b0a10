/** Reads an open file again and again without ever closing it. */
import {createReadStream, open, read} from 'node:fs'
import type {Readable} from 'node:stream'

const MIB = 1024 * 1024

/** A stream that is destroyed would close the file, whatever `autoClose` says. */
const FS_WITHOUT_CLOSE = {open, read, close: (_fd: number, done: (error?: null) => void) => done(null)}

/** @param start where to read from; without it, from where the file stands */
export function readOpenFile(fd: number, start?: number): Readable {
  const options = {fd, autoClose: false, highWaterMark: MIB, fs: FS_WITHOUT_CLOSE}
  return createReadStream('', start === undefined ? options : {...options, start})
}
