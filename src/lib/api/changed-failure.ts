/** A failure of which more is known than where it came up. */
import {Failure, type FailureDetails, type FailureKind} from '../model/errors.js'

/** The same failure with some parts changed. */
export function changedFailure(failure: Failure, changes: FailureDetails & {kind?: FailureKind}): Failure {
  const {kind, message, why, advice, requestId, status, cause, code} = failure
  return new Failure(changes.kind ?? kind, message, {
    why,
    advice,
    requestId,
    status,
    cause,
    code,
    ...changes,
  })
}

/** The same failure with more advice. */
export function advised(failure: Failure, advice: string): Failure {
  return changedFailure(failure, {advice: [failure.advice, advice].filter(Boolean).join(' ')})
}
