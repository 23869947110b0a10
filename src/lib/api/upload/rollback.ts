/** Deletes the record of an image whose upload failed, or reports its state. */
import {isConnectError} from '../../http/errors/transport-errors.js'
import {sleep} from '../../http/retry/sleep.js'
import {Failure} from '../../model/errors.js'
import type {RollbackResult, UploadSteps} from './steps.js'
import {waitUntilSettled} from './wait-until-settled.js'

/** Milliseconds for the requests after a failure, also when the user has interrupted the upload. */
const ROLLBACK_TIMEOUT = 10_000

/** Milliseconds after which the record of a request that was cut off exists, if it ever will. */
const RECHECK_DELAY = 250

/**
 * Deletes the record that an upload created.
 * @param timeout milliseconds
 * @returns the error, with advice on the record
 */
export async function rollBack(
  steps: Pick<UploadSteps, 'rollBack'>,
  id: string,
  error: unknown,
  timeout = ROLLBACK_TIMEOUT,
): Promise<unknown> {
  const deleting = steps.rollBack?.(id, AbortSignal.timeout(timeout))
  const result = (await deleting?.catch(() => undefined)) ?? 'left'
  if (!(error instanceof Failure)) return error
  const text = RESULT_TEXTS[result](id)
  if (text !== undefined) return error.withAdvice(text)
  return error.status === undefined ? error.withAdvice(lateText(id)) : error
}

/**
 * Deletes a record; if there is none, tries again: it may appear a moment after the request for it was cut off.
 * @param deleteRecord sends the requests once
 */
export async function deleteEventually(
  signal: AbortSignal,
  deleteRecord: () => Promise<RollbackResult>,
): Promise<RollbackResult> {
  const result = await deleteRecord()
  if (result !== 'none') return result
  await sleep(RECHECK_DELAY, signal)
  return deleteRecord()
}

/** @returns the error, with the advice that the record is kept */
export function keepRecord(id: string, error: unknown): unknown {
  const text = `Its image record is kept. Delete it with: glance delete ${id}`
  return error instanceof Failure ? error.withAdvice(text) : error
}

/** @returns the error, with the advice that a record of unknown id may exist (2011.3) */
export function adviseUnknownRecord(error: unknown): unknown {
  const text =
    'This server numbers its images and does not report the number of a failed one: its record may remain.'
  return error instanceof Failure ? error.withAdvice(text) : error
}

/** @returns the error, with advice on the state of an image that existed before */
export async function explainOutcome(
  steps: Pick<UploadSteps, 'look'>,
  id: string,
  error: unknown,
): Promise<unknown> {
  if (!(error instanceof Failure)) return error
  const signal = AbortSignal.timeout(ROLLBACK_TIMEOUT)
  const image = await waitUntilSettled(() => steps.look(id, {signal}), {
    wait: seconds => sleep(seconds * 1000, signal),
    signal,
    maxOutage: 0,
  }).catch(() => undefined)
  const explain = OUTCOME_TEXTS[image?.status ?? '']
  return explain ? error.withAdvice(explain(id)) : error
}

/**
 * True if a failed request may have created a record: there was no response, or one of success that cannot be read. A
 * conflict may come from a repetition of the request.
 */
export function mayHaveCreated(error: unknown): boolean {
  if (!(error instanceof Failure)) return true
  const {status, cause} = error
  return status === undefined ? !isConnectError(cause) : status < 300 || status >= 500 || status === 409
}

/**
 * True if a failed request may have changed an image that existed before. A rejected caller, or a rejected second
 * upload, changes nothing.
 */
export function mayHaveChangedImage(error: unknown): boolean {
  if (!(error instanceof Failure)) return true
  const {status, cause} = error
  return status === undefined ? !isConnectError(cause) : ![401, 403, 404, 409].includes(status)
}

const RESULT_TEXTS: Readonly<Record<RollbackResult, (id: string) => string | undefined>> = {
  deleted: id => `Its image record, ${id}, was deleted.`,
  none: () => undefined,
  left: id => `Its image record may remain. If it does, delete it with: glance delete ${id}`,
}

/** For a request without a response: a proxy that has all of it may still pass it on. */
function lateText(id: string): string {
  return `No image record ${id} was found, but it may still appear. If it does, delete it with: glance delete ${id}`
}

/** By the status of the image. */
const OUTCOME_TEXTS: Readonly<Record<string, (id: string) => string>> = {
  active: id => `Image ${id} is active, with the data that arrived. Delete it with: glance delete ${id}`,
  killed: id => `Image ${id} is now "killed" and cannot take data. Delete it with: glance delete ${id}`,
}
