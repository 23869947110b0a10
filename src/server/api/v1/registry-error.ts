/** Errors of the original's registry service, whose response was text in the response to the client. */
import {renderText} from '../../http/error-body.js'
import {HttpError, type HttpErrorText} from '../../http/http-error.js'

/**
 * The response of the original API to an error of its registry service (wire/v1.md#d46, #m7).
 * @param text of the registry service
 * @param options `status` of the response, `before`: text of the API before the registry's (wire/v1.md#f18, #f42),
 *   `was`: status of the registry if it differs
 */
export function registryError(
  text: HttpErrorText,
  {status = 400, before = '', was: registryStatus}: {status?: number; before?: string; was?: number} = {},
): HttpError {
  return new HttpError(status, {
    explanation: before + renderText(new HttpError(registryStatus ?? status, text)),
  })
}
