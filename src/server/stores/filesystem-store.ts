/** A store in a folder: one file for the data of an upload, named by its key. */
import {constants, type FileHandle, open, opendir, rename} from 'node:fs/promises'
import {basename, join, resolve, sep} from 'node:path'
import type {Readable} from 'node:stream'
import {finished} from 'node:stream/promises'
import {fileURLToPath, pathToFileURL} from 'node:url'
import type {Checksums} from './checksummer.js'
import {FileSink} from './file-sink.js'
import {FileSource} from './file-source.js'
import {exists, hasCode, isLocal, removeFile, syncDirectory} from './files.js'
import {pipeToSink} from './pipe-to-sink.js'
import {
  type ByteRange,
  type DataSource,
  type DataStream,
  DEFAULT_HASH,
  type FindUnused,
  type HashAlgorithm,
  type Store,
  type StoredData,
  StoreMissing,
} from './store.js'

/** Suffix of a file that is being written. Earlier releases appended a hyphen and a random number. */
const PART = '.part'
const PART_SUFFIX = /\.part(-[0-9a-f]{16})?$/
const VALID_NAME = /^[^./\\][^/\\\0]*$/
/** Bytes of one read for the first readers, and for further ones: a reader that stalls keeps two of them in memory. */
const READ_BYTES = 1024 * 1024
const CROWDED_READ_BYTES = 32 * 1024
const MAX_FAST_READERS = 16
/** Files of which the sweep finds out at a time whether they are used. */
const SWEEP_SIZE = 500

/** The `Store` contract on a local folder. */
export class FilesystemStore implements Store {
  readonly schemes = ['file']
  readonly #directory: string
  readonly #hashAlgo: HashAlgorithm
  #readers = 0
  #isLocal: boolean | undefined

  /** @param directory a folder that exists and holds nothing else; no other process writes into it */
  constructor(directory: string, hashAlgo = DEFAULT_HASH) {
    this.#directory = resolve(directory)
    this.#hashAlgo = hashAlgo
  }

  locate(key: string): string {
    return pathToFileURL(this.#pathForKey(key)).href
  }

  owns(location: string): boolean {
    return this.#findPath(location) !== undefined
  }

  async put(key: string, data: Readable, signal?: AbortSignal): Promise<StoredData> {
    // Before the first `await`: an error event of the source without a listener would end the process.
    const ended = finished(data, {writable: false})
    ended.catch(() => {})
    signal?.throwIfAborted()
    const target = this.#pathForKey(key)
    const part = target + PART
    const file = await open(part, 'wx', 0o600)
    try {
      // Only now, because from here on no other `put` of this key can finish.
      const write = () => writePart(file, {data, ended, signal, hashAlgo: this.#hashAlgo})
      const checksums = await requireAbsent(target)
        .then(write)
        .finally(() => file.close())
      await this.#publish(part, target)
      return {...checksums, location: this.locate(key)}
    } catch (error) {
      // What cannot be removed now is left for `sweep`.
      await removeFile(part).catch(() => {})
      throw signal?.aborted ? signal.reason : error
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
      this.#isLocal ??= await isLocal(this.#directory)
      return {data: this.#read(file, range ?? {first: 0, last: stat.size - 1}), size: stat.size}
    } catch (error) {
      await file.close()
      throw error
    }
  }

  #read(file: FileHandle, range: ByteRange): Readable {
    const readBytes = this.#readers < MAX_FAST_READERS ? READ_BYTES : CROWDED_READ_BYTES
    const data = new FileSource(file, {readBytes, isLocal: this.#isLocal ?? false}, range)
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
    const path = this.#pathForLocation(location)
    const hadPart = await removeFile(path + PART)
    return (await removeFile(path)) || hadPart
  }

  async sweep(findUnused: FindUnused): Promise<number> {
    const failures: unknown[] = []
    let removed = 0
    for await (const names of this.#listNames()) {
      const unused = new Set(await findUnused(names.map(toKey)))
      for (const name of names) {
        const path = join(this.#directory, name)
        try {
          const isRemovable = unused.has(toKey(name)) || (await isLeftover(path))
          if (isRemovable && (await removeFile(path))) removed += 1
        } catch (error) {
          if (failures.length === 0) failures.push(error)
        }
      }
    }
    if (failures.length > 0) throw failures[0]
    return removed
  }

  /** The names of files that may be from this store, some at a time. */
  async *#listNames(): AsyncGenerator<string[]> {
    let names: string[] = []
    for await (const entry of await opendir(this.#directory)) {
      if (!entry.isFile() || !VALID_NAME.test(entry.name)) continue
      names.push(entry.name)
      if (names.length < SWEEP_SIZE) continue
      yield names
      names = []
    }
    yield names
  }

  /** Gives a complete, flushed file its final name, and flushes the directory. */
  async #publish(part: string, target: string): Promise<void> {
    await rename(part, target)
    try {
      await syncDirectory(this.#directory)
    } catch (error) {
      await removeFile(target).catch(() => {})
      throw error
    }
  }

  #pathForKey(key: string): string {
    if (!VALID_NAME.test(key) || PART_SUFFIX.test(key))
      throw new TypeError(`invalid key ${JSON.stringify(key)} for a file name`)
    return join(this.#directory, key)
  }

  #pathForLocation(location: string): string {
    const path = this.#findPath(location)
    if (path !== undefined) return path
    throw new StoreMissing(`${location} is not in this store`)
  }

  /** The path in this folder of a stored location. The folder may have been moved since, but not renamed. */
  #findPath(location: string): string | undefined {
    const [folder = '', name = ''] = (parseFileUrl(location) ?? '').split(sep).slice(-2)
    const isOurs = folder === basename(this.#directory) && VALID_NAME.test(name) && !PART_SUFFIX.test(name)
    return isOurs ? join(this.#directory, name) : undefined
  }
}

/** Data for a part file, and the algorithm of its second digest. */
interface PartSource {
  readonly data: Readable
  readonly ended: Promise<void>
  readonly signal: AbortSignal | undefined
  readonly hashAlgo: HashAlgorithm
}

async function writePart(file: FileHandle, {data, ended, signal, hashAlgo}: PartSource): Promise<Checksums> {
  const source: DataSource = data
  const sink = new FileSink(file, hashAlgo, source.announcedSize)
  try {
    await pipeToSink(source, ended, sink, signal)
    const [checksums] = await Promise.all([sink.checksums(), file.sync()])
    signal?.throwIfAborted()
    return checksums
  } finally {
    sink.release()
  }
}

function toKey(name: string): string {
  return name.replace(PART_SUFFIX, '')
}

/** True for a part of data that is complete: no `put` is writing it, because the final name would have replaced it. */
async function isLeftover(path: string): Promise<boolean> {
  return PART_SUFFIX.test(path) && (await exists(path.replace(PART_SUFFIX, '')))
}

async function requireAbsent(path: string): Promise<void> {
  if (await exists(path))
    throw Object.assign(new Error(`EEXIST: ${path} exists already`), {code: 'EEXIST', path})
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
