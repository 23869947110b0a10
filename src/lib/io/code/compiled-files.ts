/** The compiled code of the program's files, kept on disk, so that the next process need not compile them. */
import {readFileSync, renameSync, rmSync, statSync, writeFileSync} from 'node:fs'
import module from 'node:module'
import {basename, dirname, join} from 'node:path'
import {Script} from 'node:vm'
import {restoreFlags} from './engine-flags.js'

/** What Node does to run a CommonJS file. */
interface NodeModule {
  exports: unknown
  _compile(content: string, file: string, ...rest: unknown[]): unknown
}

const {createRequire} = module
const {prototype, wrap} = module as unknown as {prototype: NodeModule; wrap(content: string): string}

/** Bytes after the code: the size and the time of the file that it was compiled from, and the sum. */
const TRAILER_LENGTH = 24

/** Bytes of a sector: a crash leaves it whole or unwritten. */
const SECTOR = 512

/**
 * Takes compiled code from one folder for the files of another one, where it fits. Code for another version of Node or
 * with other flags is refused by V8, code of another file by its size and time; both are replaced. `import()` fails in
 * these files.
 * @returns saves the code of all files if that of any was missing, because what loads more files also runs more of the others;
 *   to be called when the process ends. Never throws.
 */
export function reuseCompiledFiles(sources: string, cache: string): () => void {
  const {_compile: compile} = prototype
  const scripts = new Map<string, Script>()
  let isComplete = true
  prototype._compile = function (content, file, ...rest) {
    if (dirname(file) !== sources) return compile.call(this, content, file, ...rest)
    const cachedData = readCode(file, toCacheFile(cache, file))
    const script = new Script(wrap(content), {filename: file, ...(cachedData && {cachedData})})
    scripts.set(file, script)
    if (cachedData === undefined || script.cachedDataRejected) isComplete = false
    const run = script.runInThisContext()
    return run.call(this.exports, this.exports, createRequire(file), this, file, sources)
  }
  return () => {
    if (isComplete) return
    restoreFlags()
    for (const [file, script] of scripts) saveCode(script, file, toCacheFile(cache, file))
  }
}

function toCacheFile(cache: string, file: string): string {
  return join(cache, `${basename(file)}.code`)
}

function readCode(file: string, cacheFile: string): Buffer | undefined {
  try {
    const content = readFileSync(cacheFile)
    const code = content.subarray(0, -TRAILER_LENGTH)
    return createTrailer(file, code).equals(content.subarray(-TRAILER_LENGTH)) ? code : undefined
  } catch {
    return undefined
  }
}

/** Writes a file with a name of its own and renames it, so that no process reads half of it. */
function saveCode(script: Script, file: string, cacheFile: string): void {
  const unfinished = `${cacheFile}.new`
  try {
    const code = script.createCachedData()
    writeFileSync(unfinished, Buffer.concat([code, createTrailer(file, code)]), {mode: 0o600, flag: 'wx'})
    renameSync(unfinished, cacheFile)
  } catch {
    // Another process is saving it, or one was killed meanwhile. The cache only saves time.
    rmSync(unfinished, {force: true})
  }
}

function createTrailer(file: string, code: Buffer): Buffer {
  const {size, mtimeMs} = statSync(file)
  return Buffer.from(new Float64Array([size, mtimeMs, sumOfSectors(code)]).buffer)
}

/** V8 checks the length of the code, but not its content: this notices sectors that were never written. */
function sumOfSectors(code: Buffer): number {
  const numbers = new Int32Array(code.buffer, code.byteOffset, Math.floor(code.length / 4))
  let sum = 0
  for (let at = 0; at < numbers.length; at += SECTOR / 4) sum = (Math.imul(sum, 31) + (numbers[at] ?? 0)) | 0
  return sum
}
