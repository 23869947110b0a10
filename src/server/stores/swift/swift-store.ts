/** A store in Swift: an object for the data of an upload, named by its key, with segments under `KEY/`. */
import type {Readable} from 'node:stream'
import {finished} from 'node:stream/promises'
import type {Reply} from '../../../lib/http/message.js'
import {Checksummer, ChecksumPipe, type Checksums} from '../checksummer.js'
import {existsError, KeyLocations} from '../data-key.js'
import {pipeToSink} from '../pipe-to-sink.js'
import {
  type ByteRange,
  type DataStream,
  type FindUnused,
  type HashAlgorithm,
  type Store,
  type StoredData,
  StoreUnavailable,
} from '../store.js'
import type {SwiftContainer} from './container.js'
import {resumeBody} from './resume-body.js'
import {type SwiftSizes, SwiftUpload} from './upload.js'

/** What a store needs. */
export interface SwiftStoreOptions {
  readonly container: SwiftContainer
  /** Names of account and container, which are in the locations. */
  readonly account: string
  readonly containerName: string
  readonly sizes: SwiftSizes
  /** Algorithm of the second digest of the data. */
  readonly hashAlgo: HashAlgorithm
  /** How often a download that broke is continued. */
  readonly retries: number
}

/** The `Store` contract on a container. */
export class SwiftStore implements Store {
  readonly schemes = ['swift']
  readonly #options: SwiftStoreOptions
  readonly #container: SwiftContainer
  readonly #locations: KeyLocations
  /** Keys whose data is being stored: Swift lets several uploads of one key begin, and the last one wins. */
  readonly #arriving = new Set<string>()

  constructor(options: SwiftStoreOptions) {
    const {container, account, containerName} = options
    this.#options = options
    this.#container = container
    const prefix = `swift://${encodeURIComponent(account)}/${encodeURIComponent(containerName)}/`
    this.#locations = new KeyLocations(prefix, isValidKey)
  }

  locate(key: string): string {
    return this.#locations.locate(key)
  }

  owns(location: string): boolean {
    return this.#locations.find(location) !== undefined
  }

  async put(key: string, data: Readable, signal?: AbortSignal, announced?: number): Promise<StoredData> {
    // Before the first `await`: an error event of the source without a listener would end the process.
    const ended = finished(data, {writable: false})
    ended.catch(() => {})
    signal?.throwIfAborted()
    if (!isValidKey(key)) throw new TypeError(`invalid key ${JSON.stringify(key)}`)
    if (this.#arriving.has(key)) throw existsError(key)
    this.#arriving.add(key)
    try {
      const upload = new SwiftUpload({...this.#options, key})
      const checksums = await store(upload, {data, ended, signal, announced}, this.#options.hashAlgo)
      return {...checksums, location: this.locate(key)}
    } finally {
      this.#arriving.delete(key)
    }
  }

  async get(location: string, range?: ByteRange): Promise<DataStream> {
    const key = this.#locations.require(location)
    const reply = await this.#container.read(key, range)
    const size = readSize(reply)
    const etag = reply.headers.get('etag')
    const first = range?.first ?? 0
    const last = range?.last ?? size - 1
    const reopen = (offset: number) => this.#container.read(key, {first: first + offset, last}, etag)
    return {data: resumeBody(reply, reopen, this.#options.retries), size}
  }

  async getSize(location: string): Promise<number> {
    return this.#container.getSize(this.#locations.require(location))
  }

  async delete(location: string): Promise<boolean> {
    return this.#deleteKey(this.#locations.require(location))
  }

  async sweep(findUnused: FindUnused): Promise<number> {
    const failures: unknown[] = []
    let removed = 0
    for await (const names of this.#container.list({delimiter: '/'})) {
      const keys = new Set(names.map(name => name.split('/')[0] ?? ''))
      for (const key of await findUnused([...keys])) {
        try {
          if (await this.#deleteKey(key)) removed += 1
        } catch (error) {
          if (failures.length === 0) failures.push(error)
        }
      }
    }
    if (failures.length > 0) throw failures[0]
    return removed
  }

  /** Deletes the object, then its segments and those of interrupted uploads, so that incomplete data is never read. */
  async #deleteKey(key: string): Promise<boolean> {
    let hadSome = await this.#container.delete(key)
    for await (const names of this.#container.list({prefix: `${key}/`})) {
      if ((await this.#container.deleteAll(names)) > 0) hadSome = true
    }
    return hadSome
  }
}

function isValidKey(key: string): boolean {
  return key !== '' && !key.includes('/')
}

/** The data of an upload. */
interface Source {
  readonly data: Readable
  readonly ended: Promise<void>
  readonly signal: AbortSignal | undefined
  readonly announced: number | undefined
}

/** Stores the data, or leaves nothing. */
async function store(upload: SwiftUpload, source: Source, hashAlgo: HashAlgorithm): Promise<Checksums> {
  const {signal} = source
  const sums = new Checksummer(hashAlgo)
  try {
    await transfer(upload, source, new ChecksumPipe(sums))
    const checksums = await sums.checksums()
    requireUndamaged(upload, checksums)
    signal?.throwIfAborted()
    return checksums
  } catch (error) {
    await upload.undo()
    throw signal?.aborted ? signal.reason : error
  } finally {
    sums.release()
  }
}

async function transfer(
  upload: SwiftUpload,
  {data, ended, signal, announced}: Source,
  pipe: ChecksumPipe,
): Promise<void> {
  const sending = upload.send(pipe, announced)
  sending.catch(error => pipe.destroy(error))
  const results = await Promise.allSettled([pipeToSink(data, ended, pipe, signal), sending])
  // The error of the source rather than those that follow from it.
  for (const result of results) if (result.status === 'rejected') throw result.reason
}

/** Data in one object has its digest in Swift; the sizes and digests of segments are compared by Swift for the manifest. */
function requireUndamaged({etag}: SwiftUpload, {checksum}: Checksums): void {
  if (etag === undefined || etag === checksum) return
  throw new StoreUnavailable('the data was damaged on its way to Swift')
}

/** Bytes of the whole object. */
function readSize({headers}: Reply): number {
  return Number(/\/(\d+)$/.exec(headers.get('content-range') ?? '')?.[1] ?? headers.get('content-length'))
}
