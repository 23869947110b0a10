/** Faults inside faults: what the registry service of old answered stands as text in the answer to the client. */
import {asText} from '../../http/error-page.js'
import {HttpError, type HttpErrorText} from '../../http/fault.js'

/**
 * The fault as the API of old passed on what its registry had refused (v1-wire D46, M7).
 * @param before what the API put in front of the registry's words (F18, F42)
 * @param was what the registry had answered, where the API answered something else
 */
export function fromRegistry(
  words: HttpErrorText,
  {status = 400, before = '', was}: {status?: number; before?: string; was?: number} = {},
): HttpError {
  return new HttpError(status, {explanation: before + asText(new HttpError(was ?? status, words))})
}
