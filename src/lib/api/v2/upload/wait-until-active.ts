/** Polls an image whose data the service fetches, until it is active or that has failed. */
import {Failure, type FailureKind} from '../../../model/errors.js'
import {type PollOptions, poll} from '../../upload/poll.js'
import {type JsonDocument, requireMapping, textFrom} from '../documents.js'
import {imagePath} from '../paths.js'
import type {ServiceClient} from '../service-client.js'
import {readTasks} from '../service-info.js'

/** Requests without a change of status after which the tasks of the image are read. */
const CHECKS_BEFORE_TASKS = 3

/** Texts and limits of the wait. */
export interface WaitOptions extends Pick<PollOptions, 'wait' | 'limit'> {
  /** First line of a failure: `cannot import http://...`. */
  readonly what: string
  readonly advice: string | undefined
  readonly onStep?: ((text: string) => void) | undefined
  /** Requests after which an image that is still queued counts as abandoned. Default: no limit. */
  readonly maxChecks?: number
}

/**
 * Waits until the image is active, also while the service is unavailable for some minutes.
 *
 * A failed import leaves it `queued`, with the stores that failed in `os_glance_failed_import`; the reason is in its
 * tasks (2.12), where the server has them.
 * @throws Failure of kind `failed` with that reason, or after `maxChecks` requests; with the code `in-progress` when the
 * wait ends before the service has finished
 */
export async function waitUntilActive(
  client: ServiceClient,
  id: string,
  options: WaitOptions,
): Promise<void> {
  const {wait, limit} = options
  const check = createCheck(client, id, options)
  try {
    const isActive = await poll(check, {wait, signal: client.signal, limit})
    if (isActive) return
  } catch (error) {
    if (!(error instanceof Failure) || FINAL_KINDS.includes(error.kind)) throw error
    throw toInProgress(error, id)
  }
  const why = `it has not finished within ${limit} seconds`
  throw toInProgress(new Failure('unavailable', options.what, {why}), id)
}

/** The failure of a wait or request, for an image that the service may still import: it is not deleted. */
export function toInProgress(error: Failure, id: string): Failure {
  return error.with({advice: `${KEPT_ADVICE} glance show ${id}`, code: 'in-progress'})
}

const KEPT_ADVICE = 'The service may still fetch the data, so the image is kept. Look at it later with:'

/** Kinds of failures that tell the end of the transfer. */
const FINAL_KINDS: readonly FailureKind[] = ['failed', 'not-found']

/** @returns a function that reads the image, and returns true if it is active */
function createCheck(
  client: ServiceClient,
  id: string,
  {what, advice, onStep, maxChecks = Number.POSITIVE_INFINITY}: WaitOptions,
): () => Promise<true | undefined> {
  let lastStatus = 'queued'
  let checks = 0
  return async () => {
    const image = requireMapping(await client.json('GET', imagePath(id), {what}), 'id')
    checks += 1
    const status = textFrom(image['status']) ?? 'unknown'
    if (status === 'active') return true
    if (status !== lastStatus && status !== 'uploading') onStep?.(`image ${id} is ${status}`)
    lastStatus = status
    const why = await findFailureReason(client, id, image, checks)
    if (why !== undefined) throw new Failure('failed', what, {why, advice})
    if (status === 'queued' && checks >= maxChecks)
      throw new Failure('failed', what, {why: 'the service accepted it, and then did nothing', advice})
    return undefined
  }
}

async function findFailureReason(
  client: ServiceClient,
  id: string,
  image: JsonDocument,
  check: number,
): Promise<string | undefined> {
  const status = textFrom(image['status']) ?? ''
  if (/^(killed|deleted|pending_delete)$/.test(status)) return `the image is ${status}`
  const failed = textFrom(image['os_glance_failed_import'])
  if (failed) return (await findTaskError(client, id)) ?? `the import into the store ${failed} failed`
  const isIdle = status === 'queued' || status === 'uploading'
  return isIdle && check >= CHECKS_BEFORE_TASKS ? findTaskError(client, id) : undefined
}

/** The message of the last task of the image, if it failed. */
async function findTaskError(client: ServiceClient, id: string): Promise<string | undefined> {
  const last = (await readTasks(client, id))?.at(-1)
  if (last?.status !== 'failure') return undefined
  return last.message ?? 'its task failed without a reason'
}
