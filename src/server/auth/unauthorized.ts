/** The response to requests without a valid token. */
import {HttpError} from '../http/http-error.js'

/** Message of the real service for a missing token (wire/glance-25.md#no-token). */
const UNAUTHORIZED =
  'This server could not verify that you are authorized to access the document you requested. Either you supplied the ' +
  'wrong credentials (e.g., bad password), or your browser does not understand how to supply the credentials required.'

/** The error 401. @param challenge value of `WWW-Authenticate` */
export function unauthorized(challenge: string): HttpError {
  return new HttpError(401, {explanation: UNAUTHORIZED}, {'www-authenticate': challenge})
}
