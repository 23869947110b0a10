/** Decompresses data while it is read: gzip in the process, other formats by the program of that format. */
import {type ChildProcessWithoutNullStreams, spawn} from 'node:child_process'
import {PassThrough, pipeline, type Readable} from 'node:stream'
import {createGunzip} from 'node:zlib'
import {Failure} from '../model/errors.js'
import type {Compression} from './detect-format.js'
import type {ImageData} from './image-data.js'

const MIB = 1024 * 1024

const PROGRAMS = {xz: 'xz', zst: 'zstd', bz2: 'bzip2'} as const

/** Characters of standard error that are kept; its first line gives the reason of a failure. */
const MAX_STDERR_LENGTH = 1000

/**
 * The same data, decompressed and of unknown size. Reading it fails if it is truncated or damaged, or without the program.
 * @param xzFlags for data of strangers, which may ask for any memory; the other formats have limits of their own
 */
export function decompressData(
  {repeatable, open}: ImageData,
  compression: Compression,
  xzFlags: readonly string[] = [],
): ImageData {
  const flags = compression === 'xz' ? xzFlags : []
  const decompress =
    compression === 'gz'
      ? gunzip
      : (source: Readable) => pipeThroughProgram(PROGRAMS[compression], flags, source)
  return {repeatable, open: () => decompress(open())}
}

function gunzip(source: Readable): Readable {
  const gunzipStream = createGunzip({chunkSize: MIB})
  // It reads ahead and may fail before it is read; the reader gets the error then.
  gunzipStream.on('error', () => {})
  return pipeline(source, gunzipStream, error => {
    if (error) gunzipStream.destroy(error)
  })
}

/**
 * Ends the program when its output is closed, and however this process ends: its pipes break then. Ctrl-C on a terminal
 * reaches it as well, but this process first.
 */
function pipeThroughProgram(program: string, flags: readonly string[], source: Readable): Readable {
  const child = spawn(program, ['-dc', ...flags], {stdio: 'pipe', windowsHide: true})
  const bytes = new PassThrough({highWaterMark: MIB})
  const firstErrorLine = collectStderr(child)
  bytes.on('error', () => {})
  bytes.on('close', () => {
    child.kill()
    source.destroy()
  })
  source.on('error', error => bytes.destroy(error)).on('close', () => child.stdin.end())
  // A program that needs no more closes its input; its exit code gives the reason.
  child.stdin.on('error', () => {})
  source.pipe(child.stdin)
  child.stdout.pipe(bytes, {end: false})
  child.on('error', error => bytes.destroy(programFailure(program, error)))
  child.on('close', (code, signal) => {
    if (code === 0) bytes.end()
    else
      bytes.destroy(
        new Error(`${program}: ${firstErrorLine() ?? `ended with ${signal ?? `exit code ${code}`}`}`),
      )
  })
  return bytes
}

/** Returns a function that gives the first line of standard error so far, without the program's name. */
function collectStderr({stderr, spawnfile}: ChildProcessWithoutNullStreams): () => string | undefined {
  let text = ''
  stderr.setEncoding('utf8').on('data', chunk => {
    text = (text + chunk).slice(0, MAX_STDERR_LENGTH)
  })
  return () =>
    text
      .split('\n')
      .find(line => line.trim() !== '')
      ?.replace(`${spawnfile}: `, '')
      .trim()
}

function programFailure(program: string, error: NodeJS.ErrnoException): Failure {
  return new Failure('failed', `cannot decompress the data with ${program}`, {
    why: error.code === 'ENOENT' ? `${program} is not installed` : error.message,
    advice: `Install ${program}, or decompress the data first.`,
    cause: error,
  })
}
