/** The compiled code of the program's files, kept on disk, so that the next process need not compile them. */
import {
  closeSync,
  fstatSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  type Stats,
  writeFileSync,
} from 'node:fs'
import {createRequire} from 'node:module'
import {basename, dirname, join} from 'node:path'
import {Script} from 'node:vm'
import {restoreFlags} from './engine-flags.js'

const require = createRequire(import.meta.url)

/** What Node puts around the content of a CommonJS file. */
const HEAD = Buffer.from('(function (exports, require, module, __filename, __dirname) { ')
const TAIL = Buffer.from('\n})')
const NOTHING = Buffer.alloc(0)

/** Bytes after the code: the size and the time of the file that it was compiled from, and the sum. */
const TRAILER_LENGTH = 24

/** Bytes of a sector: a crash leaves it whole or unwritten. */
const SECTOR = 512

/** Bytes that most files fit into. */
const MEMORY = 1024 * 1024

/** A script, and the file that it was compiled from. */
interface CompiledFile {
  readonly script: Script
  readonly source: Stats
  readonly isReused: boolean
}

/**
 * Takes compiled code from one folder for the files of another one, where it fits. The files are in ASCII. Code for another
 * version of Node or with other flags is refused by V8, code of another file by its size and time; both are replaced.
 * `import()` fails in these files.
 * @returns saves the code of all files if that of any was missing, because what loads more files also runs more of the others;
 *   to be called when the process ends. Never throws.
 */
export function reuseCompiledFiles(sources: string, cache: string): () => void {
  const {extensions} = require
  const {'.js': loadFile} = extensions
  const files = new Map<string, CompiledFile>()
  extensions['.js'] = (module, file) => {
    if (dirname(file) !== sources) return loadFile(module, file)
    const cacheFile = toCacheFile(cache, file)
    const compiled = compile(file, cacheFile)
    files.set(cacheFile, compiled)
    const requireFrom = Object.assign((name: string) => module.require(name), require)
    const run = compiled.script.runInThisContext()
    return run.call(module.exports, module.exports, requireFrom, module, file, sources)
  }
  return () => {
    if ([...files.values()].every(({isReused}) => isReused)) return
    restoreFlags()
    for (const [cacheFile, {script, source}] of files) saveCode(script, source, cacheFile)
  }
}

function toCacheFile(cache: string, file: string): string {
  return join(cache, `${basename(file)}.code`)
}

/** The text is made before the same memory holds the code, of which V8 makes a copy, too. */
function compile(file: string, cacheFile: string): CompiledFile {
  const {bytes, stats} = readFile(file, HEAD, TAIL)
  const text = bytes.toString('latin1')
  const cachedData = readCode(stats, cacheFile)
  const script = new Script(text, {filename: file, ...(cachedData && {cachedData})})
  return {script, source: stats, isReused: cachedData !== undefined && !script.cachedDataRejected}
}

/** Of all files, one after the other: for the system, new memory costs more than what is read into it. */
let memory: Buffer | undefined

/** Memory of its own for the few larger files, so that a service does not keep it. */
function takeMemory(length: number): Buffer {
  if (length > MEMORY) return Buffer.allocUnsafeSlow(length)
  memory ??= Buffer.allocUnsafeSlow(MEMORY)
  return memory
}

/** Reads a file into the common memory, with bytes before and after it. @throws Error of the system */
function readFile(file: string, head = NOTHING, tail = NOTHING): {bytes: Buffer; stats: Stats} {
  const descriptor = openSync(file, 'r')
  try {
    const stats = fstatSync(descriptor)
    const length = head.length + stats.size + tail.length
    const target = takeMemory(length)
    target.set(head)
    const end = head.length + readSync(descriptor, target, head.length, stats.size, 0)
    target.set(tail, end)
    return {bytes: target.subarray(0, end + tail.length), stats}
  } finally {
    closeSync(descriptor)
  }
}

function readCode(source: Stats, cacheFile: string): Buffer | undefined {
  try {
    const {bytes} = readFile(cacheFile)
    const code = bytes.subarray(0, -TRAILER_LENGTH)
    return createTrailer(source, code).equals(bytes.subarray(-TRAILER_LENGTH)) ? code : undefined
  } catch {
    return undefined
  }
}

/** Writes a file with a name of its own and renames it, so that no process reads half of it. */
function saveCode(script: Script, source: Stats, cacheFile: string): void {
  const unfinished = `${cacheFile}.new`
  try {
    const code = script.createCachedData()
    writeFileSync(unfinished, Buffer.concat([code, createTrailer(source, code)]), {mode: 0o600, flag: 'wx'})
    renameSync(unfinished, cacheFile)
  } catch {
    // Another process is saving it, or one was killed meanwhile. The cache only saves time.
    rmSync(unfinished, {force: true})
  }
}

function createTrailer({size, mtimeMs}: Stats, code: Buffer): Buffer {
  return Buffer.from(new Float64Array([size, mtimeMs, sumOfSectors(code)]).buffer)
}

/** V8 checks the length of the code, but not its content: this notices sectors that were never written. */
function sumOfSectors(code: Buffer): number {
  const numbers = new Int32Array(code.buffer, code.byteOffset, Math.floor(code.length / 4))
  let sum = 0
  for (let at = 0; at < numbers.length; at += SECTOR / 4) sum = (Math.imul(sum, 31) + (numbers[at] ?? 0)) | 0
  return sum
}
