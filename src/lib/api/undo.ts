/** Takes back the record of an image whose data did not get there. */
import {Failure} from '../model/errors.js'

/** Milliseconds for taking back, also when the user has interrupted the rest. */
const PATIENCE = 10_000

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
  return error instanceof Failure ? withOutcome(error, OUTCOMES[outcome](id)) : error
}

/** The error, which now also says that the record was left where it is. */
export function kept(id: string, error: unknown): unknown {
  const text = `The image made for it is kept. Delete it with: glance delete ${id}`
  return error instanceof Failure ? withOutcome(error, text) : error
}

function withOutcome(error: Failure, outcome: string): Failure {
  return error.with({advice: [error.advice, outcome].filter(Boolean).join(' ')})
}

const OUTCOMES: Readonly<Record<TakenBack, (id: string) => string>> = {
  deleted: id => `The image made for it, ${id}, was deleted again.`,
  none: () => '',
  left: id => `The image made for it is left behind. Delete it with: glance delete ${id}`,
}
