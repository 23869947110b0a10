/** Takes back the record of an image whose data did not get there. */
import {setTimeout} from 'node:timers/promises'
import {Failure} from '../model/errors.js'

/** Milliseconds for taking back, also when the user has interrupted the rest. */
const PATIENCE = 10_000

/** Milliseconds after which the record of a request that was cut off is there, if it will ever be. */
const SOON = 250

/** What became of a record: it was deleted, or there was none, or nobody could delete it. */
export type TakenBack = 'deleted' | 'none' | 'left'

/**
 * Deletes the record that we made, because of an error.
 * @param takeBack deletes it; whatever it throws means that the record is still there
 * @param patience milliseconds
 * @returns that error, which now also says what became of the record
 */
export async function undone(
  id: string,
  error: unknown,
  takeBack: (signal: AbortSignal) => Promise<TakenBack>,
  patience = PATIENCE,
): Promise<unknown> {
  const outcome = await takeBack(AbortSignal.timeout(patience)).catch((): TakenBack => 'left')
  const text = OUTCOMES[outcome](id)
  return error instanceof Failure && text !== '' ? error.advised(text) : error
}

/** Removes a record; where there is none it looks again, for it may come up a moment after the request for it was cut off. */
export async function removedInTheEnd(
  signal: AbortSignal,
  remove: () => Promise<TakenBack>,
): Promise<TakenBack> {
  const outcome = await remove()
  if (outcome !== 'none') return outcome
  await setTimeout(SOON, undefined, {signal})
  return remove()
}

/** The error, which now also says that the record was left where it is. */
export function kept(id: string, error: unknown): unknown {
  const text = `The image made for it is kept. Delete it with: glance delete ${id}`
  return error instanceof Failure ? error.advised(text) : error
}

/** The error, which now also says that an image which was there before has data that nobody can vouch for. */
export function filledWrongly(id: string, error: Failure): Failure {
  return error.advised(
    `Image ${id} is active all the same, with what has arrived. Delete it with: glance delete ${id}`,
  )
}

const OUTCOMES: Readonly<Record<TakenBack, (id: string) => string>> = {
  deleted: id => `The image made for it, ${id}, was deleted again.`,
  none: () => '',
  left: id => `The image made for it is left behind. Delete it with: glance delete ${id}`,
}
