/** Location jobs: compute the digests of data that stays on another server, and compare them, each as a task. */
import {randomUUID} from 'node:crypto'
import type {Readable} from 'node:stream'
import {Digester} from '../../lib/data/digest.js'
import {requireOwner} from '../images/access.js'
import {type ErrorFacts, ServiceError} from '../images/errors.js'
import type {Edit, Images} from '../images/images.js'
import {addLocation} from '../images/locations.js'
import type {Caller} from '../images/policy.js'
import type {RemoteData} from '../images/remote-data.js'
import type {UnusedData} from '../images/unused-data.js'
import type {Cleanups} from '../images/uploads.js'
import type {Decide, ImageChanges, ImageRecord, NewTask, Registry, TaskChanges} from '../registry/registry.js'
import {
  endTask,
  requireBegun,
  requireNoActiveTask,
  requireSameTask,
  TASK_ID,
  type TaskMessages,
} from './imports.js'
import type {JobQueue} from './queue.js'

/** The digest that the data must have. */
export interface ExpectedDigest {
  readonly algorithm: DigestAlgorithm
  /** In hexadecimal. */
  readonly value: string
}

/** Bytes of the digests that callers may state, by their algorithm. */
const DIGEST_BYTES = {md5: 16, sha1: 20, sha256: 32, sha512: 64} as const

export type DigestAlgorithm = keyof typeof DIGEST_BYTES

/** Algorithm where the caller states none. */
const DEFAULT_ALGORITHM = 'sha512'

/** A location, and the digest of its data if the caller states it. */
export interface NewLocation {
  readonly url: string
  readonly expected?: ExpectedDigest
}

/** Dependencies of `LocationJobs`. */
export interface LocationJobsParts {
  readonly registry: Registry
  /** Id of this process. */
  readonly holder: string
  readonly unused: UnusedData
  readonly cleanups: Cleanups
  readonly images: Images
  readonly remote: RemoteData
  readonly queue: JobQueue
  readonly messages: TaskMessages
}

/** Adds locations to queued images, and schedules the computation of their digests. */
export class LocationJobs {
  readonly #parts: LocationJobsParts

  constructor(parts: LocationJobsParts) {
    this.#parts = parts
  }

  /**
   * Adds a location to a queued image. With a digest, the image is `importing` until the data was compared with it; without
   * one, it is active at once, and gets its digests later (wire/glance-25.md#locations-call).
   * @throws ServiceError `locations-fixed`, `invalid-digest`, `not-importable`, `limit-exceeded`, and as `Images.change`
   */
  async start(caller: Caller, id: string, location: NewLocation, requestId: string): Promise<void> {
    const {images, queue, registry, holder} = this.#parts
    const before = await images.find(caller, id)
    await requireNoActiveTask(registry, before)
    queue.requireRoom(before.owner)
    const task = {...toNewTask(caller, id, location, requestId), holder}
    const add = await images.prepare(
      caller,
      id,
      toEdit(caller, location),
      new Map([[location.url, undefined]]),
    )
    const claim = (image: ImageRecord): ImageChanges => {
      requireSameTask(image, before)
      const changes = add(image)
      const held = changes.status === 'importing' ? {holder} : {}
      return {...changes, ...held, properties: {...image.properties, [TASK_ID]: task.id}}
    }
    if (!(await registry.createTask(task, claim))) throw new ServiceError('image-not-found', {id})
    queue.add(before.owner, () => this.#run(task, location, before.size))
  }

  /** @param sizeBefore size of the image before it had the location, in bytes */
  async #run({id: task, imageId}: NewTask, location: NewLocation, sizeBefore: number): Promise<void> {
    const {registry, cleanups, messages} = this.#parts
    const fail = (error: unknown): TaskChanges => ({status: 'failure', message: messages.failed(error)})
    const end = await registry
      .updateTask(task, {status: 'processing'})
      .then(requireBegun)
      .then(() => this.#fill(imageId, location))
      .then((): TaskChanges => ({status: 'success'}), fail)
    await cleanups.run(task, async () => {
      await this.#queueAgain(imageId, sizeBefore)
      await registry.updateTask(task, end, endTask())
    })
  }

  /** Undoes the location of an image whose data was not compared. */
  async #queueAgain(id: string, size: number): Promise<void> {
    const reset: Decide = ({status, holder}) =>
      status === 'importing' && holder === this.#parts.holder
        ? {status: 'queued', location: null, size, holder: null}
        : undefined
    await this.#parts.unused.change(id, reset)
  }

  /** Stores the digests of the data, unless the image has other data meanwhile. */
  async #fill(id: string, {url, expected}: NewLocation): Promise<void> {
    const announced = (await this.#parts.registry.find(id))?.size ?? 0
    const {size, checksum, hashAlgo, hashValue} = await this.#digest(url, announced, expected?.algorithm)
    if (expected && expected.value.toLowerCase() !== hashValue) {
      throw new ServiceError('digest-mismatch', {expected: expected.value, actual: hashValue})
    }
    const changes = {status: 'active', size, checksum, hashAlgo, hashValue, holder: null} as const
    const store = (image: ImageRecord): ImageChanges | undefined => {
      const isWaiting = image.status === (expected ? 'importing' : 'active') && image.hashValue === null
      return isWaiting && image.location === url ? changes : undefined
    }
    const filled = await this.#parts.registry.change(id, store)
    if (!filled) throw new ServiceError('deleted-meanwhile', {id})
  }

  /** @throws ServiceError `remote-oversized`, because data without an end would keep a job for ever; as `RemoteData.open` */
  async #digest(url: string, announced: number, algorithm: DigestAlgorithm = DEFAULT_ALGORITHM) {
    const digester = new Digester([...new Set(['md5', algorithm])], undefined, false)
    const {data} = await this.#parts.remote.open(url)
    let size = 0
    for await (const chunk of data as Readable & AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > announced) throw new ServiceError('remote-oversized', {announced})
      await digester.update(chunk)
    }
    const {md5: checksum = '', [algorithm]: hashValue = ''} = await digester.digests()
    return {size, checksum, hashAlgo: algorithm, hashValue}
  }
}

/** Adds the location to a queued image. */
function toEdit(caller: Caller, {url, expected}: NewLocation): Edit {
  return (image, sizes) => {
    requireOwner(caller, image, 'add location')
    const {status} = image
    if (status !== 'queued') throw new ServiceError('locations-fixed', {status, action: 'add'})
    if (expected) requireValid(expected)
    const changes = addLocation(image, {url, metadata: {}}, '-', sizes)
    return expected ? {...changes, status: 'importing'} : changes
  }
}

/** @throws ServiceError `invalid-digest` */
function requireValid({algorithm, value}: ExpectedDigest): void {
  const problem = findProblem(algorithm, value)
  if (problem)
    throw new ServiceError('invalid-digest', {value, algorithm, bytes: DIGEST_BYTES[algorithm], problem})
}

function findProblem(
  algorithm: DigestAlgorithm,
  value: string,
): ErrorFacts['invalid-digest']['problem'] | undefined {
  if (!/^(?:[0-9a-f]{2})*$/i.test(value)) return 'not hexadecimal'
  return value.length === 2 * DIGEST_BYTES[algorithm] ? undefined : 'wrong length'
}

function toNewTask(
  {project, user}: Caller,
  imageId: string,
  {url, expected}: NewLocation,
  requestId: string,
): NewTask {
  const validation = expected ? {os_hash_algo: expected.algorithm, os_hash_value: expected.value} : {}
  return {
    id: randomUUID(),
    imageId,
    type: 'location_import',
    owner: project,
    userId: user,
    requestId,
    input: JSON.stringify({image_id: imageId, loc_url: url, validation_data: validation}),
  }
}
