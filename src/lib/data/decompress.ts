/** Data unpacked while it is read: gzip by the runtime, everything else by the program of the system that packed it. */
import {type ChildProcessWithoutNullStreams, spawn} from 'node:child_process'
import {PassThrough, pipeline, type Readable} from 'node:stream'
import {createGunzip} from 'node:zlib'
import type {Compression} from '../model/detect-format.js'
import {Failure} from '../model/errors.js'
import type {ImageData} from './image-data.js'

const MIB = 1024 * 1024

const PROGRAMS = {xz: 'xz', zst: 'zstd', bz2: 'bzip2'} as const

/** Characters of what a program has to say; the first line of it says what went wrong. */
const MAX_STDERR_LENGTH = 1000

/** The same data, unpacked; nobody knows beforehand how long it is. It fails for what is cut off or damaged. */
export function decompressData({repeatable, open}: ImageData, compression: Compression): ImageData {
  const decompress =
    compression === 'gz' ? gunzip : (source: Readable) => pipeThroughProgram(PROGRAMS[compression], source)
  return {repeatable, open: () => decompress(open())}
}

function gunzip(source: Readable): Readable {
  const gunzipStream = createGunzip({chunkSize: MIB})
  // It works ahead and may fail before anybody reads; whoever reads then is told.
  gunzipStream.on('error', () => {})
  return pipeline(source, gunzipStream, error => {
    if (error) gunzipStream.destroy(error)
  })
}

/**
 * The program ends when nobody wants its bytes any more, and however we end: its pipes break then. Ctrl-C at a terminal
 * reaches it as well, but us first.
 */
function pipeThroughProgram(program: string, source: Readable): Readable {
  const child = spawn(program, ['-dc'], {stdio: 'pipe', windowsHide: true})
  const bytes = new PassThrough({highWaterMark: MIB})
  const firstErrorLine = collectStderr(child)
  bytes.on('error', () => {})
  bytes.on('close', () => {
    child.kill()
    source.destroy()
  })
  source.on('error', error => bytes.destroy(error)).on('close', () => child.stdin.end())
  // A program that has seen enough closes its input; its exit code tells why.
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

/** Gives what the program has said so far, without its own name. */
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
  return new Failure('failed', `data packed by ${program} cannot be unpacked`, {
    why: error.code === 'ENOENT' ? `there is no program ${program} here` : error.message,
    advice: `Install ${program}, or give the data unpacked.`,
    cause: error,
  })
}
