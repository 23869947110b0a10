/** Errors inside errors: the answer of the original's registry service, as text in the answer to the client. */
import {renderText} from '../../http/error-body.js'
import {HttpError, type HttpErrorText} from '../../http/http-error.js'

/**
 * The answer of the original API to what its registry had refused (wire/v1.md#d46, #m7).
 * @param before text that the API put in front of the registry's (wire/v1.md#f18, #f42)
 * @param was status of the registry, where the API answered another
 */
export function registryError(
  text: HttpErrorText,
  {status = 400, before = '', was: registryStatus}: {status?: number; before?: string; was?: number} = {},
): HttpError {
  return new HttpError(status, {
    explanation: before + renderText(new HttpError(registryStatus ?? status, text)),
  })
}
