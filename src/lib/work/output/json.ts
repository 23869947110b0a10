/** Formats results and failures as JSON, one object per line. */

import type {Failure} from '../../model/errors.js'
import type {JsonObject} from '../../model/json-object.js'
import {toUtcTime} from '../../model/utc-time.js'
import {UNSAFE_CHARACTERS} from './text.js'

/** Text without them, as nearly all is, has nothing to escape. */
const NOT_PLAIN = /[^ -~]/

/** The object as one line; characters that a terminal would obey or not show are escaped. */
export function jsonLine(record: unknown, characters = UNSAFE_CHARACTERS): string {
  const text = JSON.stringify(record)
  if (!NOT_PLAIN.test(text)) return text
  return text.replace(characters, char =>
    char
      .split('')
      .map(unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  )
}

/** A failure as a record: texts for people, and codes for scripts. */
export function failureRecord(failure: Failure): JsonObject {
  const {message, kind, exitCode, why, advice, requestId} = failure
  const candidates = failure.candidates?.map(({id, name, status, owner, createdAt}) => {
    return {id, name, status, owner, created_at: createdAt && toUtcTime(createdAt)}
  })
  return {error: message, kind, exit_code: exitCode, why, advice, candidates, request_id: requestId}
}
