/** Location jobs: compute the digests of data that stays on another server, and compare them, each as a task. */
import {randomUUID} from 'node:crypto'
import {addAbortSignal, type Readable} from 'node:stream'
import {Digester} from '../../lib/data/digest.js'
import {requireOwner} from '../images/access.js'
import {type ErrorFacts, ServiceError} from '../images/errors.js'
import type {Edit, Images} from '../images/images.js'
import {addLocation} from '../images/locations.js'
import type {Caller} from '../images/policy.js'
import type {RemoteData} from '../images/remote-data.js'
import type {UnusedData} from '../images/unused-data.js'
import type {Cleanups} from '../images/uploads.js'
import type {ImageChanges, ImageRecord, NewTask, Registry, TaskRecord} from '../registry/registry.js'
import type {StoreSet} from '../stores/set/store-set.js'
import {HASH_BYTES, type HashAlgorithm} from '../stores/store.js'
import type {JobQueue} from './queue.js'
import {
  hasTask,
  requireNoActiveTask,
  requireSameTask,
  runTask,
  TASK_ID,
  type TaskMessages,
  type TaskSuccess,
  withoutTask,
} from './tasks.js'

/** The digest that the data must have. */
export interface ExpectedDigest {
  readonly algorithm: DigestAlgorithm
  /** In hexadecimal. */
  readonly value: string
}

/** Bytes of the digests that callers may state, by their algorithm. */
const DIGEST_BYTES = {md5: 16, sha1: 20, ...HASH_BYTES} as const

export type DigestAlgorithm = keyof typeof DIGEST_BYTES

/** A location, and the digest of its data if the caller states it. */
export interface NewLocation {
  readonly url: string
  readonly expected?: ExpectedDigest
}

/** Dependencies of `LocationJobs`. */
export interface LocationJobsParts {
  readonly registry: Registry
  readonly unused: UnusedData
  readonly cleanups: Cleanups
  readonly images: Images
  readonly remote: RemoteData
  /** Aborted, with a reason that gives the task back, when the service stops and waits no longer. */
  readonly stopping: Pick<AbortController, 'signal'>
  readonly queue: JobQueue
  readonly messages: TaskMessages
  /** Their algorithm is that of a digest where the caller states none. */
  readonly stores: Pick<StoreSet, 'hashAlgo'>
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
    const {images, queue, registry} = this.#parts
    const before = await images.find(caller, id)
    await requireNoActiveTask(registry, before)
    await queue.requireRoom(caller.project)
    const task = toNewTask(caller, id, location, requestId)
    const add = await images.prepare(
      caller,
      id,
      toEdit(caller, location, this.#parts.stores.hashAlgo),
      new Map([[location.url, undefined]]),
    )
    const claim = (image: ImageRecord): ImageChanges => {
      requireSameTask(image, before)
      return {...add(image), properties: {...image.properties, [TASK_ID]: task.id}}
    }
    // Also after an error: a registry that broke off may have recorded the task, and then it is carried out.
    const started = await registry.createTask(task, claim).finally(() => queue.wake(task.id))
    if (!started) throw new ServiceError('image-not-found', {id})
  }

  /** Computes the digests of a task that this process holds. Never rejects. */
  run(task: TaskRecord): Promise<void> {
    return runTask(this.#parts, task, {
      startOver: () => undefined,
      perform: image => this.#compute(image, parseLocation(task.input)),
      succeed: () => ({decide: withoutTask}),
      fail: image => ({...withoutTask(image), ...(isCompared(image, task) ? UNDONE : {})}),
    })
  }

  /** The digests, which are stored unless the image has other data meanwhile. */
  async #compute(
    {id, size: announced}: ImageRecord,
    location: NewLocation | undefined,
  ): Promise<TaskSuccess> {
    if (location === undefined) throw new ServiceError('import-interrupted', {})
    const {url, expected} = location
    const {hashValue, ...digests} = await this.#digest(
      url,
      announced,
      expected?.algorithm ?? this.#parts.stores.hashAlgo,
    )
    if (expected && expected.value.toLowerCase() !== hashValue) {
      throw new ServiceError('digest-mismatch', {expected: expected.value, actual: hashValue})
    }
    const decide = (image: ImageRecord): ImageChanges => {
      const isWaiting = image.status === (expected ? 'importing' : 'active') && image.hashValue === null
      if (!isWaiting || image.location !== url) throw new ServiceError('deleted-meanwhile', {id})
      return {status: 'active', ...digests, hashValue, holder: null, ...withoutTask(image)}
    }
    return {decide}
  }

  async #digest(url: string, announced: number, algorithm: DigestAlgorithm) {
    const digester = new Digester([...new Set(['md5', algorithm])], undefined, false)
    const {remote, stopping} = this.#parts
    const {data} = await remote.open(url, undefined, stopping.signal)
    const size = await update(digester, addAbortSignal(stopping.signal, data), announced).catch(error => {
      stopping.signal.throwIfAborted()
      throw error
    })
    const {md5: checksum = '', [algorithm]: hashValue = ''} = await digester.digests()
    return {size, checksum, hashAlgo: algorithm, hashValue}
  }
}

/**
 * Adds the data to the digests. @returns its bytes
 * @throws ServiceError `remote-oversized`, because data without an end would keep a job for ever
 */
async function update(digester: Digester, data: Readable, announced: number): Promise<number> {
  let size = 0
  for await (const chunk of data as Readable & AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > announced) throw new ServiceError('remote-oversized', {announced})
    await digester.update(chunk)
  }
  return size
}

/** What removes a location whose data was not compared. */
const UNDONE = {status: 'queued', location: null, size: 0, holder: null} as const

/** True for an image that waits for the comparison by a task. */
function isCompared(image: ImageRecord, task: TaskRecord): boolean {
  return image.status === 'importing' && image.arriving === null && hasTask(image, task)
}

/** Adds the location to a queued image. */
function toEdit(caller: Caller, {url, expected}: NewLocation, hashAlgo: HashAlgorithm): Edit {
  return (image, sizes) => {
    requireOwner(caller, image, 'add location')
    const {status} = image
    if (status !== 'queued') throw new ServiceError('locations-fixed', {status, action: 'add'})
    if (expected) requireValid(expected)
    const changes = addLocation(image, {url, metadata: {}}, '-', {sizes, hashAlgo})
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

/** The location in the input of a task; undefined for an input that this release does not know. */
function parseLocation(input: string): NewLocation | undefined {
  const {loc_url: url, validation_data: validation} = JSON.parse(input) as {
    loc_url?: string
    validation_data?: {os_hash_algo?: DigestAlgorithm; os_hash_value?: string}
  }
  if (url === undefined) return undefined
  const {os_hash_algo: algorithm, os_hash_value: value} = validation ?? {}
  return algorithm === undefined || value === undefined ? {url} : {url, expected: {algorithm, value}}
}
