/** Errors inside errors: the answer of the original's registry service, as text in the answer to the client. */
import {asText} from '../../http/error-page.js'
import {HttpError, type HttpErrorText} from '../../http/fault.js'

/**
 * The answer of the original API to what its registry had refused (v1-wire D46, M7).
 * @param before text that the API put in front of the registry's (F18, F42)
 * @param was status of the registry, where the API answered another
 */
export function fromRegistry(
  text: HttpErrorText,
  {status = 400, before = '', was}: {status?: number; before?: string; was?: number} = {},
): HttpError {
  return new HttpError(status, {explanation: before + asText(new HttpError(was ?? status, text))})
}
