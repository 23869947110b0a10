/** Takes back the record of an image whose data did not get there. */
import {setTimeout} from 'node:timers/promises'
import {Failure} from '../../model/errors.js'

/** Milliseconds for taking back, also when the user has interrupted the rest. */
const ROLLBACK_TIMEOUT = 10_000

/** Milliseconds after which the record of a request that was cut off is there, if it will ever be. */
const RECHECK_DELAY = 250

/** What became of a record: it was deleted, or there was none, or nobody could delete it. */
export type RollbackResult = 'deleted' | 'none' | 'left'

/**
 * Deletes the record that we made, because of an error.
 * @param deleteRecord deletes it; whatever it throws means that the record is still there
 * @param timeout milliseconds
 * @returns that error, which now also says what became of the record
 */
export async function rollBack(
  id: string,
  error: unknown,
  deleteRecord: (signal: AbortSignal) => Promise<RollbackResult>,
  timeout = ROLLBACK_TIMEOUT,
): Promise<unknown> {
  const result = await deleteRecord(AbortSignal.timeout(timeout)).catch((): RollbackResult => 'left')
  const text = RESULT_TEXTS[result](id)
  return error instanceof Failure && text !== '' ? error.withAdvice(text) : error
}

/** Removes a record; where there is none it looks again, for it may come up a moment after the request for it was cut off. */
export async function deleteEventually(
  signal: AbortSignal,
  deleteRecord: () => Promise<RollbackResult>,
): Promise<RollbackResult> {
  const result = await deleteRecord()
  if (result !== 'none') return result
  await setTimeout(RECHECK_DELAY, undefined, {signal})
  return deleteRecord()
}

/** The error, which now also says that the record was left where it is. */
export function keepRecord(id: string, error: unknown): unknown {
  const text = `The image made for it is kept. Delete it with: glance delete ${id}`
  return error instanceof Failure ? error.withAdvice(text) : error
}

/** The error, which now also says that an image which was there before has data that nobody can vouch for. */
export function reportWrongData(id: string, error: Failure): Failure {
  return error.withAdvice(
    `Image ${id} is active all the same, with what has arrived. Delete it with: glance delete ${id}`,
  )
}

const RESULT_TEXTS: Readonly<Record<RollbackResult, (id: string) => string>> = {
  deleted: id => `The image made for it, ${id}, was deleted again.`,
  none: () => '',
  left: id => `The image made for it is left behind. Delete it with: glance delete ${id}`,
}
