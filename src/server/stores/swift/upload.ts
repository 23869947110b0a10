/** One upload into Swift: an object, or segments with a manifest. */
import {randomBytes} from 'node:crypto'
import type {Readable} from 'node:stream'
import {existsError} from '../data-key.js'
import type {SwiftContainer} from './container.js'
import {Portions} from './portions.js'

/** Sizes in bytes. */
export interface SwiftSizes {
  /** Data that was announced as smaller is stored in one object. */
  readonly largeObject: number
  readonly segment: number
}

/** Bytes of data of unknown size that is stored in one object. */
const SMALL = 1024 * 1024

/** A manifest has at most 1000 segments: after half of them, they are as large as an object may be. */
const MAX_USUAL_SEGMENTS = 500

/** Seconds after which Swift deletes segments of an upload that did not end, unless the service does. Longer than any upload. */
const SEGMENT_LIFE = 7 * 24 * 3600

/** An entry of a manifest. */
interface Segment {
  readonly path: string
  readonly etag: string
  readonly size_bytes: number
}

/** Where an upload goes. */
export interface SwiftTarget {
  readonly container: SwiftContainer
  /** Name of the container. */
  readonly containerName: string
  /** Name of the object. */
  readonly key: string
  readonly sizes: SwiftSizes
}

/**
 * Stores data. Segments expire until the manifest stands, so that a crash leaves either complete data, or segments that
 * Swift deletes by itself.
 */
export class SwiftUpload {
  readonly #target: SwiftTarget
  /** Of the segments: differs from that of another upload to the same key. */
  readonly #prefix: string
  readonly #names: string[] = []
  readonly #segments: Segment[] = []
  #etag: string | undefined
  #hasObject = false

  constructor(target: SwiftTarget) {
    this.#target = target
    this.#prefix = `${target.key}/${randomBytes(4).toString('hex')}/`
  }

  /** MD5 of the data as Swift computed it; undefined for data in segments. */
  get etag(): string | undefined {
    return this.#etag
  }

  /**
   * Stores the data of a stream.
   * @param announced bytes, if the sender announced them
   * @throws an error of code EEXIST if the key has data; the error of the stream; as `SwiftContainer`
   */
  async send(source: Readable, announced = Number.POSITIVE_INFINITY): Promise<void> {
    const {container, key, sizes} = this.#target
    // Data that never comes must not delay the refusal.
    if (await container.has(key)) throw existsError(key)
    const portions = new Portions(source)
    if (await portions.endsWithin(SMALL)) await this.#putObject(portions.takeWaiting())
    else if (announced < sizes.largeObject) await this.#putObject(portions.take(Number.POSITIVE_INFINITY))
    else await this.#putSegments(portions)
  }

  /** Deletes what was stored. Never rejects: the rest expires, or is deleted with the key. */
  async undo(): Promise<void> {
    const {container, key} = this.#target
    try {
      if (this.#hasObject) await container.delete(key)
      await container.deleteAll(this.#names)
    } catch {}
  }

  async #putObject(body: Readable | Buffer): Promise<void> {
    const {container, key} = this.#target
    this.#etag = await container.create(key, body)
    this.#hasObject = true
  }

  async #putSegments(portions: Portions): Promise<void> {
    const {container, key} = this.#target
    while (!(await portions.endsWithin(0))) await this.#putSegment(portions)
    const query = {'multipart-manifest': 'put'}
    await container.create(key, JSON.stringify(this.#segments), {query})
    this.#hasObject = true
    for (const name of this.#names) await container.keep(name)
  }

  async #putSegment(portions: Portions): Promise<void> {
    const {container, containerName, sizes} = this.#target
    // A stream cannot be sent again with a new token.
    await container.check()
    const number = this.#names.length
    const name = this.#prefix + String(number + 1).padStart(5, '0')
    const limit = number < MAX_USUAL_SEGMENTS ? sizes.segment : Math.max(sizes.segment, sizes.largeObject)
    const before = portions.taken
    this.#names.push(name)
    const headers = {'x-delete-after': String(SEGMENT_LIFE)}
    const etag = await container.create(name, portions.take(limit), {headers})
    this.#segments.push({path: `/${containerName}/${name}`, etag, size_bytes: portions.taken - before})
  }
}
