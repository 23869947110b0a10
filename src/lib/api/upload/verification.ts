/** Compares the data that the service has stored with the data that was sent and announced. */
import type {Digests} from '../../data/digest.js'
import {explainMissingComparison, reportedDigests} from '../../data/hash-algorithm.js'
import type {Draft} from '../../model/draft.js'
import {Failure} from '../../model/errors.js'
import type {Image} from '../../model/image.js'
import type {ImageData} from '../image-api.js'
import {announcedDigests, compareDigests, toLabel} from './announced-digests.js'
import {Meter, type SentData} from './meter.js'

/** Properties of the stored data; unknown ones are not compared. */
export interface Expectation {
  /** Bytes, as announced by the user or the source. */
  readonly size?: number | undefined
  /** Digests announced by the user, in lower-case hexadecimal. */
  readonly digests?: Digests | undefined
  readonly sent?: SentData | undefined
  /** Reads and hashes the data again, with these algorithms; absent for data that can be read only once. */
  readonly rehash?: ((algorithms: readonly string[]) => Promise<SentData | undefined>) | undefined
  /** Disk format of data that the service fetches. If the service converts it, nothing can be compared. */
  readonly format?: string | null | undefined
}

/** The properties of the data that the draft announces. */
export function expectationFrom(draft: Draft): Expectation {
  return {size: draft.size, digests: announcedDigests(draft)}
}

/** @throws Failure of kind `unverified` if the length of the data is known, and differs from that in the draft */
export function assertLength(data: ImageData, {size}: Draft): void {
  if (size === undefined || data.size === undefined || size === data.size) return
  throw new Failure('unverified', 'the image data does not match the announced size', {
    why: `it has ${data.size} bytes, and size=${size} was given`,
  })
}

/** A function that reads and hashes the data again. @param signal ends the reading; its reason is thrown */
export function makeRehash(data: ImageData, signal?: AbortSignal): Expectation['rehash'] {
  if (!data.repeatable) return undefined
  return async algorithms => {
    const meter = new Meter(algorithms, data.size)
    for await (const _ of meter.measure(data.open())) signal?.throwIfAborted()
    return meter.finish()
  }
}

/**
 * Adds a digest that the service reports: if none of those was computed while the data was sent, the data is read
 * again.
 * @returns the expectation, with that digest if there is one
 * @throws Failure of kind `unverified` if the data has changed since it was sent
 */
export async function addComparableDigest(image: Image, expectation: Expectation): Promise<Expectation> {
  const {sent, rehash} = expectation
  if (sent === undefined || rehash === undefined) return expectation
  const reported = reportedDigests(image).map(({algorithm}) => algorithm)
  const algorithm = reported.at(-1)
  if (algorithm === undefined || reported.some(name => name in sent.digests)) return expectation
  const sentDigests = Object.entries(sent.digests)
  const rehashed = await rehash([algorithm, ...sentDigests.map(([name]) => name)])
  if (sentDigests.every(([name, digest]) => rehashed?.digests[name] === digest))
    return {...expectation, sent: rehashed}
  throw verificationError(
    `cannot verify the data of image ${image.id}`,
    'the file was changed while it was sent',
  )
}

/**
 * @returns a warning if what was sent or announced could not be compared; undefined if it was
 * @throws Failure of kind `unverified` if the service has stored something else
 */
export function assertStored(image: Image, expectation: Expectation): string | undefined {
  const {format, sent} = expectation
  if (format && image.diskFormat && image.diskFormat !== format)
    return `the service has converted the data to ${image.diskFormat}, so it cannot be verified`
  const announced = compareWithAnnounced(image, expectation)
  if (announced !== undefined)
    throw verificationError(
      `the data of image ${image.id} does not match the announced size or checksum`,
      announced,
    )
  const difference = sent && compareWithSent(image, sent)
  if (difference !== undefined)
    throw verificationError(`the data of image ${image.id} does not match the data that was sent`, difference)
  return sent
    ? explainMissingComparison(image, Object.keys(sent.digests))
    : explainUncompared(image, expectation)
}

function verificationError(what: string, why: string): Failure {
  return new Failure('unverified', what, {why})
}

function compareWithAnnounced(image: Image, {size, digests = {}, sent}: Expectation): string | undefined {
  const {size: stored} = image
  if (size !== undefined && sent !== undefined && sent.size !== size)
    return `it has ${sent.size} bytes, expected ${size}`
  if (size !== undefined && stored !== null && stored !== size)
    return `the service stored ${stored} bytes, expected ${size}`
  for (const [algorithm, expected] of Object.entries(digests)) {
    const reported = findReported(image, algorithm)
    if (sent?.digests[algorithm] === undefined && reported !== undefined && reported !== expected)
      return `the service computed the ${toLabel(algorithm)} ${reported}, expected ${expected}`
  }
  return compareDigests(sent?.digests ?? {}, digests)
}

function findReported(image: Image, algorithm: string): string | undefined {
  return reportedDigests(image).find(reported => reported.algorithm === algorithm)?.digest
}

/** A warning that announced digests could not be compared with anything; undefined if they were. */
function explainUncompared(image: Image, {digests = {}, sent}: Expectation): string | undefined {
  const missing = Object.keys(digests).filter(
    name => sent?.digests[name] === undefined && findReported(image, name) === undefined,
  )
  const names = missing.map(toLabel).join(' and ')
  return missing.length === 0
    ? undefined
    : `${names} could not be compared: the service does not report it, and the data was not sent from here`
}

function compareWithSent(image: Image, {size, digests}: SentData): string | undefined {
  if (image.size !== null && image.size !== size)
    return `the service stored ${image.size} bytes, expected ${size}`
  for (const {name, algorithm, digest} of reportedDigests(image)) {
    const computed = digests[algorithm]
    const what = name === 'md5' ? 'checksum' : name
    if (computed !== undefined && computed !== digest)
      return `the service computed the ${what} ${digest}, expected ${computed}`
  }
  return undefined
}
