/** A store in a folder: one file per image, named by its id. */
import {randomBytes} from 'node:crypto'
import {access, constants, type FileHandle, link, open, readdir, rm, stat, unlink} from 'node:fs/promises'
import {basename, join, resolve, sep} from 'node:path'
import type {Readable} from 'node:stream'
import {finished} from 'node:stream/promises'
import {fileURLToPath, pathToFileURL} from 'node:url'
import {type Checksums, FileSink} from './file-sink.js'
import {type ByteRange, type DataStream, type Store, type StoredData, StoreMissing} from './store.js'

/** Suffix of a file that is being written. */
const PART_SUFFIX = /\.part-[0-9a-f]{16}$/
const VALID_NAME = /^[^./\\][^/\\\0]*$/
/** Bytes of one read for the first readers, and for further ones: a reader that stalls keeps two of them in memory. */
const READ_BYTES = 1024 * 1024
const CROWDED_READ_BYTES = 32 * 1024
const MAX_FAST_READERS = 16

/** The `Store` contract on a local folder. */
export class FilesystemStore implements Store {
  readonly schemes = ['file']
  readonly #directory: string
  #readers = 0

  /** @param directory a folder that exists and holds nothing else; no other process writes into it */
  constructor(directory: string) {
    this.#directory = resolve(directory)
  }

  async put(id: string, data: Readable, signal?: AbortSignal): Promise<StoredData> {
    // Before the first `await`: an error event of the source without a listener would end the process.
    const ended = finished(data, {writable: false})
    ended.catch(() => {})
    signal?.throwIfAborted()
    const target = this.#pathForId(id)
    await requireAbsent(target)
    const part = `${target}.part-${randomBytes(8).toString('hex')}`
    try {
      const checksums = await writePart(part, data, ended, signal)
      await this.#publish(part, target)
      return {...checksums, location: pathToFileURL(target).href}
    } finally {
      await rm(part, {force: true})
    }
  }

  async get(location: string, range?: ByteRange): Promise<DataStream> {
    const path = this.#pathForLocation(location)
    const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)).catch(error =>
      throwMissing(error, location),
    )
    try {
      const stat = await file.stat()
      if (!stat.isFile()) throw new StoreMissing(`${location} is not a file`)
      return {data: this.#read(file, range), size: stat.size}
    } catch (error) {
      await file.close()
      throw error
    }
  }

  #read(file: FileHandle, range: ByteRange | undefined): Readable {
    const highWaterMark = this.#readers < MAX_FAST_READERS ? READ_BYTES : CROWDED_READ_BYTES
    const part = range === undefined ? {} : {start: range.first, end: range.last}
    const data = file.createReadStream({highWaterMark, ...part})
    this.#readers += 1
    return data.once('close', () => {
      this.#readers -= 1
    })
  }

  async getSize(location: string): Promise<number> {
    const {data, size} = await this.get(location)
    data.destroy()
    return size ?? 0
  }

  async delete(location: string): Promise<boolean> {
    return removeFile(this.#pathForLocation(location))
  }

  async sweep(unfinished: readonly string[] = []): Promise<number> {
    const parts = (await readdir(this.#directory)).filter(name => PART_SUFFIX.test(name))
    const published = new Set(unfinished.filter(id => VALID_NAME.test(id) && !PART_SUFFIX.test(id)))
    for (const part of parts) {
      if (await this.#isHalfPublished(part)) published.add(part.replace(PART_SUFFIX, ''))
    }
    let removed = 0
    for (const name of [...parts, ...published]) {
      if (await removeFile(join(this.#directory, name))) removed += 1
    }
    if (removed > 0) await syncDirectory(this.#directory)
    return removed
  }

  /** True if a `put` died after linking the final name and before removing the temporary one. */
  async #isHalfPublished(part: string): Promise<boolean> {
    return (await stat(join(this.#directory, part))).nlink > 1
  }

  /** Gives a complete, flushed file its final name, and flushes the directory. */
  async #publish(part: string, target: string): Promise<void> {
    await link(part, target)
    try {
      await unlink(part)
      await syncDirectory(this.#directory)
    } catch (error) {
      await rm(target, {force: true})
      throw error
    }
  }

  #pathForId(id: string): string {
    if (!VALID_NAME.test(id) || PART_SUFFIX.test(id))
      throw new TypeError(`invalid image id ${JSON.stringify(id)} for a file name`)
    return join(this.#directory, id)
  }

  /** The path in this folder of a stored location. The folder may have been moved since, but not renamed. */
  #pathForLocation(location: string): string {
    const [folder = '', name = ''] = (parseFileUrl(location) ?? '').split(sep).slice(-2)
    if (folder !== basename(this.#directory) || !VALID_NAME.test(name) || PART_SUFFIX.test(name)) {
      throw new StoreMissing(`${location} is not in this store`)
    }
    return join(this.#directory, name)
  }
}

async function writePart(
  path: string,
  data: Readable,
  ended: Promise<void>,
  signal: AbortSignal | undefined,
): Promise<Checksums> {
  const file = await open(path, 'wx', 0o600)
  const sink = new FileSink(file)
  try {
    await pipeToSink(data, ended, sink, signal)
    const [checksums] = await Promise.all([sink.checksums(), file.sync()])
    signal?.throwIfAborted()
    return checksums
  } finally {
    sink.release()
    await file.close()
  }
}

/** Not `pipeline`, which would destroy the source: the request is still needed for the response. */
async function pipeToSink(
  data: Readable,
  ended: Promise<void>,
  sink: FileSink,
  signal: AbortSignal | undefined,
): Promise<void> {
  // After an abort `finished` has removed its listeners, and an error event without one would end the process.
  sink.on('error', () => {})
  data.pipe(sink, {end: false})
  ended.then(
    () => sink.end(),
    error => sink.destroy(error),
  )
  try {
    await finished(sink, signal === undefined ? {} : {signal})
  } catch (error) {
    sink.destroy()
    throw signal?.aborted ? signal.reason : error
  }
}

async function requireAbsent(path: string): Promise<void> {
  const exists = await access(path).then(
    () => true,
    () => false,
  )
  if (exists) throw Object.assign(new Error(`EEXIST: ${path} exists already`), {code: 'EEXIST', path})
}

async function removeFile(path: string): Promise<boolean> {
  try {
    await unlink(path)
    return true
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false
    throw error
  }
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}

function parseFileUrl(location: string): string | undefined {
  try {
    return fileURLToPath(location)
  } catch {
    return undefined
  }
}

function throwMissing(error: unknown, location: string): never {
  // ELOOP is a symbolic link, which could lead out of the store.
  throw hasCode(error, 'ENOENT') || hasCode(error, 'ELOOP')
    ? new StoreMissing(`nothing found at ${location}`, {cause: error})
    : error
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
